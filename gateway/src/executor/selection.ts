import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { isSelected, type Switches } from './switches.ts';

/** A type that an object of the answer has. An interface where nobody asked for the concrete type. */
export type AnswerType = GraphQLObjectType | GraphQLInterfaceType;

/** What is needed to read the selections of an operation. */
export interface Selections {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly switches: Switches;
}

/** The fields that selection sets ask of one type, by response key, in graphql's order. */
export function fieldsOf(
  { schema, fragments, switches }: Selections,
  sets: readonly SelectionSetNode[],
  type: AnswerType,
): ReadonlyMap<string, readonly FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const spread = new Set<string>();
  const applies = (condition: string): boolean => {
    if (condition === type.name) return true;
    const wanted = schema.getType(condition);
    return isAbstractType(wanted) && schema.isSubType(wanted, type);
  };
  const walk = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (!isSelected(selection.directives, switches)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const nodes = fields.get(key);
        if (nodes) nodes.push(selection);
        else fields.set(key, [selection]);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const { typeCondition, selectionSet } = selection;
        if (!typeCondition || applies(typeCondition.name.value)) walk(selectionSet);
      } else {
        const name = selection.name.value;
        const fragment = fragments.get(name);
        if (!fragment || spread.has(name)) continue;
        spread.add(name);
        if (applies(fragment.typeCondition.name.value)) walk(fragment.selectionSet);
      }
    }
  };
  for (const set of sets) walk(set);
  return fields;
}
