import {
  type DocumentNode,
  getNamedType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isInputObjectType,
  TypeInfo,
  typeFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/**
 * What a document touches of a schema: types by name, `Type.field`, and `Type.field(argument)`. Of an input it
 * touches everything, because its values come in variables.
 */
export function usedCoordinates(schema: GraphQLSchema, document: DocumentNode): Set<string> {
  const used = new Set<string>();
  const useInput = (type: GraphQLNamedType | undefined) => {
    if (!type || used.has(type.name)) return;
    used.add(type.name);
    if (!isInputObjectType(type)) return;
    for (const field of Object.values(type.getFields())) {
      used.add(`${type.name}.${field.name}`);
      useInput(getNamedType(field.type));
    }
  };
  const info = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(info, {
      Field: () => {
        const parent = info.getParentType();
        const field = info.getFieldDef();
        if (!parent || !field) return;
        used.add(parent.name).add(`${parent.name}.${field.name}`);
        used.add(getNamedType(field.type).name);
      },
      Argument: () => {
        const argument = info.getArgument();
        const field = info.getFieldDef();
        const parent = info.getParentType();
        if (!argument || !field || !parent) return;
        used.add(`${parent.name}.${field.name}(${argument.name})`);
        useInput(getNamedType(argument.type));
      },
      VariableDefinition: ({ type }) => useInput(getNamedType(typeFromAST(schema, type as never))),
      FragmentDefinition: ({ typeCondition }) => void used.add(typeCondition.name.value),
      InlineFragment: ({ typeCondition }) => {
        if (typeCondition) used.add(typeCondition.name.value);
      },
    }),
  );
  return used;
}
