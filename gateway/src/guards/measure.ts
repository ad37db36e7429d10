import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** How large an operation is, counted through its fragments: each as often as it is used. */
export interface Measure {
  /** Levels of fields. */
  readonly depth: number;
  readonly fields: number;
  readonly rootFields: number;
  readonly aliases: number;
  readonly directives: number;
}

/** The operations of a document, measured. */
export interface MeasuredDocument {
  readonly operations: readonly Measure[];
  /** The fragments that no operation uses. The document is not valid, which is found out by reading them. */
  readonly unused: readonly Measure[];
  /** A fragment that an operation uses and that uses itself. */
  readonly circle: string | undefined;
}

const NOTHING: Measure = { depth: 0, fields: 0, rootFields: 0, aliases: 0, directives: 0 };
/** A fragment that is not there. It counts, so that every way through a document ends in a field that was counted. */
const NOT_THERE: Measure = { ...NOTHING, fields: 1 };

/**
 * Measures every operation of a document without expanding it: a fragment is measured once and its figures are added wherever
 * it is used, so that a document costs what its text is long. A fragment that uses itself counts nothing inside itself.
 * Whoever walks each use afterwards takes no more steps than there are fields, times the levels of fragments.
 */
export function measureOperations(document: DocumentNode): MeasuredDocument {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  const known = new Map<string, Measure>();
  const open = new Set<string>();
  let circle: string | undefined;

  const ofFragment = (name: string): Measure => {
    const done = known.get(name);
    if (done) return done;
    if (open.has(name)) {
      circle ??= name;
      return NOTHING;
    }
    open.add(name);
    const fragment = fragments.get(name);
    const measured = fragment ? ofSelections(fragment.selectionSet) : NOT_THERE;
    open.delete(name);
    known.set(name, measured);
    return measured;
  };
  const ofSelections = ({ selections }: SelectionSetNode): Measure =>
    selections.reduce((sum, selection) => {
      const { depth, fields, rootFields, aliases, directives } = ofSelection(selection);
      return {
        depth: Math.max(sum.depth, depth),
        fields: sum.fields + fields,
        rootFields: sum.rootFields + rootFields,
        aliases: sum.aliases + aliases,
        directives: sum.directives + directives,
      };
    }, NOTHING);
  const ofSelection = (selection: SelectionNode): Measure => {
    const own = selection.directives?.length ?? 0;
    if (selection.kind === Kind.FRAGMENT_SPREAD) return plus(ofFragment(selection.name.value), own);
    if (selection.kind === Kind.INLINE_FRAGMENT)
      return plus(ofSelections(selection.selectionSet), own);
    const inside = selection.selectionSet ? ofSelections(selection.selectionSet) : NOTHING;
    const isIntrospection = selection.name.value.startsWith('__');
    return {
      // Introspection is nested by nature and guarded by being off in production.
      depth: isIntrospection ? 0 : inside.depth + 1,
      fields: inside.fields + 1,
      rootFields: 1,
      aliases: inside.aliases + (selection.alias ? 1 : 0),
      directives: inside.directives + own,
    };
  };
  const operations = document.definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION
      ? [plus(ofSelections(definition.selectionSet), definition.directives?.length ?? 0)]
      : [],
  );
  const met = circle; // one that no operation comes to is left to the validation
  const unused = [...fragments.keys()]
    .filter((name) => !known.has(name))
    // Where they stand they are at no root.
    .map((name) => ({ ...ofFragment(name), rootFields: 0 }));
  return { operations, unused, circle: met };
}

const plus = (measure: Measure, directives: number): Measure => ({
  ...measure,
  directives: measure.directives + directives,
});
