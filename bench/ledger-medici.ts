import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { LedgerSide } from './ledger-sides.ts';

const HOME = path.resolve('bench/medici/package.json');
const PLENTY = 1_000_000_000;
const AMOUNT = 108;

// What of medici is used here; it has no place among the dependencies of the project.
interface Medici {
  readonly Book: new (name: string) => Book;
  readonly initModels: () => Promise<void>;
  readonly mongoTransaction: (body: (session: unknown) => Promise<void>) => Promise<void>;
}
interface Book {
  entry(memo: string): Entry;
  balance(of: { account: string }, options: { session: unknown }): Promise<{ balance: number }>;
  writelockAccounts(accounts: string[], options: { session: unknown }): Promise<unknown>;
}
interface Entry {
  credit(account: string, amount: number): Entry;
  debit(account: string, amount: number): Entry;
  commit(options?: { session: unknown }): Promise<unknown>;
}
interface Mongoose {
  connect(uri: string, options: object): Promise<unknown>;
  disconnect(): Promise<void>;
}

/**
 * The same transfer by medici, in the way its guide gives for balances that may not go below zero. Null where it is not
 * installed: `npm ci --prefix bench/medici`.
 */
export async function mediciSide(
  uri: string,
  workers: number,
): Promise<(LedgerSide & { close(): Promise<void> }) | null> {
  if (!existsSync(path.join(path.dirname(HOME), 'node_modules/medici'))) {
    process.stderr.write('medici is not installed: npm ci --prefix bench/medici\n');
    return null;
  }
  const load = createRequire(HOME);
  const mongoose = load('mongoose') as Mongoose;
  const { Book, initModels, mongoTransaction } = load('medici') as Medici;
  await mongoose.connect(uri, { dbName: `bench_medici_${process.pid}`, maxPoolSize: workers });
  await initModels();
  const book = new Book('bench');
  for (let worker = 0; worker < workers; worker += 1) {
    await book
      .entry('top-up')
      .debit('Register', PLENTY)
      .credit(`Wallet:${worker}`, PLENTY)
      .commit();
  }
  let attempts = 0;
  return {
    name: 'medici',
    attempts: () => attempts,
    turn: (worker) =>
      mongoTransaction(async (session) => {
        attempts += 1;
        const wallet = `Wallet:${worker}`;
        await book
          .entry('payment')
          .credit('Merchant', AMOUNT)
          .debit(wallet, AMOUNT)
          .commit({ session });
        const { balance } = await book.balance({ account: wallet }, { session });
        if (balance < 0) throw new Error('there is plenty');
        await book.writelockAccounts([wallet], { session });
      }),
    close: () => mongoose.disconnect(),
  };
}
