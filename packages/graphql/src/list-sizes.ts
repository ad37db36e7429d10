import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  parse,
  type TypeNode,
  visit,
} from 'graphql';

/** What a page costs besides what it holds: it is a query of the database by itself, which no loader joins with others. */
export const PAGE_COST = 3;

const LIST_SIZE = directivesOf(
  '@listSize(slicingArguments: ["first"], sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false)',
);
const COST = directivesOf(`@cost(weight: ${PAGE_COST})`);

/**
 * Says of every connection, for whoever counts the cost of a query, that `first` is the length of its lists, and that a page
 * costs something itself, unless it says what (the cost directives of GraphQL, `@listSize` and `@cost`). It follows from
 * the shape, so no list can be forgotten.
 */
export const withListSizes = (typeDefs: DocumentNode): DocumentNode =>
  visit(typeDefs, {
    FieldDefinition: (field) =>
      isConnection(field) ? { ...field, directives: withCosts(field.directives) } : undefined,
  });

const withCosts = (own: readonly ConstDirectiveNode[] = []): readonly ConstDirectiveNode[] => {
  const isWeighed = own.some(({ name }) => name.value === 'cost');
  return [...own, ...LIST_SIZE, ...(isWeighed ? [] : COST)];
};

const isConnection = (field: FieldDefinitionNode): boolean =>
  nameOf(field.type).endsWith('Connection') &&
  (field.arguments ?? []).some(({ name }) => name.value === 'first');

const nameOf = (type: TypeNode): string =>
  type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type);

function directivesOf(text: string): readonly ConstDirectiveNode[] {
  const [definition] = parse(`type T { f: Int ${text} }`, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OBJECT_TYPE_DEFINITION) return [];
  return definition.fields?.[0]?.directives ?? [];
}
