import { readJournal, sealStore } from '@7pay/ledger';
import type { Connection } from 'mongoose';
import { merchantPayable } from '../payment/payment-entries.ts';
import { payoutTransit, sentEntryId } from '../payout/payout.ts';
import { payoutStore } from '../payout/payout.store.ts';
import { payoutFileStore } from '../payout/payout-file.store.ts';
import { isSettled } from './collect-items.ts';
import {
  feeOf,
  merchantFee,
  payoutPayable,
  type RateSums,
  type SettlementBatch,
  type SettlementItem,
  sumsOf,
} from './settlement.ts';
import { settlementBatchStore } from './settlement-batch.store.ts';
import { settlementItemStore } from './settlement-item.store.ts';

/**
 * Compares settlement with the journal (invariant I13): each entry of a merchant is in one batch or not sealed up to where
 * batches have come; a batch is the sum of its items; payments − refunds − fee + carried in = settled + carried out; batches
 * hand on what they carry; the seals that were read are there; the accounts of the ledger say the same. Each fault is a sentence. Meant for a database at rest.
 */
export async function verifySettlements(connection: Connection): Promise<readonly string[]> {
  const items = settlementItemStore(connection, null);
  const batches = settlementBatchStore(connection, null);
  const payouts = payoutStore(connection, null);
  const faults: string[] = [];
  const journal = await readBooks(connection);
  const position = await items.position();
  const sealed = (await sealStore(connection, null).latest())?.n ?? 0;
  if (sealed < position)
    faults.push(`batches have read seal ${position}, and seal ${sealed} is the last`);
  for (const merchantId of new Set([...(await items.merchants()), ...journal.merchants])) {
    const [own, all] = [await items.ofMerchant(merchantId), await batches.ofMerchant(merchantId)];
    const entries = journal.entries.get(merchantId) ?? new Map<string, number>();
    const batchOf = new Map(own.map(({ id, batchId }) => [id, batchId]));
    for (const [id, amount] of entries) {
      const seal = batchOf.has(id) ? null : await sealStore(connection, null).of(id);
      if (seal && seal.n <= position) faults.push(`${id}, ${amount}, is sealed and in no batch`);
    }
    for (const { id, side, amount } of own) {
      const signed = side === 'PAYMENT' ? amount : -amount;
      if (entries.get(id) !== signed) faults.push(`${id} is in a batch with ${signed}`);
    }
    const itemsOf = Map.groupBy(own, ({ batchId }) => batchId);
    for (const batch of all) faults.push(...batchFaults(batch, itemsOf.get(batch.id) ?? []));
    const closed = all.filter(({ state }) => state === 'CLOSED');
    const closedIds = new Set(closed.map(({ id }) => id));
    faults.push(...chainFaults(closed));
    const [standing] = await batches.standingsOf([merchantId]);
    const last = closed.sort((a, b) => a.number - b.number).at(-1);
    const carried = last?.carriedOut ?? 0;
    if ((standing?.carried ?? 0) !== carried) faults.push(`${merchantId} carries ${carried}`);
    const openSum = [...entries]
      .filter(([id]) => !closedIds.has(batchOf.get(id) ?? ''))
      .reduce((sum, [, amount]) => sum + amount, 0);
    const balance = (account: string) => journal.balances.get(account) ?? 0;
    const compare = (account: string, expected: number) => {
      if (balance(account) !== expected)
        faults.push(`${account} is ${balance(account)}, its batches make ${expected}`);
    };
    compare(merchantPayable(merchantId), carried + openSum);
    compare(
      merchantFee(merchantId),
      closed.reduce((sum, { fee }) => sum + fee, 0),
    );
    const made = await payouts.ofBatches(all.map(({ id }) => id));
    const payoutsOf = Map.groupBy(made, ({ batchId }) => batchId);
    for (const { id, settled } of closed) {
      const first = (payoutsOf.get(id) ?? []).filter(({ attempt }) => attempt === 1);
      const sum = first.reduce((total, { amount }) => total + amount, 0);
      if (sum !== settled) faults.push(`${id} settled ${settled} and has payouts of ${sum}`);
    }
    const unpaid = made.filter(({ state }) => ['DUE', 'RETURNED', 'KEPT'].includes(state));
    compare(
      payoutPayable(merchantId),
      unpaid.reduce((sum, { amount }) => sum + amount, 0),
    );
    for (const { id, fileId } of made) {
      if ((fileId !== null) !== journal.ids.has(sentEntryId(id)))
        faults.push(`${id} is in a file or booked so, and not both`);
    }
  }
  return [...faults, ...(await fileFaults(connection, journal.balances))];
}

interface JournalOfMerchants {
  /** By merchant and entry: yen, a refund below zero. */
  readonly entries: Map<string, Map<string, number>>;
  readonly merchants: string[];
  /** Credits less debits. */
  readonly balances: Map<string, number>;
  readonly ids: Set<string>;
}

async function readBooks(connection: Connection): Promise<JournalOfMerchants> {
  const entries = new Map<string, Map<string, number>>();
  const balances = new Map<string, number>();
  const ids = new Set<string>();
  for await (const entry of readJournal(connection)) {
    ids.add(entry.id);
    for (const { account, side, amount } of entry.holdsUntil ? [] : entry.legs) {
      const signed = side === 'credit' ? amount : -amount;
      balances.set(account, (balances.get(account) ?? 0) + signed);
      if (!isSettled(entry) || !account.startsWith('merchant-payable:')) continue;
      const merchantId = account.slice('merchant-payable:'.length);
      const own = entries.get(merchantId) ?? new Map<string, number>();
      entries.set(merchantId, own.set(entry.id, (own.get(entry.id) ?? 0) + signed));
    }
  }
  return { entries, merchants: [...entries.keys()], balances, ids };
}

function batchFaults(batch: SettlementBatch, items: readonly SettlementItem[]): string[] {
  const faults: string[] = [];
  const rates = new Map<number, RateSums>();
  for (const { basisPoints, side, amount } of items) {
    const { payments, refunds } = rates.get(basisPoints) ?? { payments: 0, refunds: 0 };
    rates.set(basisPoints, {
      basisPoints,
      payments: payments + (side === 'PAYMENT' ? amount : 0),
      refunds: refunds + (side === 'REFUND' ? amount : 0),
    });
  }
  const made = [...rates.values()].sort((a, b) => a.basisPoints - b.basisPoints);
  if (JSON.stringify(made) !== JSON.stringify(batch.rates) || items.length !== batch.count)
    faults.push(`${batch.id} is not the sum of its items`);
  if (batch.state === 'OPEN') return faults;
  const { payments, refunds } = sumsOf(batch);
  if (batch.fee !== feeOf(made)) faults.push(`${batch.id} has the fee ${batch.fee}`);
  if (batch.carriedIn + payments - refunds - batch.fee !== batch.settled + batch.carriedOut)
    faults.push(`${batch.id} does not add up`);
  if (batch.settled < 0 || batch.carriedOut > 0) faults.push(`${batch.id} is settled below zero`);
  return faults;
}

function chainFaults(closed: readonly SettlementBatch[]): string[] {
  const inOrder = [...closed].sort((a, b) => a.number - b.number);
  return inOrder.flatMap((batch, index) => {
    const before = inOrder[index - 1]?.carriedOut ?? 0;
    const fits = batch.number === index + 1 && batch.carriedIn === before;
    return fits ? [] : [`${batch.id} does not take over what was carried`];
  });
}

async function fileFaults(
  connection: Connection,
  balances: ReadonlyMap<string, number>,
): Promise<string[]> {
  const files = await payoutFileStore(connection, null).inStates([
    'FILLING',
    'PREPARED',
    'APPROVED',
    'WRITTEN',
  ]);
  const faults: string[] = [];
  for (const file of files) {
    const own = await payoutStore(connection, null).ofFile(file.id);
    const sum = (of: typeof own) => of.reduce((total, { amount }) => total + amount, 0);
    if (own.length !== file.count || sum(own) !== file.total)
      faults.push(`${file.number} is not the sum of its payouts`);
    const open = sum(own.filter(({ state }) => state === 'SENT'));
    const booked = balances.get(payoutTransit(file.id)) ?? 0;
    if (booked !== open) faults.push(`${file.number} has ${booked} in transit, and ${open} open`);
  }
  return faults;
}
