import { payableAccount } from '@7pay/ledger';
import type { WalletClose } from '../close/wallet-close.ts';
import type { RefundWork } from '../unit-of-work.ts';

/**
 * What of a closed wallet can be claimed, yen: what is payable and in no claim yet, whether it was there at the close or was given
 * back since. Nothing once it was excluded.
 */
export async function claimableOf(
  { session, ledger, claims }: RefundWork,
  { id, excludedAt }: WalletClose,
): Promise<number> {
  if (excludedAt) return 0;
  const payable = await ledger.account(session, payableAccount(id));
  return (payable?.posted ?? 0) - (await claims.unpaidOf(id));
}
