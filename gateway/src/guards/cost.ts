import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
  isInterfaceType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import type { CostTable, ListSize } from './cost-table.ts';

/** What a mutation costs before its fields do: it takes locks and writes, and it is never given up half way. */
export const MUTATION_COST = 10;
/** How long a list is taken to be of which the schema says nothing. */
export const ASSUMED_LIST = 10;

type Variables = Readonly<Record<string, unknown>>;
/** A part of a cost: known from the document, or once the variables are. */
type Part = number | ((variables: Variables) => number);
interface Sized {
  readonly length: Part;
  readonly fields: readonly string[];
}

/** What an operation can cost at most with these variables. */
export type Cost = (given?: Variables) => number;

/** An operation and the fragments of its document. */
export interface Costed {
  readonly node: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** Where the costs of fields stand. */
export interface Priced {
  readonly schema: GraphQLSchema;
  readonly table: CostTable;
}

/** What an operation of a document can cost at most; see {@link compileCost}. */
export function costOf(
  { document, operation }: { document: DocumentNode; operation: OperationDefinitionNode },
  priced: Priced,
  given: Variables = {},
): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const each of document.definitions) {
    if (each.kind === Kind.FRAGMENT_DEFINITION) fragments.set(each.name.value, each);
  }
  return compileCost({ node: operation, fragments }, priced)(given);
}

/**
 * What an operation can cost at most, before it is planned (the static cost of the GraphQL cost directives): an object
 * costs 1, a leaf nothing, unless `@cost` says otherwise; a list costs its items, one that is given as argument too. Fragments count as often as they are
 * used and alternatives are added up. The document has to be valid, and of a limited number of fields. It is walked once:
 * afterwards only the lists are looked at whose length a variable says.
 */
export function compileCost({ node: operation, fragments }: Costed, priced: Priced): Cost {
  const { schema, table } = priced;

  const ofSelections = (set: SelectionSetNode, type: GraphQLCompositeType, sized?: Sized): Part =>
    sum(
      set.selections.map((selection) => {
        if (selection.kind === Kind.FIELD) return ofField(selection, type, sized);
        const fragment =
          selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
        const named = fragment?.typeCondition && schema.getType(fragment.typeCondition.name.value);
        const on = named && isCompositeType(named) ? named : type;
        return fragment ? ofSelections(fragment.selectionSet, on, sized) : 0;
      }),
    );

  const ofField = (node: FieldNode, parent: GraphQLCompositeType, above?: Sized): Part => {
    const field = fieldOf(parent, node.name.value);
    if (!field) return 0; // `__typename` and introspection
    const name = `${parent.name}.${field.name}`;
    const list = table.lists.get(name);
    const length = list ? lengthOf(node, field, list) : ASSUMED_LIST;
    const inner = getNamedType(field.type);
    const isList = isListType(isNonNullType(field.type) ? field.type.ofType : field.type);
    const sized =
      list && list.sizedFields.length > 0 ? { length, fields: list.sizedFields } : undefined;
    const own = table.weights.get(inner.name) ?? (isCompositeType(inner) ? 1 : 0);
    const inside =
      node.selectionSet && isCompositeType(inner)
        ? ofSelections(node.selectionSet, inner, sized)
        : 0;
    const times = isList ? (above?.fields.includes(field.name) ? above.length : length) : 1;
    const asked = sum([table.weights.get(name) ?? 0, ofArguments(node, name)]);
    return sum([asked, product(times, sum([own, inside]))]);
  };

  const ofArguments = (node: FieldNode, name: string): Part =>
    sum(
      (node.arguments ?? []).map(({ name: { value: argument }, value }) => {
        const weight = table.weights.get(`${name}(${argument})`) ?? 0;
        return weight === 0 ? 0 : product(weight, timesOf(value));
      }),
    );

  const root = schema.getRootType(operation.operation);
  const base = operation.operation === OperationTypeNode.MUTATION ? MUTATION_COST : 0;
  const cost = root ? sum([base, ofSelections(operation.selectionSet, root)]) : base;
  if (typeof cost === 'number') return () => cost;
  return (given = {}) => cost(withDefaults(operation, given));
}

/** How long a list is: what the largest of its slicing arguments says. */
function lengthOf(
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
  { slicingArguments, assumedSize = ASSUMED_LIST }: ListSize,
): Part {
  const sources = slicingArguments.map((name) => {
    const written = node.arguments?.find((argument) => argument.name.value === name)?.value;
    const unsaid = field.args.find((argument) => argument.name === name)?.defaultValue;
    if (!written) return unsaid;
    if (written.kind !== Kind.VARIABLE) return valueFromASTUntyped(written);
    // A variable that was not sent is as good as an argument that is not written (GraphQL §6.4.1).
    return ({ [written.name.value]: sent }: Variables) => (sent === undefined ? unsaid : sent);
  });
  const longest = (values: readonly unknown[]): number => {
    const said = values.flatMap((value) => {
      // A list that is given asks for as many as it is long: ids, say.
      if (Array.isArray(value)) return [value.length];
      return typeof value === 'number' ? [Math.max(0, value)] : [];
    });
    return said.length > 0 ? Math.max(...said) : assumedSize;
  };
  if (!sources.some((source) => typeof source === 'function')) return longest(sources);
  return (variables) =>
    longest(sources.map((source) => (typeof source === 'function' ? source(variables) : source)));
}

/** How often an argument counts: a list that is given as often as it is long. */
function timesOf(given: ValueNode): Part {
  const lengthIn = (value: unknown) => (Array.isArray(value) ? value.length : 1);
  // A list may hold variables that are lists of their own; they are not items of it.
  return given.kind === Kind.VARIABLE
    ? (variables) => lengthIn(variables[given.name.value])
    : lengthIn(valueFromASTUntyped(given));
}

function sum(parts: readonly Part[]): Part {
  let known = 0;
  const open: Exclude<Part, number>[] = [];
  for (const part of parts) {
    if (typeof part === 'number') known += part;
    else open.push(part);
  }
  if (open.length === 0) return known;
  return (variables) => open.reduce((all, part) => all + part(variables), known);
}

function product(times: Part, each: Part): Part {
  if (typeof times === 'number' && typeof each === 'number') return times * each;
  return (variables) => valueOf(times, variables) * valueOf(each, variables);
}

const valueOf = (part: Part, variables: Variables): number =>
  typeof part === 'number' ? part : part(variables);

const fieldOf = (type: GraphQLCompositeType, name: string) =>
  isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;

function withDefaults({ variableDefinitions = [] }: OperationDefinitionNode, given: Variables) {
  const variables: Record<string, unknown> = Object.create(null);
  for (const { variable, defaultValue } of variableDefinitions) {
    const name = variable.name.value;
    if (Object.hasOwn(given, name)) variables[name] = given[name];
    else if (defaultValue) variables[name] = valueFromASTUntyped(defaultValue);
  }
  return variables;
}
