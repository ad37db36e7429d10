import { createHash } from 'node:crypto';
import { derivedId, digest } from '@7pay/ids';
import { isDuplicateKey } from '@7pay/mongo';
import type { BusinessDate, Clock } from '@7pay/time';
import { matchedLineId } from './matched-line.store.ts';
import { type Classified, compare, type LineClass, type OwnRecord } from './reconciliation.ts';
import type { Reconciliation, reconciliationStore } from './reconciliation.store.ts';
import { type Party, readResultFile, type ResultFile } from './result-file.ts';

/** Our records that the lines are about, and all that we booked of the party on the dates. */
export type OwnRecords = (
  party: Party,
  asked: { readonly ids: readonly string[]; readonly dates: readonly BusinessDate[] },
) => Promise<readonly OwnRecord[]>;

const BATCH = 500;

/**
 * Compares a result file with our books: every line is matched or classified, and what does not match is in the queue.
 * The same file again, also after a process died on the way, changes nothing. It moves no money: who resolves an exception
 * decides what is to be booked.
 * @throws ResultFileRejected when the whole of the file cannot be trusted; nothing is noted
 */
export const importResultFile =
  (store: ReturnType<typeof reconciliationStore>, ownRecords: OwnRecords, clock: Clock) =>
  async (given: {
    readonly party: Party;
    readonly name: string;
    readonly bytes: Uint8Array;
  }): Promise<Reconciliation> => {
    const { party, name, bytes } = given;
    const id = fileIdOf(party, bytes);
    const earlier = await store.find(id);
    if (earlier) return earlier;

    const file = readResultFile(bytes);
    const ids = [...new Set(file.lines.map(({ ourId }) => ourId))];
    const dates = [...new Set(file.lines.map(({ businessDate }) => businessDate))];
    const compared = compare(file, await ownRecords(party, { ids, dates }));
    const noted = { id, party, name, importedAt: clock.now() };
    return noteOutcome(store, noted, await matchedOnce(store, noted, { file, compared }));
  };

/**
 * Notes what matched as matched by this file, and looks at what others matched: a line that says it again is DOUBLED, and
 * nothing that was matched is missed by the file of another day. One of the same day that says it no more, as a corrected file may,
 * takes it back: that is missed. Comes before the file is noted: repeated after a process died, the file finds its own lines.
 */
async function matchedOnce(
  store: ReturnType<typeof reconciliationStore>,
  { id, party, importedAt: at }: Omit<Reconciliation, 'counts'>,
  { file, compared }: { readonly file: ResultFile; readonly compared: readonly Classified[] },
): Promise<readonly Classified[]> {
  const dateOf = new Map(file.lines.map(({ number, businessDate }) => [number, businessDate]));
  const dates = new Set<string>(dateOf.values());
  const found: Classified[] = [];
  const keyOf = ({ ourId, kind }: Classified) =>
    ourId === null || kind === null ? [] : [matchedLineId(party, ourId, kind)];
  for (let from = 0; from < compared.length; from += BATCH) {
    const some = compared.slice(from, from + BATCH);
    const matched = some.flatMap((each) => {
      const businessDate = each.class === 'MATCHED' && dateOf.get(each.number ?? -1);
      return businessDate ? keyOf(each).map((key) => ({ id: key, businessDate })) : [];
    });
    await store.match(matched, { reconciliationId: id, at });
    const files = await store.matchedBy(some.flatMap(keyOf));
    for (const each of some) {
      const by = files.get(keyOf(each)[0] ?? '');
      if (by === undefined || by.reconciliationId === id) found.push(each);
      else if (each.class !== 'MISSING_THERE') found.push({ ...each, class: 'DOUBLED' });
      else if (dates.has(by.businessDate)) found.push(each);
    }
  }
  return found;
}

/**
 * Notes what a file came to: first what does not match, under ids that follow from the file, and last that the file was
 * compared. Whoever dies in between is repeated as a whole.
 */
export async function noteOutcome(
  store: ReturnType<typeof reconciliationStore>,
  file: Omit<Reconciliation, 'counts'>,
  classified: readonly Classified[],
): Promise<Reconciliation> {
  const { id, party, importedAt } = file;
  const exceptions = classified
    .filter((each) => each.class !== 'MATCHED')
    .map((each) => ({
      ...each,
      // From the file and its place in it: written again it is the same.
      id: derivedId('rex', id, exceptionKey(each)),
      reconciliationId: id,
      party,
      at: importedAt,
      state: 'OPEN' as const,
      resolvedBy: null,
      resolvedAt: null,
      note: '',
    }));
  for (let from = 0; from < exceptions.length; from += BATCH) {
    await store.note(exceptions.slice(from, from + BATCH));
  }
  // Last: a file that is noted is compared in full.
  const reconciliation = { ...file, counts: countsOf(classified) };
  try {
    await store.insert(reconciliation);
  } catch (error) {
    const other = isDuplicateKey(error) ? await store.find(id) : null; // somebody imports it as well
    if (!other) throw error;
    return other;
  }
  return reconciliation;
}

/** The id of a file: from its party and its bytes. */
export const fileIdOf = (party: Party, bytes: Uint8Array): string =>
  derivedId('rec', party, createHash('sha256').update(bytes).digest('base64url'));

const exceptionKey = ({ number, ourId, kind }: Classified): string =>
  digest({ number, ourId, kind });

function countsOf(classified: readonly Classified[]): Partial<Record<LineClass, number>> {
  const counts: Partial<Record<LineClass, number>> = {};
  for (const each of classified) counts[each.class] = (counts[each.class] ?? 0) + 1;
  return counts;
}
