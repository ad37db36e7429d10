import {
  type GraphQLSchema,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';

/** The types and fields of an API schema that nobody has described. */
export function undescribed(schema: GraphQLSchema): string[] {
  const roots = new Set<unknown>([
    schema.getQueryType(),
    schema.getMutationType(),
    schema.getSubscriptionType(),
  ]);
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) return [];
    const isBare = !type.description && !roots.has(type);
    const fields =
      isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)
        ? Object.values(type.getFields())
        : [];
    return [
      ...(isBare ? [type.name] : []),
      ...fields.flatMap(({ name, description }) => (description ? [] : [`${type.name}.${name}`])),
    ];
  });
}
