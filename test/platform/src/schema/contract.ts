import { apiSchemaOf } from '@7pay/gateway';
import {
  type DefinitionNode,
  type DocumentNode,
  Kind,
  parse,
  print,
  printSchema,
  visit,
} from 'graphql';

/** Who a part of the graph is made for, besides everybody. */
export type Tag = 'merchant' | 'internal';

/** The API schemas of the graph by reader, and the tags that each is not shown. */
export const CONTRACTS: Readonly<Record<string, readonly Tag[]>> = {
  public: ['merchant', 'internal'],
  merchant: ['internal'],
  internal: [],
};

/**
 * The API schema without the fields that have one of the tags, and without the types that nothing leads to any more.
 * It tells a reader what is meant for them; what they may do is decided by the subgraphs.
 * @throws Error when a type would have no fields left
 */
export function contractOf(supergraph: string, without: readonly Tag[]): string {
  const hidden = taggedFields(supergraph, new Set<string>(without));
  const api = parse(printSchema(apiSchemaOf(supergraph)), { noLocation: true });
  const definitions = api.definitions.flatMap((definition) => {
    if (!('fields' in definition) || !definition.fields || !('name' in definition)) {
      return [definition];
    }
    const type = definition.name?.value ?? '';
    const fields = definition.fields.filter(({ name }) => !hidden.has(`${type}.${name.value}`));
    if (fields.length > 0) return [{ ...definition, fields } as DefinitionNode];
    if (type === 'Mutation' || type === 'Subscription') return [];
    throw new Error(`${type} would have no fields without ${without.join(', ')}`);
  });
  return `${print(onlyReachable({ kind: Kind.DOCUMENT, definitions }))}\n`;
}

/** The fields that carry one of the tags, as `Type.field`. */
function taggedFields(supergraph: string, tags: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const definition of parse(supergraph, { noLocation: true }).definitions) {
    if (!('fields' in definition) || !('name' in definition)) continue;
    for (const { name, directives = [] } of definition.fields ?? []) {
      for (const directive of directives) {
        if (directive.name.value !== 'tag') continue;
        const value = directive.arguments?.find((each) => each.name.value === 'name')?.value;
        if (value?.kind !== Kind.STRING || !tags.has(value.value)) continue;
        found.add(`${definition.name?.value ?? ''}.${name.value}`);
      }
    }
  }
  return found;
}

function onlyReachable({ kind, definitions }: DocumentNode): DocumentNode {
  const reached = new Set<string>();
  const reach = (name: string): void => {
    if (reached.has(name)) return;
    reached.add(name);
    for (const definition of definitions) {
      if (nameOf(definition) === name) {
        visit(definition, { NamedType: (type) => reach(type.name.value) });
      } else if (implementsIt(definition, name)) {
        reach(nameOf(definition));
      }
    }
  };
  for (const root of ['Query', 'Mutation', 'Subscription']) reach(root);
  const kept = definitions.filter(
    (definition) =>
      definition.kind === Kind.DIRECTIVE_DEFINITION || reached.has(nameOf(definition)),
  );
  return { kind, definitions: kept };
}

const nameOf = (definition: DefinitionNode): string =>
  'name' in definition ? (definition.name?.value ?? '') : '';

// Whoever is handed an interface may be handed anything that implements it.
const implementsIt = (definition: DefinitionNode, name: string): boolean =>
  definition.kind === Kind.OBJECT_TYPE_DEFINITION &&
  (definition.interfaces ?? []).some((each) => each.name.value === name);
