import { apiSchemaOf, GATEWAY_LIMITS } from '@7pay/gateway';
import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  isCompositeType,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
  Kind,
  type OperationDefinitionNode,
  parse,
} from 'graphql';
import { costOf } from '../gateway/src/guards/cost.ts';
import { readCostTable } from '../gateway/src/guards/cost-table.ts';
import { documentGuard } from '../gateway/src/guards/document-limits.ts';

type Field = GraphQLField<unknown, unknown>;
/** A query that may be sent, and how much it costs of what it may. */
export interface LegalQuery {
  readonly what: string;
  readonly query: string;
  readonly cost: number;
}

/** Longer pages no subgraph of ours gives. */
const LONGEST_PAGE = 100;

/**
 * Queries as large as they may be, made from the supergraph: each field of the root as deep as the limits allow, with pages
 * as long as the cost allows; all of them at once; and the heaviest many times over under other names.
 */
export function worstQueries(supergraph: string): readonly LegalQuery[] {
  const schema = apiSchemaOf(supergraph);
  const cost = costIn(schema, supergraph);
  const guard = documentGuard(GATEWAY_LIMITS);
  const isLegal = (query: string): boolean => {
    try {
      parse(query, { maxTokens: GATEWAY_LIMITS.tokens });
    } catch {
      return false; // too many tokens
    }
    return guard(query).fault === undefined && cost(query) <= GATEWAY_LIMITS.cost;
  };
  const roots = Object.values(schema.getQueryType()?.getFields() ?? {});
  const legal = (what: string, write: (depth: number, page: number) => string): LegalQuery[] => {
    for (let depth = GATEWAY_LIMITS.depth; depth > 0; depth -= 1) {
      if (!isLegal(write(depth, 1))) continue;
      let page = 1;
      while (page < LONGEST_PAGE && isLegal(write(depth, page + 1))) page += 1;
      const query = write(depth, page);
      return [{ what: `${what}, ${depth} levels, pages of ${page}`, query, cost: cost(query) }];
    }
    return [];
  };
  const alone = roots.flatMap((root) =>
    legal(root.name, (depth, page) => `{ ${fieldText(schema, root, depth, page)} }`),
  );
  const heaviest = roots.find(({ name }) => name === 'wallet') ?? roots[0];
  const many = [4, GATEWAY_LIMITS.rootFields].flatMap((count) =>
    legal(`${heaviest?.name} ${count} times`, (depth, page) => {
      const one = heaviest ? fieldText(schema, heaviest, depth, page) : '';
      return `{ ${Array.from({ length: count }, (_, n) => `a${n}: ${one}`).join(' ')} }`;
    }),
  );
  const all = legal('all at once', (depth, page) => {
    const some = roots.slice(0, GATEWAY_LIMITS.rootFields);
    return `{ ${some.map((root) => fieldText(schema, root, depth, page)).join(' ')} }`;
  });
  return [...alone, ...many, ...all];
}

function costIn(schema: GraphQLSchema, supergraph: string): (query: string) => number {
  const table = readCostTable(supergraph);
  return (query) => {
    const document = parse(query);
    const operation = document.definitions.find(
      (each): each is OperationDefinitionNode => each.kind === Kind.OPERATION_DEFINITION,
    );
    return operation ? costOf({ document, operation }, { schema, table }) : Infinity;
  };
}

/** A field with everything below it, so many levels deep. */
function fieldText(schema: GraphQLSchema, field: Field, depth: number, page: number): string {
  const given = field.args.flatMap((argument) => {
    if (argument.name === 'first') return [`first: ${page}`];
    return isRequiredArgument(argument) ? [`${argument.name}: ${literal(argument.type)}`] : [];
  });
  const head = given.length === 0 ? field.name : `${field.name}(${given.join(', ')})`;
  const type = getNamedType(field.type);
  if (!isCompositeType(type)) return head;
  const objects = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
  const parts = objects.map((object) => {
    const inner = Object.values(object.getFields()).filter(
      (each) => depth > 2 || !isCompositeType(getNamedType(each.type)),
    );
    const text = inner.map((each) => fieldText(schema, each, depth - 1, page)).join(' ');
    return isAbstractType(type) ? `... on ${object.name} { __typename ${text} }` : text;
  });
  return `${head} { __typename ${parts.join(' ')} }`;
}

function literal(type: GraphQLInputType): string {
  if (isNonNullType(type)) return literal(type.ofType);
  if (isListType(type)) return `[${literal(type.ofType)}]`;
  if (isEnumType(type)) return type.getValues()[0]?.name ?? '';
  if (isInputObjectType(type)) {
    const required = Object.values(type.getFields()).filter(isRequiredInputField);
    return `{ ${required.map(({ name, type: inner }) => `${name}: ${literal(inner)}`).join(', ')} }`;
  }
  if (['Int', 'Float', 'Yen', 'Points'].includes(type.name)) return '1';
  return type.name === 'Boolean' ? 'true' : '"x"';
}
