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
  valueFromASTUntyped,
} from 'graphql';
import type { CostTable } from './cost-table.ts';

/** What a mutation costs before its fields do: it takes locks and writes, and it is never given up half way. */
export const MUTATION_COST = 10;
/** How long a list is taken to be of which the schema says nothing. */
export const ASSUMED_LIST = 10;

type Variables = Readonly<Record<string, unknown>>;
interface Sized {
  readonly length: number;
  readonly fields: readonly string[];
}

/**
 * What an operation can cost at most, before it is planned (the static cost of the GraphQL cost directives): an object
 * costs 1, a leaf nothing, unless `@cost` says otherwise; a list costs its items, one that is given as argument too. Fragments count as often as they are
 * used and alternatives are added up. The document has to be valid, and of a limited number of fields.
 */
export function costOf(
  { document, operation }: { document: DocumentNode; operation: OperationDefinitionNode },
  { schema, table }: { schema: GraphQLSchema; table: CostTable },
  given: Variables = {},
): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const each of document.definitions) {
    if (each.kind === Kind.FRAGMENT_DEFINITION) fragments.set(each.name.value, each);
  }
  const variables = withDefaults(operation, given);

  const ofSelections = (set: SelectionSetNode, type: GraphQLCompositeType, sized?: Sized): number =>
    set.selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FIELD) return sum + ofField(selection, type, sized);
      const fragment =
        selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
      const named = fragment?.typeCondition && schema.getType(fragment.typeCondition.name.value);
      const on = named && isCompositeType(named) ? named : type;
      return fragment ? sum + ofSelections(fragment.selectionSet, on, sized) : sum;
    }, 0);

  const ofField = (node: FieldNode, parent: GraphQLCompositeType, above?: Sized): number => {
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
    return (table.weights.get(name) ?? 0) + ofArguments(node, name) + times * (own + inside);
  };

  const ofArguments = (node: FieldNode, name: string): number =>
    (node.arguments ?? []).reduce((sum, argument) => {
      const weight = table.weights.get(`${name}(${argument.name.value})`) ?? 0;
      if (weight === 0) return sum;
      const value = valueFromASTUntyped(argument.value, variables);
      return sum + weight * (Array.isArray(value) ? value.length : 1);
    }, 0);

  const lengthOf = (
    node: FieldNode,
    field: GraphQLField<unknown, unknown>,
    {
      slicingArguments,
      assumedSize = ASSUMED_LIST,
    }: NonNullable<ReturnType<CostTable['lists']['get']>>,
  ): number => {
    const said = slicingArguments.flatMap((name) => {
      const written = node.arguments?.find((argument) => argument.name.value === name);
      const value = written
        ? valueFromASTUntyped(written.value, variables)
        : field.args.find((argument) => argument.name === name)?.defaultValue;
      // A list that is given asks for as many as it is long: ids, say.
      if (Array.isArray(value)) return [value.length];
      return typeof value === 'number' ? [Math.max(0, value)] : [];
    });
    return said.length > 0 ? Math.max(...said) : assumedSize;
  };

  const root = schema.getRootType(operation.operation);
  const base = operation.operation === OperationTypeNode.MUTATION ? MUTATION_COST : 0;
  return root ? base + ofSelections(operation.selectionSet, root) : base;
}

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
