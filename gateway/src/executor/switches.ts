import {
  type DirectiveNode,
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import type { JsonObject } from './own-keys.ts';
import { usedFragments } from './used-fragments.ts';

/** The values of the variables that an operation hands to `@skip` and `@include`, by name. */
export type Switches = ReadonlyMap<string, boolean>;

const isSwitch = ({ name }: DirectiveNode): boolean =>
  name.value === 'skip' || name.value === 'include';

const conditionOf = (directive: DirectiveNode) =>
  directive.arguments?.find(({ name }) => name.value === 'if')?.value;

/** The names of the variables by which an operation is switched, sorted. */
export function switchNames(
  document: DocumentNode,
  operation: OperationDefinitionNode,
): readonly string[] {
  const declared = new Set(
    operation.variableDefinitions?.map(({ variable }) => variable.name.value),
  );
  const names = new Set<string>();
  // A document may have other operations, with variables of the same names.
  for (const node of [operation, ...usedFragments(document, [operation])]) {
    visit(node, {
      Directive: (directive) => {
        const condition = isSwitch(directive) ? conditionOf(directive) : undefined;
        if (condition?.kind === Kind.VARIABLE && declared.has(condition.name.value)) {
          names.add(condition.name.value);
        }
      },
    });
  }
  return [...names].sort();
}

/** How the switches stand in a request; undefined if one is neither true nor false. */
export function readSwitches(
  names: readonly string[],
  variables: JsonObject,
): Switches | undefined {
  const switches = new Map<string, boolean>();
  for (const name of names) {
    const value = variables[name];
    if (typeof value !== 'boolean') return undefined;
    switches.set(name, value);
  }
  return switches;
}

/** Whether a selection is asked for: graphql's rule for `@skip` and `@include`. */
export const isSelected = (
  directives: readonly DirectiveNode[] | undefined,
  switches: Switches,
): boolean =>
  (directives ?? []).every((directive) => {
    if (!isSwitch(directive)) return true;
    const condition = conditionOf(directive);
    const on =
      condition?.kind === Kind.VARIABLE
        ? switches.get(condition.name.value) === true
        : condition?.kind === Kind.BOOLEAN && condition.value;
    return on === (directive.name.value === 'include');
  });

/** The directives without those that {@link isSelected} has judged. */
export const withoutSwitches = (
  directives: readonly DirectiveNode[] | undefined,
): readonly DirectiveNode[] => (directives ?? []).filter((directive) => !isSwitch(directive));
