/** What the composition remarks: two subgraphs that understand something differently. */
export interface Hint {
  readonly code: string;
  /** Where it is, such as `Store.name`; empty if the hint names no place. */
  readonly coordinate: string;
  readonly message: string;
}

/** A hint that is let pass for a while. */
export interface AllowedHint {
  readonly code: string;
  readonly coordinate: string;
  readonly reason: string;
  /** The last business date on which it is let pass. */
  readonly until: string;
}

/** The hints that are let pass. Each has a reason and an end; `npm run schema -- check` fails after it. */
export const ALLOWED_HINTS: readonly AllowedHint[] = [];

const meets =
  (hint: Hint) =>
  ({ code, coordinate }: AllowedHint): boolean =>
    hint.code === code && hint.coordinate === coordinate;

/** The hints that nobody let pass. */
export const unallowedHints = (
  hints: readonly Hint[],
  allowed: readonly AllowedHint[],
): readonly Hint[] => hints.filter((hint) => !allowed.some(meets(hint)));

/** What is wrong with the list itself on a day: entries that have ended or that no hint needs. */
export const staleAllowances = (
  hints: readonly Hint[],
  allowed: readonly AllowedHint[],
  today: string,
): readonly string[] =>
  allowed.flatMap((entry) => {
    const name = `${entry.code} at ${entry.coordinate}`;
    if (entry.until < today) return [`${name} was let pass until ${entry.until}`];
    return hints.some((hint) => meets(hint)(entry)) ? [] : [`${name} is let pass and not there`];
  });
