import type { BusinessDate } from '@7pay/time';
import type { LineKind, ResultFile, ResultLine } from './result-file.ts';

/** What we know of one thing that a party may tell of. */
export interface OwnRecord {
  readonly id: string;
  /** What was taken by our books: 0 when it was declined, or is not decided. */
  readonly taken: number;
  readonly returned: number;
  readonly businessDate: BusinessDate;
  /** The date on which it was given back, if that was another. */
  readonly returnedOn?: BusinessDate | null;
  /** Whether our books are final on it. */
  readonly decided: boolean;
}

/**
 * How a line, or a thing without a line, was classified.
 * MATCHED: both say the same. AMOUNT_DIFFERS: both know it, and not the same amount. UNKNOWN_TO_US: we have nothing of that
 * id. NOT_BOOKED: we know it and did not book it. DOUBLED: an earlier line said it, of this file or of another. MISSING_THERE: we
 * booked it and no line says so, nor did a file before. UNDECIDED: we wait for an answer ourselves. UNREADABLE: the line is none.
 * PAYOUT_RETURNED: money that we sent came back, and is booked so; whether it is paid again is for a person to decide.
 */
export type LineClass =
  | 'MATCHED'
  | 'AMOUNT_DIFFERS'
  | 'UNKNOWN_TO_US'
  | 'NOT_BOOKED'
  | 'DOUBLED'
  | 'MISSING_THERE'
  | 'UNDECIDED'
  | 'UNREADABLE'
  | 'PAYOUT_RETURNED';

/** One outcome of a comparison; an exception unless it is MATCHED. */
export interface Classified {
  readonly class: LineClass;
  /** The line; null for what no line tells of. */
  readonly number: number | null;
  readonly ourId: string | null;
  readonly theirId: string | null;
  readonly kind: LineKind | null;
  /** What they say, and what our books say, yen. */
  readonly theirs: number | null;
  readonly ours: number | null;
  readonly reason: string | null;
}

/**
 * Compares a file with our books. `own` holds what the lines are about, and everything of the party that we booked on the
 * dates of the file: nothing on either side is left unsaid.
 */
export function compare(file: ResultFile, own: readonly OwnRecord[]): readonly Classified[] {
  const records = new Map(own.map((record) => [record.id, record]));
  const seen = new Set<string>();
  const compared = file.lines.map((line) => {
    const key = `${line.ourId} ${line.kind}`;
    const doubled = seen.has(key);
    seen.add(key);
    return classified(line, records.get(line.ourId), doubled);
  });
  const unreadable = file.unreadable.map(({ number, reason }): Classified => ({
    ...NOTHING,
    class: 'UNREADABLE',
    number,
    reason,
  }));
  const dates = new Set(file.lines.map(({ businessDate }) => businessDate));
  const missing = own
    .filter(({ decided }) => decided)
    .flatMap((record) => [
      ...(dates.has(record.businessDate) ? missingOf(record, 'TAKEN', record.taken, seen) : []),
      // What was given back on another date is told by the file of that date.
      ...(dates.has(record.returnedOn ?? record.businessDate)
        ? missingOf(record, 'RETURNED', record.returned, seen)
        : []),
    ]);
  return [...compared, ...unreadable, ...missing];
}

/** An outcome of which nothing is known yet. */
export const NOTHING = {
  number: null,
  ourId: null,
  theirId: null,
  kind: null,
  theirs: null,
  ours: null,
  reason: null,
};

function classified(line: ResultLine, record: OwnRecord | undefined, doubled: boolean): Classified {
  const { number, ourId, theirId, kind, amount } = line;
  const ours = record ? (kind === 'TAKEN' ? record.taken : record.returned) : null;
  const told = { ...NOTHING, number, ourId, theirId, kind, theirs: amount, ours };
  if (doubled) return { ...told, class: 'DOUBLED' };
  if (!record) return { ...told, class: 'UNKNOWN_TO_US' };
  if (!record.decided) return { ...told, class: 'UNDECIDED' };
  if (ours === 0) return { ...told, class: 'NOT_BOOKED' };
  return { ...told, class: ours === amount ? 'MATCHED' : 'AMOUNT_DIFFERS' };
}

const missingOf = (
  { id }: OwnRecord,
  kind: LineKind,
  ours: number,
  seen: ReadonlySet<string>,
): Classified[] =>
  ours > 0 && !seen.has(`${id} ${kind}`)
    ? [{ ...NOTHING, class: 'MISSING_THERE', ourId: id, kind, ours }]
    : [];
