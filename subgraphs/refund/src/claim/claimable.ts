import { type Ledger, payableAccount, walletAccount } from '@7pay/ledger';
import type { WalletClose } from '../close/wallet-close.ts';
import type { walletCloseStore } from '../close/wallet-close.store.ts';
import type { RefundWork } from '../unit-of-work.ts';
import type { claimStore } from './balance-refund-claim.store.ts';

/**
 * What of a closed wallet can be claimed, yen: what is payable and in no claim yet, whether it was there at the close or was given
 * back since. Nothing once it was excluded.
 */
export async function claimableOf(
  { session, ledger, claims }: RefundWork,
  close: WalletClose,
): Promise<number> {
  const payable = await ledger.account(session, payableAccount(close.id));
  const unpaid = (await claims.unpaidOf([close.id])).get(close.id);
  return leftOf(close, { payable: payable?.posted, unpaid });
}

const leftOf = (
  { excludedAt }: WalletClose,
  { payable = 0, unpaid = 0 }: { payable?: number | undefined; unpaid?: number | undefined },
): number => (excludedAt ? 0 : payable - unpaid);

/** What can be claimed of a wallet now, closed or not. */
export interface Claimable {
  readonly walletId: string;
  /** Yen. */
  readonly amount: number;
}

/** Reads what can be claimed of wallets, to be shown: a claim reads it anew, in its unit of work. */
export const readClaimable =
  (
    ledger: Pick<Ledger, 'accounts'>,
    closes: Pick<ReturnType<typeof walletCloseStore>, 'findMany'>,
    claims: Pick<ReturnType<typeof claimStore>, 'unpaidOf'>,
  ) =>
  async (walletIds: readonly string[]): Promise<Claimable[]> => {
    const accounts = walletIds.flatMap((id) => [walletAccount(id), payableAccount(id)]);
    const found = new Map((await ledger.accounts(accounts)).map((each) => [each.id, each]));
    const closed = new Map((await closes.findMany(walletIds)).map((close) => [close.id, close]));
    const unpaid = await claims.unpaidOf([...closed.keys()]);
    return walletIds.map((walletId) => {
      const close = closed.get(walletId);
      const wallet = found.get(walletAccount(walletId));
      const payable = found.get(payableAccount(walletId))?.posted;
      const amount = close
        ? leftOf(close, { payable, unpaid: unpaid.get(walletId) })
        : (wallet?.posted ?? 0) - (wallet?.held ?? 0);
      return { walletId, amount };
    });
  };
