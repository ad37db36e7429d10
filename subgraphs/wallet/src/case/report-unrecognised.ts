import type { Controls } from '@7pay/controls';
import { type MemberViewer, notFound } from '@7pay/graphql';
import { derivedId, isId } from '@7pay/ids';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import { freezeAsMember } from '../freeze/freeze-wallet.ts';
import type { FreezeRefusal } from '../freeze/freeze.ts';
import type { WalletUnitOfWork, WalletWork } from '../unit-of-work.ts';
import { requireStrongProof } from '../wallet/wallet.ts';
import { type CaseOutcome, closeCase, openCase, type WalletCase } from './wallet-case.ts';

/** A movement that a member does not recognise. */
export interface Report {
  readonly subject: string;
  readonly note: string;
  /** Whether the wallet is frozen as well, in the same unit of work. */
  readonly freeze: boolean;
}

/**
 * Opens the case of a movement, one for each; told again, the same case is the answer.
 * @throws NOT_FOUND for what is not the member’s
 */
export const reportUnrecognised =
  (unitOfWork: WalletUnitOfWork, controls: Controls, clock: Clock) =>
  async (
    viewer: MemberViewer,
    { subject, note, freeze }: Report,
  ): Promise<WalletCase | Refused<FreezeRefusal>> => {
    const weak = requireStrongProof(viewer);
    if (weak) return weak;
    const { memberId } = viewer;
    return unitOfWork(async (work) => {
      const wallet = await work.wallets.findByMember(memberId);
      if (!wallet) return refuse('WALLET_NOT_OPEN');
      if ((await ownerOf(work, subject)) !== memberId) throw notFound();
      const at = clock.now();
      const frozen = freeze
        ? await freezeAsMember(work, memberId, { at, generation: controls.generation })
        : wallet;
      // Nothing leaves a closed wallet either: what the member reports is looked into all the same.
      if (isRefused(frozen) && frozen.refused !== 'WALLET_CLOSED') return frozen;
      const id = derivedId('cas', subject);
      const earlier = await work.cases.find(id);
      if (earlier) return earlier;
      const opened = openCase({ id, walletId: wallet.id, memberId, subject, note }, at);
      await work.cases.insert(opened);
      return opened;
    });
  };

/** An operator looks into a case; whoever takes it last has it. */
export const takeWalletCase =
  (unitOfWork: WalletUnitOfWork, clock: Clock) =>
  (
    { memberId: takenBy }: MemberViewer,
    caseId: string,
  ): Promise<WalletCase | Refused<'CASE_CLOSED' | 'SECOND_PERSON_REQUIRED'>> =>
    unitOfWork(async ({ cases }) => {
      const before = await cases.find(caseId);
      if (!before) throw notFound();
      if (before.memberId === takenBy) return refuse('SECOND_PERSON_REQUIRED'); // nobody decides about their own money
      if (before.takenBy === takenBy) return before;
      if (before.state === 'CLOSED') return refuse('CASE_CLOSED');
      const takenAt = clock.now();
      await cases.take(before, takenBy, takenAt);
      return { ...before, takenBy, takenAt };
    });

/** An operator says what it was; who did is on record in the case. */
export const closeWalletCase =
  (unitOfWork: WalletUnitOfWork, clock: Clock) =>
  (
    { memberId: by }: MemberViewer,
    { caseId, outcome, note }: { caseId: string; outcome: CaseOutcome; note: string },
  ): Promise<WalletCase | Refused<'CASE_CLOSED' | 'SECOND_PERSON_REQUIRED'>> =>
    unitOfWork(async ({ cases }) => {
      const open = await cases.find(caseId);
      if (!open) throw notFound();
      if (open.memberId === by) return refuse('SECOND_PERSON_REQUIRED');
      const closed = closeCase(open, { outcome, note, by }, clock.now());
      if (!isRefused(closed)) await cases.close(closed);
      return closed;
    });

async function ownerOf({ payments, topUps }: WalletWork, subject: string): Promise<string | null> {
  if (isId('pay', subject)) return (await payments.find(subject))?.memberId ?? null;
  return isId('top', subject) ? ((await topUps.find(subject))?.memberId ?? null) : null;
}
