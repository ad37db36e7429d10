import assert from 'node:assert/strict';
import { isRefused } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import { fileIdOf, noteOutcome } from '../reconciliation/import-result-file.ts';
import { type Classified, type LineClass, NOTHING } from '../reconciliation/reconciliation.ts';
import type {
  Reconciliation,
  reconciliationStore,
} from '../reconciliation/reconciliation.store.ts';
import { readResultFile, type ResultLine } from '../reconciliation/result-file.ts';
import type { SettlementUnitOfWork } from '../settlement/settlement-work.ts';
import { paidEntry, type Payout, returnedEntry } from './payout.ts';
import { mayBeAtTheBank } from './payout-file.ts';

/**
 * Books what the bank says of our payouts, line by line: paid, or returned (組戻し), which makes it payable again and waits for
 * a person. Every line is matched or classified; what does not match is in the queue of exceptions. Each line is one write, and
 * the file is noted last: whoever dies on the way is repeated, and finds what is booked. The same file again changes nothing.
 * @throws ResultFileRejected when the whole of the file cannot be trusted; nothing is booked
 */
export const importPayoutResults =
  (
    unitOfWork: SettlementUnitOfWork,
    store: ReturnType<typeof reconciliationStore>,
    generation: () => number,
    clock: Clock,
  ) =>
  async ({ name, bytes }: { name: string; bytes: Uint8Array }): Promise<Reconciliation> => {
    const id = fileIdOf('BANK', bytes);
    const earlier = await store.find(id);
    if (earlier) return earlier;

    const file = readResultFile(bytes);
    const classified: Classified[] = [];
    const seen = new Set<string>();
    for (const line of file.lines) {
      const key = `${line.ourId} ${line.kind}`;
      const told = { file: id, at: clock.now(), generation: generation() };
      classified.push(
        seen.has(key)
          ? outcome(line, 'DOUBLED', null)
          : await unitOfWork((work) => book(work, line, told)),
      );
      seen.add(key);
    }
    for (const { number, reason } of file.unreadable) {
      classified.push({ ...NOTHING, class: 'UNREADABLE', number, reason });
    }
    const dates = [...new Set(file.lines.map(({ businessDate }) => businessDate))];
    const missing = await unitOfWork(async ({ files, payouts }) => {
      const all: Payout[] = [];
      for (const each of (await files.ofDays(dates)).filter(mayBeAtTheBank))
        all.push(...(await payouts.ofFile(each.id)));
      return all.filter(({ state }) => state === 'SENT');
    });
    for (const { id: ourId, amount } of missing) {
      classified.push({ ...NOTHING, class: 'MISSING_THERE', ourId, kind: 'TAKEN', ours: amount });
    }
    return noteOutcome(store, { id, party: 'BANK', name, importedAt: clock.now() }, classified);
  };

const outcome = (line: ResultLine, what: LineClass, ours: number | null): Classified => {
  const { number, ourId, theirId, kind, amount } = line;
  return { ...NOTHING, class: what, number, ourId, theirId, kind, theirs: amount, ours };
};

type Work = Parameters<Parameters<SettlementUnitOfWork>[0]>[0];

async function book(
  { session, ledger, payouts, files }: Work,
  line: ResultLine,
  told: { readonly file: string; readonly at: Date; readonly generation: number },
): Promise<Classified> {
  const payout = await payouts.find(line.ourId);
  if (!payout) return outcome(line, 'UNKNOWN_TO_US', null);
  const { amount } = payout;
  const file = payout.fileId === null ? null : await files.find(payout.fileId);
  // A line about a file that the bank never got would pay a merchant twice: the file is written later.
  if (!file || !mayBeAtTheBank(file)) return outcome(line, 'NOT_BOOKED', 0);
  if (line.amount !== amount) return outcome(line, 'AMOUNT_DIFFERS', amount);
  const decided = decideLine(payout, line.kind, told.file);
  if ('after' in decided) {
    const { file: _name, ...when } = told;
    const plan = decided.after.state === 'PAID' ? paidEntry : returnedEntry;
    const entry = await ledger.post(session, plan(payout, { file, ...when }));
    assert(!isRefused(entry), 'accounts of settlement refuse nothing');
    await payouts.change(payout, decided.after);
  }
  return outcome(line, decided.class, amount);
}

/** What a line makes of a payout; without `after` it is booked already, or cannot be. */
export function decideLine(
  payout: Payout,
  kind: ResultLine['kind'],
  file: string,
): { readonly class: LineClass; readonly after?: Payout } {
  const { state, paidBy, returnedBy } = payout;
  if (kind === 'TAKEN') {
    if (paidBy === file) return { class: 'MATCHED' }; // by an import that died on the way
    if (state === 'SENT')
      return { class: 'MATCHED', after: { ...payout, state: 'PAID', paidBy: file } };
    return { class: paidBy === null ? 'NOT_BOOKED' : 'DOUBLED' };
  }
  if (returnedBy === file) return { class: 'PAYOUT_RETURNED' };
  if (state !== 'SENT' && state !== 'PAID') return { class: 'DOUBLED' };
  return { class: 'PAYOUT_RETURNED', after: { ...payout, state: 'RETURNED', returnedBy: file } };
}
