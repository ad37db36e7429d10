import {
  getVariableValues,
  type GraphQLInputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';

/** Values for the variables that an operation cannot do without. @throws Error if they do not fit */
export function madeUpVariables(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
): Record<string, unknown> {
  const variables: Record<string, unknown> = {};
  for (const { variable, type, defaultValue } of variableDefinitions) {
    const named = typeFromAST(schema, type as never) as GraphQLInputType;
    if (isNonNullType(named) && !defaultValue) variables[variable.name.value] = valueOf(named);
  }
  const { errors = [] } = getVariableValues(schema, variableDefinitions, variables);
  if (errors.length > 0) throw new Error(errors.join('\n'));
  return variables;
}

function valueOf(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return valueOf(type.ofType);
  if (isListType(type)) return [valueOf(type.ofType)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    const required = Object.values(type.getFields()).filter(isRequiredInputField);
    return Object.fromEntries(required.map((field) => [field.name, valueOf(field.type)]));
  }
  if (['Int', 'Float', 'Yen', 'Points'].includes(type.name)) return 1;
  return type.name === 'Boolean' ? true : 'x';
}
