import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  parse,
  type TypeNode,
  visit,
} from 'graphql';

const [LIST_SIZE] = directivesOf(
  '@listSize(slicingArguments: ["first"], sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false)',
);

/**
 * Says of every connection, for whoever counts the cost of a query, that `first` is the length of its lists (the cost
 * directives of GraphQL, `@listSize`). It follows from the shape, so no list can be forgotten.
 */
export const withListSizes = (typeDefs: DocumentNode): DocumentNode =>
  visit(typeDefs, {
    FieldDefinition: (field) =>
      LIST_SIZE && isConnection(field)
        ? { ...field, directives: [...(field.directives ?? []), LIST_SIZE] }
        : undefined,
  });

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
