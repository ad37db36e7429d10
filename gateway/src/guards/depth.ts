import {
  type ASTVisitor,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

/** Refuses documents whose fields are nested deeper than `most`, counted through fragments. */
export const depthLimit =
  (most: number) =>
  (context: ValidationContext): ASTVisitor => ({
    OperationDefinition: (operation) => {
      const known = new Map<FragmentDefinitionNode, number>();
      const depth = depthOf(operation.selectionSet, context, known, new Set());
      if (depth > most) {
        context.reportError(
          new GraphQLError(`The document is ${depth} levels deep; at most ${most} are allowed.`, {
            extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
          }),
        );
      }
    },
  });

function depthOf(
  { selections }: SelectionSetNode,
  context: ValidationContext,
  known: Map<FragmentDefinitionNode, number>,
  inside: ReadonlySet<FragmentDefinitionNode>,
): number {
  let deepest = 0;
  for (const selection of selections) {
    let depth = 0;
    if (selection.kind === Kind.FIELD) {
      // Introspection is nested by nature and guarded by being off in production.
      if (selection.name.value.startsWith('__')) continue;
      depth =
        1 + (selection.selectionSet ? depthOf(selection.selectionSet, context, known, inside) : 0);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      depth = depthOf(selection.selectionSet, context, known, inside);
    } else {
      const fragment = context.getFragment(selection.name.value);
      // A cycle is another rule's error; here it only must not run for ever.
      if (!fragment || inside.has(fragment)) continue;
      depth =
        known.get(fragment) ??
        depthOf(fragment.selectionSet, context, known, new Set([...inside, fragment]));
      known.set(fragment, depth);
    }
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
