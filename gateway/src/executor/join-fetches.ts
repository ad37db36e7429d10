import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  print,
  stripIgnoredCharacters,
  type VariableDefinitionNode,
} from 'graphql';
import type { PreparedCall, PreparedFetch } from './steps.ts';

/** Begins the names that a joint call gives to its parts. */
const PREFIX = 'own__';

/** The name of a part in a joint call: of its field in the answer, and of the variable with its representations. */
export const partName = (index: number): string => `${PREFIX}${index}`;

/** The parts of one fetch of entities. */
interface Read {
  readonly field: FieldNode;
  readonly operation: OperationDefinitionNode;
  readonly fragments: readonly FragmentDefinitionNode[];
}

/**
 * Makes one call of several fetches of entities from one subgraph, each under a name of its own. Nothing if they cannot be put
 * into one document without changing what any of them asks.
 */
export function joinFetches(fetches: readonly PreparedFetch[]): PreparedCall | undefined {
  const [first] = fetches;
  const read: readonly (Read | undefined)[] = fetches.map(readFetch);
  if (!first || !isEach(read)) return undefined;
  const variables = new Map<string, VariableDefinitionNode>();
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const { operation, fragments: own } of read) {
    for (const definition of operation.variableDefinitions ?? []) {
      const name = definition.variable.name.value;
      if (name === REPRESENTATIONS) continue;
      if (name.startsWith(PREFIX) || !isSame(variables.get(name), definition)) return undefined;
      variables.set(name, definition);
    }
    for (const fragment of own) {
      if (!isSame(fragments.get(fragment.name.value), fragment)) return undefined;
      fragments.set(fragment.name.value, fragment);
    }
  }
  const lists = fetches.map((_, index) => partName(index));
  const operation: OperationDefinitionNode = {
    kind: Kind.OPERATION_DEFINITION,
    operation: OperationTypeNode.QUERY,
    ...(first.operationName === undefined ? {} : { name: nameOf(first.operationName) }),
    variableDefinitions: [...lists.map(listDefinition), ...variables.values()],
    selectionSet: {
      kind: Kind.SELECTION_SET,
      selections: read.map(({ field }, index) => partOf(field, partName(index))),
    },
  };
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [operation, ...fragments.values()],
  };
  const query = stripIgnoredCharacters(print(document));
  const { subgraph, operationName, kind } = first;
  return {
    subgraph,
    query,
    operationName,
    kind,
    variables: [...variables.keys()],
    bodyHead: bodyHead(query, operationName),
    lists,
  };
}

const REPRESENTATIONS = 'representations';
const nameOf = (value: string) => ({ kind: Kind.NAME, value }) as const;
const isEach = (read: readonly (Read | undefined)[]): read is readonly Read[] =>
  read.every((each) => each !== undefined);
const isSame = (
  known: VariableDefinitionNode | FragmentDefinitionNode | undefined,
  other: VariableDefinitionNode | FragmentDefinitionNode,
): boolean => known === undefined || print(known) === print(other);

/** The body of a call up to its variables, as JSON text. */
export const bodyHead = (query: string, operationName: string | undefined): string => {
  const name =
    operationName === undefined ? '' : `,"operationName":${JSON.stringify(operationName)}`;
  return `{"query":${JSON.stringify(query)}${name},"variables":`;
};

/** Reads a fetch as the planner writes them: one operation with one field, `_entities`. Nothing if it is another. */
function readFetch({ query, represent, kind }: PreparedFetch): Read | undefined {
  if (!represent || kind !== 'query') return undefined;
  const { definitions } = parse(query, { noLocation: true });
  const fragments = definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION);
  const [operation, ...others] = definitions.filter(
    (each) => each.kind === Kind.OPERATION_DEFINITION,
  );
  if (!operation || others.length > 0 || operation.directives?.length) return undefined;
  const [field, ...more] = operation.selectionSet.selections;
  if (field?.kind !== Kind.FIELD || more.length > 0 || field.alias) return undefined;
  return field.name.value === '_entities' ? { field, operation, fragments } : undefined;
}

const partOf = (field: FieldNode, name: string): FieldNode => ({
  ...field,
  alias: nameOf(name),
  arguments: [
    {
      kind: Kind.ARGUMENT,
      name: nameOf(REPRESENTATIONS),
      value: { kind: Kind.VARIABLE, name: nameOf(name) },
    },
  ],
});

const ANY = {
  kind: Kind.NON_NULL_TYPE,
  type: { kind: Kind.NAMED_TYPE, name: nameOf('_Any') },
} as const;
const listDefinition = (name: string): VariableDefinitionNode => ({
  kind: Kind.VARIABLE_DEFINITION,
  variable: { kind: Kind.VARIABLE, name: nameOf(name) },
  type: { kind: Kind.NON_NULL_TYPE, type: { kind: Kind.LIST_TYPE, type: ANY } },
});
