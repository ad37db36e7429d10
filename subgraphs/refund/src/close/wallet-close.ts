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
  /** The newest claim on what it held, or was given back since; null until somebody claims. */
  readonly claimId: string | null;
  /** When claims were over, and what nobody had claimed in the window was excluded. */
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

/** What the end of the window is for a closed wallet: what nobody claimed is excluded (除斥), and nothing more becomes payable. */
export const exclusionOf = (
  close: WalletClose,
  left: number,
  told: Pick<PlainPlan, 'at' | 'generation'>,
): readonly PlainPlan[] => [
  ...(left > 0 ? [excludedEntry(close, left, told)] : []),
  // A cap keeps out what is given back from now on, and lets go of what was claimed and is not paid yet.
  accountSetPlan(
    { ...told, id: claimsOverId(close.id), wallet: close.id, ref: { walletId: close.id } },
    { account: payableAccount(close.id), cap: 0 },
  ),
];

/** The id of the entry after which nothing becomes payable for a wallet. */
export const claimsOverId = (walletId: string): string => `${walletId}:claims-over`;

const excludedEntry = (
  { id: walletId, programmeId }: WalletClose,
  amount: number,
  told: Pick<PlainPlan, 'at' | 'generation'>,
): PlainPlan => ({
  id: `${walletId}:excluded`,
  kind: 'REFUND_EXCLUDED',
  ...told,
  wallet: walletId,
  legs: [debit(payableAccount(walletId), amount), credit(`refund-excluded:${programmeId}`, amount)],
  ref: { programmeId, walletId },
});
