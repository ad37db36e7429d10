import type { Controls, ControlsRefusal } from '@7pay/controls';
import type { MemberViewer } from '@7pay/graphql';
import { digest, type IdSource } from '@7pay/ids';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import type { WalletUnitOfWork } from '../unit-of-work.ts';
import { requireStrongProof } from '../wallet/wallet.ts';
import { codeLoginOf } from './code-login.ts';
import { guardCodes } from './guard-codes.ts';
import { lifeOf, makeDigits } from './payment-code.ts';

export type IssueCodeRefusal = 'STEP_UP_REQUIRED' | 'WALLET_NOT_OPEN' | 'WALLET_FROZEN';

/** A code as shown once to its member. The digits exist here and on the screen, nowhere else. */
export interface IssuedCode {
  readonly code: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly acceptedUntil: Date;
}

/** Issues a code that pays, or tops up at a register, once. */
export const issuePaymentCode =
  (unitOfWork: WalletUnitOfWork, controls: Controls, clock: Clock, ids: IdSource) =>
  async (
    viewer: MemberViewer,
  ): Promise<IssuedCode | Refused<IssueCodeRefusal | ControlsRefusal>> => {
    const allowed = guardCodes(controls);
    if (isRefused(allowed)) return allowed;

    const weak = requireStrongProof(viewer);
    if (weak) return weak;
    const code = makeDigits((count) => ids.digits(count));
    return unitOfWork(async ({ wallets, codes }) => {
      const wallet = await wallets.findByMember(viewer.memberId);
      if (!wallet) return refuse('WALLET_NOT_OPEN');
      if (wallet.state !== 'OPEN') return refuse('WALLET_FROZEN');
      const life = lifeOf(clock.now());
      await codes.insert({
        digest: digest(code),
        walletId: wallet.id,
        memberId: viewer.memberId,
        epoch: wallet.codeEpoch,
        generation: allowed.generation,
        login: codeLoginOf(viewer),
        ...life,
        usedBy: null,
      });
      return { code, ...life };
    });
  };
