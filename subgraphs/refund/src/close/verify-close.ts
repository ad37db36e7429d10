import { type JournalEntry, payableAccount, readJournal, walletAccount } from '@7pay/ledger';
import type { Connection } from 'mongoose';
import { claimsOverId } from './wallet-close.ts';
import { walletCloseModel, walletCloseStore } from './wallet-close.store.ts';

/** What the close of all wallets came to, yen. */
export interface CloseFigures {
  /** What was in the wallets just before. */
  readonly wallets: number;
  readonly payable: number;
  readonly paid: number;
  readonly excluded: number;
  /** What was given back since, of payments out of closed wallets: it is payable too. */
  readonly givenBack: number;
  /** Each a sentence. */
  readonly faults: readonly string[];
}

/**
 * Compares the close with the journal (invariant I18): what left a wallet is what became payable, and nothing is left in it;
 * payable + paid + excluded is all that ever became payable, for each wallet and in all; nothing comes into a wallet afterwards,
 * and nothing becomes payable when claims are over.
 */
export async function verifyClose(connection: Connection): Promise<CloseFigures> {
  const programmes: string[] = await walletCloseModel(connection).distinct('programmeId');
  const store = walletCloseStore(connection, null);
  const closes = (await Promise.all(programmes.map((id) => store.all(id)))).flat();
  const byWallet = new Map(closes.map((close) => [close.id, close]));
  const faults: string[] = [];
  const became = new Map<string, number>();
  const gone = new Map<string, { paid: number; excluded: number }>();
  const [closed, over] = [new Set<string>(), new Set<string>()];
  let givenBack = 0;
  for await (const entry of readJournal(connection)) {
    const { id, kind, wallet } = entry;
    const amount = entry.legs.find(({ side }) => side === 'debit')?.amount ?? 0;
    const stand = entry.stands.find(({ account }) => account === walletAccount(wallet));
    if (closed.has(wallet) && changes(entry)) faults.push(`${id} moved a wallet that was closed`);
    const owed = creditedTo(payableAccount(wallet), entry);
    if (owed > 0) {
      became.set(wallet, (became.get(wallet) ?? 0) + owed);
      if (closed.has(wallet)) givenBack += owed;
      if (over.has(wallet)) faults.push(`${id} became payable when claims were over`);
    }
    if (kind === 'WALLET_CLOSE') {
      if (stand?.posted !== 0) faults.push(`${id} left something in the wallet`);
      if (byWallet.get(wallet)?.balance !== amount) faults.push(`${id} is not what was noted`);
    }
    if (setsState(entry) === 'CLOSED') closed.add(wallet);
    if (id === claimsOverId(wallet)) over.add(wallet);
    if (kind !== 'REFUND_PAID' && kind !== 'REFUND_EXCLUDED') continue;
    const before = gone.get(wallet) ?? { paid: 0, excluded: 0 };
    const paid = before.paid + (kind === 'REFUND_PAID' ? amount : 0);
    const excluded = before.excluded + (kind === 'REFUND_EXCLUDED' ? amount : 0);
    gone.set(wallet, { paid, excluded });
  }
  for (const { id } of closes) if (!closed.has(id)) faults.push(`${id} is noted and not closed`);
  const sums = { payable: 0, paid: 0, excluded: 0 };
  for (const [wallet, all] of became) {
    const { paid, excluded } = gone.get(wallet) ?? { paid: 0, excluded: 0 };
    if (paid + excluded > all) faults.push(`${wallet} was paid ${paid + excluded} of ${all}`);
    sums.payable += all - paid - excluded;
    sums.paid += paid;
    sums.excluded += excluded;
  }
  const wallets = closes.reduce((sum, { balance }) => sum + balance, 0);
  return { wallets, ...sums, givenBack, faults };
}

/** Whether an entry moves its wallet or sets its state. A hold that ended and is let go does neither. */
const changes = (entry: JournalEntry): boolean =>
  entry.legs.some(({ account }) => account === walletAccount(entry.wallet)) ||
  setsState(entry) !== undefined;

const setsState = ({ wallet, sets }: JournalEntry) =>
  sets?.account === walletAccount(wallet) ? sets.status : undefined;

const creditedTo = (account: string, { legs }: JournalEntry): number =>
  legs
    .filter((leg) => leg.account === account && leg.side === 'credit')
    .reduce((sum, { amount }) => sum + amount, 0);
