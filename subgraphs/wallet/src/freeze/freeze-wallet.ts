import assert from 'node:assert/strict';
import type { Controls } from '@7pay/controls';
import { type MemberViewer, notFound } from '@7pay/graphql';
import { accountSetPlan, walletAccount } from '@7pay/ledger';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import type { WalletUnitOfWork, WalletWork } from '../unit-of-work.ts';
import { requireStrongProof, type Wallet } from '../wallet/wallet.ts';
import {
  freezeForSafety,
  freezeOwn,
  type FreezeRecord,
  type FreezeRefusal,
  type Reason,
  thawForSafety,
  thawOwn,
} from './freeze.ts';

type Decided = Wallet | Refused<FreezeRefusal>;
type Done = Omit<FreezeRecord, 'id' | 'walletId' | 'n'>;

/** Freezes the member's wallet inside a unit of work; done twice, once. */
export async function freezeAsMember(
  work: WalletWork,
  memberId: string,
  { at, generation }: { at: Date; generation: number },
): Promise<Decided> {
  const before = await work.wallets.findByMember(memberId);
  const done = { action: 'FREEZE', side: 'MEMBER', actor: memberId, at, reason: null } as const;
  return settle(work, { before, after: freezeOwn(before, at) }, done, generation);
}

/** The member stops their wallet: the password alone is enough, and no switch stops it. */
export const freezeMyWallet =
  (unitOfWork: WalletUnitOfWork, controls: Controls, clock: Clock) =>
  ({ memberId }: MemberViewer): Promise<Decided> =>
    unitOfWork((work) =>
      freezeAsMember(work, memberId, { at: clock.now(), generation: controls.generation }),
    );

/** The member opens it again, strongly proven; the rule of the field asks for a fresh login. */
export const thawMyWallet =
  (unitOfWork: WalletUnitOfWork, controls: Controls, clock: Clock) =>
  async (viewer: MemberViewer): Promise<Decided> => {
    const weak = requireStrongProof(viewer);
    if (weak) return weak;
    return unitOfWork(async (work) => {
      const before = await work.wallets.findByMember(viewer.memberId);
      const done: Done = {
        action: 'THAW',
        side: 'MEMBER',
        actor: viewer.memberId,
        at: clock.now(),
        reason: null,
      };
      return settle(work, { before, after: thawOwn(before) }, done, controls.generation);
    });
  };

/** An operator stops a wallet, with a reason for its member. */
export const freezeWallet =
  (unitOfWork: WalletUnitOfWork, controls: Controls, clock: Clock) =>
  (
    { memberId: actor }: MemberViewer,
    { walletId, reason }: { walletId: string; reason: Reason },
  ): Promise<Decided> =>
    unitOfWork(async (work) => {
      const before = await work.wallets.find(walletId);
      if (!before) throw notFound();
      const at = clock.now();
      const after = freezeForSafety(before, { actor, at, reason });
      const done: Done = { action: 'FREEZE', side: 'OPERATOR', actor, at, reason };
      return settle(work, { before, after }, done, controls.generation);
    });

/**
 * Freezes a wallet with money in it whose owner came after somebody else, inside a unit of work: an operator lifts it when it is clear whose
 * money it is. Nobody decided it but the member's own proof, so the member stands as who did it.
 */
export async function freezeReclaimed(
  work: WalletWork,
  memberId: string,
  { at, generation }: { at: Date; generation: number },
): Promise<Decided | null> {
  const before = await work.wallets.findByMember(memberId);
  const account = before && (await work.ledger.account(work.session, walletAccount(before.id)));
  if (!before || !account || account.posted <= 0) return null;
  const freeze = { actor: memberId, at, reason: RECLAIMED };
  const after = freezeForSafety(before, freeze);
  const done: Done = { action: 'FREEZE', side: 'OPERATOR', ...freeze };
  return settle(work, { before, after }, done, generation);
}
const RECLAIMED: Reason = {
  ja: 'メールアドレスの持ち主が確認されるまでに設定されたものを無効にしました。残高の持ち主を確認するまで停止しています。',
  en: 'What was set before the owner of the mail address proved it is void. The wallet is frozen until it is clear whose money it holds.',
};

/** A second operator lifts what the first did. */
export const thawWallet =
  (unitOfWork: WalletUnitOfWork, controls: Controls, clock: Clock) =>
  ({ memberId: actor }: MemberViewer, { walletId }: { walletId: string }): Promise<Decided> =>
    unitOfWork(async (work) => {
      const before = await work.wallets.find(walletId);
      if (!before) throw notFound();
      const done: Done = {
        action: 'THAW',
        side: 'OPERATOR',
        actor,
        at: clock.now(),
        reason: null,
      };
      const after = thawForSafety(before, actor);
      return settle(work, { before, after }, done, controls.generation);
    });

/** Wallet, ledger account, codes and record change together, or nothing does. */
async function settle(
  { session, wallets, codes, ledger, freezeRecords }: WalletWork,
  { before, after }: { before: Wallet | null; after: Decided },
  done: Done,
  generation: number,
): Promise<Decided> {
  if (isRefused(after) || after === before) return after;
  assert(before, 'what was decided on exists');
  const id = `${after.id}:${done.action.toLowerCase()}:${after.changes}`;
  const account = walletAccount(after.id);
  const status = after.state;
  const told = { id, wallet: after.id, at: done.at, generation, ref: { walletId: after.id } };
  const entry = await ledger.post(session, accountSetPlan(told, { account, status }));
  // What is closed is never opened again. The account knows it before the wallet has heard of it.
  if (isRefused(entry)) return refuse('WALLET_CLOSED');
  // A code on a screen in the wrong hands stays worthless when the wallet opens again.
  if (status === 'FROZEN') await codes.useUp(after.id, id, done.at);
  await wallets.change(before, after);
  await freezeRecords.append({ ...done, id, walletId: after.id, n: after.changes });
  return after;
}
