import type { SubgraphRequest } from '@7pay/graphql';
import {
  buildASTSchema,
  type ExecutionResult,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLNamedOutputType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';

type Json = Record<string, unknown>;
type Variables = Readonly<Record<string, unknown>>;

/** How long a list is of which nothing is said. */
const SOME = 3;

/**
 * Answers for any subgraph of a supergraph, made up from the types: right in form, the same each time, and lists as long as
 * their `first` asks for.
 */
export function madeUpAnswers(supergraph: string): (request: SubgraphRequest) => ExecutionResult {
  const schema = buildASTSchema(parse(supergraph, { noLocation: true }), { assumeValid: true });
  return ({ query, variables = {} }) => {
    const { definitions } = parse(query, { noLocation: true });
    const operation = definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION);
    const fragments = new Map(
      definitions.flatMap((each) =>
        each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [],
      ),
    );
    if (!operation) throw new Error('no operation');
    return { data: new MadeUp(schema, fragments, variables).root(operation) };
  };
}

class MadeUp {
  readonly #schema: GraphQLSchema;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #variables: Variables;

  constructor(
    schema: GraphQLSchema,
    fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    variables: Variables,
  ) {
    this.#schema = schema;
    this.#fragments = fragments;
    this.#variables = variables;
  }

  root({ operation, selectionSet }: OperationDefinitionNode): Json {
    const type = this.#schema.getRootType(operation);
    const data: Json = {};
    for (const [key, nodes] of this.#fields([selectionSet], type?.name ?? 'Query')) {
      const [node] = nodes;
      if (node?.name.value === '_entities') data[key] = this.#entities(nodes);
      else if (isObjectType(type)) data[key] = this.#field(nodes, type.name, SOME, key);
    }
    return data;
  }

  #entities(nodes: readonly FieldNode[]): unknown[] {
    const given = nodes[0]?.arguments?.find(({ name }) => name.value === 'representations')?.value;
    const name = given?.kind === Kind.VARIABLE ? given.name.value : '';
    const asked = (this.#variables[name] ?? []) as { __typename: string }[];
    return asked.map((representation, index) =>
      this.#object(nodes, representation.__typename, SOME, `${representation.__typename}${index}`),
    );
  }

  #object(nodes: readonly FieldNode[], type: string, length: number, place: string): Json {
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const object: Json = {};
    for (const [key, inner] of this.#fields(sets, type)) {
      object[key] = this.#field(inner, type, length, `${place}.${key}`);
    }
    return object;
  }

  #field(nodes: readonly FieldNode[], parent: string, length: number, place: string): unknown {
    const [node] = nodes;
    const type = this.#schema.getType(parent);
    if (!node || node.name.value === '__typename' || !isObjectType(type)) return parent;
    const field = type.getFields()[node.name.value];
    if (!field) throw new Error(`${parent} has no field ${node.name.value}`);
    const first = node.arguments?.find(({ name }) => name.value === 'first')?.value;
    const said = first && valueFromASTUntyped(first, this.#variables);
    const size = typeof said === 'number' ? said : length;
    return this.#value(field.type, nodes, size, place);
  }

  #value(
    type: GraphQLOutputType,
    nodes: readonly FieldNode[],
    length: number,
    place: string,
  ): unknown {
    if (isNonNullType(type)) return this.#value(type.ofType, nodes, length, place);
    if (isListType(type)) {
      return Array.from({ length }, (_, index) =>
        this.#value(type.ofType, nodes, SOME, `${place}.${index}`),
      );
    }
    const named = getNamedType(type);
    if (isLeafType(named)) return leaf(named, place);
    return this.#object(nodes, this.#concrete(named, nodes), length, place);
  }

  /** Of an abstract type the first member that the selection names, or else its first. */
  #concrete(type: GraphQLNamedOutputType, nodes: readonly FieldNode[]): string {
    if (!isAbstractType(type)) return type.name;
    const members = this.#schema.getPossibleTypes(type).map(({ name }) => name);
    const named = nodes
      .flatMap(({ selectionSet }) => selectionSet?.selections ?? [])
      .flatMap((each) =>
        each.kind === Kind.INLINE_FRAGMENT ? (each.typeCondition?.name.value ?? []) : [],
      );
    return named.find((name) => members.includes(name)) ?? members[0] ?? type.name;
  }

  #fields(sets: readonly SelectionSetNode[], type: string): Map<string, FieldNode[]> {
    const found = new Map<string, FieldNode[]>();
    const walk = (set: SelectionSetNode): void => {
      for (const selection of set.selections) {
        if (selection.kind === Kind.FIELD) {
          const key = (selection.alias ?? selection.name).value;
          found.set(key, [...(found.get(key) ?? []), selection]);
          continue;
        }
        const part =
          selection.kind === Kind.INLINE_FRAGMENT
            ? selection
            : this.#fragments.get(selection.name.value);
        if (part && this.#meets(type, part.typeCondition?.name.value)) walk(part.selectionSet);
      }
    };
    for (const set of sets) walk(set);
    return found;
  }

  #meets(actual: string, wanted: string | undefined): boolean {
    if (wanted === undefined || wanted === actual) return true;
    const type = this.#schema.getType(wanted);
    const object = this.#schema.getType(actual);
    return isAbstractType(type) && isObjectType(object) && this.#schema.isSubType(type, object);
  }
}

function leaf(type: GraphQLNamedOutputType, place: string): unknown {
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (['Int', 'Float', 'Yen', 'Points'].includes(type.name)) return place.length;
  return type.name === 'Boolean' ? true : `${type.name} ${place}`;
}
