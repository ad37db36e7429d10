import type { Controls, ControlsRefusal } from '@7pay/controls';
import type { MemberViewer } from '@7pay/graphql';
import { derivedId, digest } from '@7pay/ids';
import { payableAccount, walletAccount } from '@7pay/ledger';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import type { RefundUnitOfWork } from '../unit-of-work.ts';
import {
  type BalanceRefundClaim,
  claim,
  claimEntry,
  type ClaimRefusal,
  type PayoutMethod,
  requireStrongProof,
} from './balance-refund-claim.ts';
import { claimableOf } from './claimable.ts';

/**
 * Takes a member's claim: the whole balance moves out of the wallet into a payable account. Each yen moves once,
 * whatever number the claim carries and however often it comes.
 */
export const claimBalanceRefund =
  (unitOfWork: RefundUnitOfWork, controls: Controls, clock: Clock) =>
  async (
    viewer: MemberViewer,
    request: { claimId: string; payoutMethod: PayoutMethod },
  ): Promise<BalanceRefundClaim | Refused<ClaimRefusal | ControlsRefusal>> => {
    const allowed = controls.guard('refund.claim');
    const { memberId } = viewer;
    const id = derivedId('brc', memberId, request.claimId);
    const requestDigest = digest({ payoutMethod: request.payoutMethod });
    const walletId = derivedId('wal', memberId); // a member has one wallet, under an id that follows from theirs

    return unitOfWork(async (work) => {
      const { session, ledger, programmes, claims, closes } = work;
      const earlier = await claims.find(id);
      if (earlier) {
        const weak = requireStrongProof(viewer);
        if (weak) return weak;
        return earlier.request === requestDigest ? earlier : refuse('CLAIM_ID_REUSED');
      }
      if (isRefused(allowed)) return allowed; // an earlier claim is answered also while claims are stopped
      const at = clock.now();
      const programme = await programmes.running(at);
      const account = await ledger.account(session, walletAccount(walletId));
      const closed = await closes.find(walletId);
      const isTheirs = account?.owner === memberId;
      const inWallet = isTheirs ? account.posted - account.held : null;
      // What a closed wallet held is payable already, and so is what was given back since.
      const available = isTheirs && closed ? await claimableOf(work, closed) : inWallet;
      // Money that came in after a claim (a payment cancelled at last) may be claimed like the rest.
      const claimed = programme && (await claims.findOf(programme.id, walletId));
      if (claimed && (available ?? 0) <= 0) return refuse('ALREADY_CLAIMED');
      const made = claim(
        viewer,
        { programme, walletId, available },
        { id, payoutMethod: request.payoutMethod, request: requestDigest },
        at,
      );
      if (isRefused(made)) return made;
      if (closed) {
        await closes.claim(closed, made.id);
        await claims.insert(made);
        return made;
      }
      await ledger.openAccount(session, {
        id: payableAccount(walletId),
        kind: 'REFUND_PAYABLE',
        currency: 'JPY',
        owner: memberId,
        wallet: walletId,
        cap: null,
      });
      const entry = await ledger.post(session, claimEntry(made, allowed.generation));
      if (isRefused(entry)) return entry;
      await claims.insert(made);
      return made;
    });
  };
