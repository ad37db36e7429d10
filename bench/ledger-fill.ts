import { credit, debit, openLedger, walletAccount } from '@7pay/ledger';
import { unitOfWork } from '@7pay/mongo';
import { isRefused } from '@7pay/refusals';
import type { Connection } from 'mongoose';
import { accountModel, toAccountDocument } from '../packages/ledger/src/account/account.store.ts';
import type { Account } from '../packages/ledger/src/account/account.ts';
import { journalModel, toDocument } from '../packages/ledger/src/entry/journal-entry.store.ts';
import { decide } from '../packages/ledger/src/post-entry.ts';

const WALLETS = 1_000;
const BATCH = 1_000;
/** Batches that the database writes while the next one is made. */
const BATCHES_AHEAD = 3;

/**
 * Fills the journal up to so many entries: top-ups and payments of a thousand wallets, decided as the ledger decides
 * them and written in bulk. The books stay exact.
 */
export async function fillJournal(connection: Connection, size: number): Promise<void> {
  const ledger = openLedger(connection);
  const inUnit = unitOfWork(connection, { deadlineMs: 60_000 });
  const journal = journalModel(connection).collection;
  const accounts = accountModel(connection).collection;
  let missing = size - (await journal.estimatedDocumentCount());
  const run = Math.random().toString(36).slice(2, 10);
  const wallets: Account[] = [];
  for (let n = 0; n < WALLETS && missing > 0; n += 1) {
    const wallet = `wal_fill_${n}`;
    const id = walletAccount(wallet);
    await inUnit((session) =>
      ledger.openAccount(session, {
        id,
        kind: 'USER_WALLET',
        currency: 'JPY',
        owner: `mem_fill_${n}`,
        wallet,
        cap: null,
      }),
    );
    wallets.push((await ledger.account(null, id))!);
  }
  const writing = new Set<Promise<unknown>>();
  for (let n = 0; missing > 0;) {
    const documents = [];
    for (; documents.length < Math.min(BATCH, missing); n += 1) {
      const before = wallets[n % WALLETS]!;
      const tops = before.posted < 1_000;
      const decided = decide(
        {
          id: `fill_${run}_${n}`,
          kind: tops ? 'TOP_UP' : 'PAYMENT',
          wallet: before.wallet,
          at: new Date(),
          legs: tops
            ? [debit('register-cash:fill', 9_000), credit(before.id, 9_000, { origin: 'cash' })]
            : [debit(before.id, 500), credit('merchant-payable:fill', 500)],
          generation: 1,
          ref: {},
        },
        [before],
        null,
      );
      if (isRefused(decided)) throw new Error(decided.refused);
      documents.push(toDocument(decided.entry));
      wallets[n % WALLETS] = decided.moved[0]!.after;
    }
    const written = journal.insertMany(documents as never[], { ordered: false });
    writing.add(written);
    void written.then(() => writing.delete(written));
    missing -= documents.length;
    if (writing.size >= BATCHES_AHEAD) await Promise.race(writing);
  }
  await Promise.all(writing);
  for (const wallet of wallets) {
    const { _id, ...fields } = toAccountDocument(wallet);
    await accounts.updateOne({ _id: _id as never }, { $set: fields });
  }
}
