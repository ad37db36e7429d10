import assert from 'node:assert/strict';
import { type JournalEntry, moves } from '@7pay/ledger';
import { type BusinessDate, daysAfter } from '@7pay/time';
import { FEE_RATES, type FeeRate, rateOn } from './fee-rates.ts';
import { batchIdOf, type MerchantStanding, type SettlementItem } from './settlement.ts';
import { SealReadMeanwhile } from './settlement-item.store.ts';
import type { SettlementUnitOfWork } from './settlement-work.ts';

const PAYABLE = 'merchant-payable:';

const SEALS_AT_ONCE = 50;
const ENTRIES_AT_ONCE = 1_000;

/** An item that knows of which date its batch is. */
type Placed = SettlementItem & { readonly batchDate: BusinessDate };

/**
 * Puts the entries of the next seals into batches. Seals hold entries in the order in which they were committed, each in one
 * seal: an entry that was booked early and committed late is in a later seal, and no reading by time can lose it. Items,
 * sums and position are one write. False when there is no next seal yet.
 */
export const collectItems =
  (unitOfWork: SettlementUnitOfWork, rates: readonly FeeRate[] = FEE_RATES) =>
  async (): Promise<boolean> => {
    try {
      return await unitOfWork(async ({ seals, entriesOf, items, batches }) => {
        const from = await items.position();
        const next = withinLimit(await seals.behind(from, SEALS_AT_ONCE));
        const last = next.at(-1);
        if (!last) return false;
        const sealed = await entriesOf(next.flatMap((seal) => seal.entries));
        const entries = sealed.filter(isSettled);
        const paid = await entriesOf([
          ...new Set(entries.flatMap(({ reverses }) => reverses?.entry ?? [])),
        ]);
        const merchants = [...new Set(entries.map(merchantOf))];
        const standings = await batches.standingsOf(merchants);
        const placed = entries.map((entry) =>
          place(entry, {
            paid: paid.find(({ id }) => id === entry.reverses?.entry),
            standing: standings.find(({ merchantId }) => merchantId === merchantOf(entry)),
            rates,
          }),
        );
        const own = Map.groupBy(placed, (item) => item.merchantId);
        await batches.countCollected(new Map([...own].map(([id, { length }]) => [id, length])));
        const dates = new Map(placed.map(({ batchId, batchDate }) => [batchId, batchDate]));
        const found = placed.map(({ batchDate: _date, ...item }): SettlementItem => item);
        await batches.add(found, ({ batchId }) => dates.get(batchId)!);
        await items.insert(found);
        await items.advance(from, last.n);
        return true;
      });
    } catch (error) {
      if (error instanceof SealReadMeanwhile) return true; // there may be a next one
      throw error;
    }
  };

/** As many seals as one write takes. */
function withinLimit<Seal extends { readonly entries: readonly string[] }>(seals: readonly Seal[]) {
  let count = 0;
  const end = seals.findIndex(({ entries }) => (count += entries.length) > ENTRIES_AT_ONCE);
  return end === -1 ? seals : seals.slice(0, Math.max(1, end));
}

/** Whether an entry moved what we owe a merchant for payments; a settlement itself did too, and is none. */
export const isSettled = (entry: JournalEntry): boolean =>
  moves(entry) &&
  entry.kind !== 'SETTLEMENT' &&
  entry.legs.some(({ account }) => account.startsWith(PAYABLE));

const legOf = ({ id, legs }: JournalEntry) => {
  const own = legs.filter(({ account }) => account.startsWith(PAYABLE));
  assert(own.length === 1 && own[0], `${id} is about one merchant, once`);
  return own[0];
};
const merchantOf = (entry: JournalEntry): string => legOf(entry).account.slice(PAYABLE.length);

/** Finds the batch of an entry: that of its date, or the first that is not closed yet. */
export function place(
  entry: JournalEntry,
  {
    paid,
    standing,
    rates,
  }: {
    readonly paid: JournalEntry | undefined;
    readonly standing: MerchantStanding | undefined;
    readonly rates: readonly FeeRate[];
  },
): Placed {
  const { side, amount } = legOf(entry);
  const merchantId = merchantOf(entry);
  const open = standing?.closedThrough ? daysAfter(standing.closedThrough, 1) : entry.businessDate;
  const batchDate = entry.businessDate > open ? entry.businessDate : open;
  return {
    id: entry.id,
    merchantId,
    batchId: batchIdOf(merchantId, batchDate),
    batchDate,
    businessDate: entry.businessDate,
    side: side === 'credit' ? 'PAYMENT' : 'REFUND',
    amount,
    // A refund gives the fee back at the rate at which it was taken.
    basisPoints: rateOn((paid ?? entry).businessDate, rates),
    paymentId: entry.ref['paymentId'] ?? '',
    storeId: entry.ref['storeId'] ?? '',
    at: entry.at,
  };
}
