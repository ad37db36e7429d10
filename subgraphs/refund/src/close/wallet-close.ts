import {
  type Account,
  accountSetPlan,
  available,
  credit,
  debit,
  payableAccount,
  type PlainPlan,
} from '@7pay/ledger';

/** A wallet that was closed when the service ended, and what became of its balance. */
export interface WalletClose {
  /** The wallet: it is closed once. */
  readonly id: string;
  readonly programmeId: string;
  readonly memberId: string;
  /** What was in it, and is payable since; yen. */
  readonly balance: number;
  /** Whether it was frozen: somebody looks at it before it is paid. */
  readonly wasFrozen: boolean;
  readonly closedAt: Date;
  /** The claim that takes the balance; null until somebody claims it. */
  readonly claimId: string | null;
  /** When it was excluded, because nobody claimed it in the window. */
  readonly excludedAt: Date | null;
}

/** Whether something is held in it: a payment that is not final yet, and ends by itself. */
export const isWaiting = (account: Account, at: Date): boolean =>
  available(account, at) < account.posted;

interface Told {
  readonly programmeId: string;
  readonly at: Date;
  readonly generation: number;
}

/** What the close of a wallet is: the note of it, and the entries that make it so, in order. */
export function closeOf(
  account: Account,
  { programmeId, at, generation }: Told,
): { close: WalletClose; plans: readonly PlainPlan[] } {
  const { wallet, owner, posted, status } = account;
  const wasFrozen = status === 'FROZEN';
  const ref = { programmeId, walletId: wallet, memberId: owner };
  const told = { wallet, at, generation };
  const thaw = accountSetPlan(
    { ...told, id: `${wallet}:close:thaw`, ref: { walletId: wallet } },
    { account: account.id, status: 'OPEN' },
  );
  return {
    close: {
      id: wallet,
      programmeId,
      memberId: owner,
      balance: posted,
      wasFrozen,
      closedAt: at,
      claimId: null,
      excludedAt: null,
    },
    plans: [
      // Nothing leaves a frozen account, so that it is thawed is written down too, in the same write.
      ...(wasFrozen && posted > 0 ? [thaw] : []),
      posted > 0
        ? closeEntry(account, { ...told, ref })
        : accountSetPlan(
            { ...told, id: `${wallet}:close`, ref: { walletId: wallet } },
            { account: account.id, status: 'CLOSED' },
          ),
    ],
  };
}

/** The balance becomes payable, and the wallet is closed by the same write: nothing can come in between. */
const closeEntry = (
  { id: account, wallet, posted }: Account,
  told: Pick<PlainPlan, 'wallet' | 'at' | 'generation' | 'ref'>,
): PlainPlan => ({
  id: `${wallet}:close`,
  kind: 'WALLET_CLOSE',
  ...told,
  legs: [debit(account, posted), credit(payableAccount(wallet), posted)],
  sets: { account, status: 'CLOSED' },
});

/** The entry that pays a part of what is payable to a member. The account refuses to pay more than is payable. */
export const refundPaidEntry = (
  { id, walletId, amount }: { id: string; walletId: string; amount: number },
  told: Pick<PlainPlan, 'at' | 'generation'>,
): PlainPlan => ({
  id: `${id}:paid`,
  kind: 'REFUND_PAID',
  ...told,
  wallet: walletId,
  legs: [debit(payableAccount(walletId), amount), credit('bank:refund', amount)],
  ref: { claimId: id, walletId },
});

/** The entry that excludes what nobody claimed in the window (除斥). */
export const excludedEntry = (
  { id: walletId, programmeId, balance }: WalletClose,
  told: Pick<PlainPlan, 'at' | 'generation'>,
): PlainPlan => ({
  id: `${walletId}:excluded`,
  kind: 'REFUND_EXCLUDED',
  ...told,
  wallet: walletId,
  legs: [
    debit(payableAccount(walletId), balance),
    credit(`refund-excluded:${programmeId}`, balance),
  ],
  ref: { programmeId, walletId },
});
