import {
  type DocumentNode,
  type FieldNode,
  type FragmentSpreadNode,
  type InlineFragmentNode,
  Kind,
  visit,
} from 'graphql';
import type { InnerKey } from './inner-keys.ts';
import { isSelected, type Switches, withoutSwitches } from './switches.ts';
import { usedFragments } from './used-fragments.ts';

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/**
 * The client's document as the planner is given it. `@skip` and `@include` are decided before: the planner would
 * move a condition of the leaves to their parent, and let a `@requires` rely on a field that a condition took away.
 * Fields carry their inner keys.
 */
export function plannerDocument(
  document: DocumentNode,
  switches: Switches,
  innerKey: InnerKey,
): DocumentNode {
  const decided = <Node extends InlineFragmentNode | FragmentSpreadNode>(node: Node) =>
    isSelected(node.directives, switches)
      ? { ...node, directives: withoutSwitches(node.directives) }
      : null;
  const reduced = visit(document, {
    Field: (field) => {
      if (!isSelected(field.directives, switches)) return null;
      const name = field.name.value;
      const key = innerKey(name, field.alias?.value ?? name);
      const { alias: _alias, ...rest } = field;
      return {
        ...rest,
        directives: withoutSwitches(field.directives),
        ...(key === name ? {} : { alias: { kind: Kind.NAME, value: key } }),
      };
    },
    InlineFragment: { enter: decided },
    FragmentSpread: { enter: decided },
    SelectionSet: {
      leave: (set) =>
        set.selections.length === 0 ? { ...set, selections: [TYPENAME] } : undefined,
    },
  });
  return withoutUnusedFragments(reduced);
}

// A fragment that nothing spreads any more would be refused as unused.
function withoutUnusedFragments(document: DocumentNode): DocumentNode {
  const operations = document.definitions.filter(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  );
  const used = usedFragments(document, operations);
  return {
    ...document,
    definitions: document.definitions.filter(
      (definition) => definition.kind !== Kind.FRAGMENT_DEFINITION || used.has(definition),
    ),
  };
}
