import assert from 'node:assert/strict';
import type { Controls } from '@7pay/controls';
import { type Ledger, payableAccount } from '@7pay/ledger';
import { declareRefusals, isRefused, type Refused, refuse } from '@7pay/refusals';
import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import type { RefundUnitOfWork } from '../unit-of-work.ts';
import { isClosable } from '../programme/refund-programme.ts';
import { claimableOf } from '../claim/claimable.ts';
import { closeOf, exclusionOf, isWaiting, refundPaidEntry } from './wallet-close.ts';

declareRefusals('wallet-close', {
  CLAIM_UNKNOWN: {
    ja: 'この申出は見つかりません。',
    en: 'There is no such claim.',
  },
  SERVICE_STILL_OPEN: {
    ja: '支払いが停止されていないため、ウォレットを閉じることはできません。',
    en: 'Payments are not stopped: wallets cannot be closed.',
  },
});

/** What a run came to. Wallets that wait hold a payment that is not final; the next run closes them. */
export interface ClosedWallets {
  readonly closed: number;
  /** Yen that became payable. */
  readonly total: number;
  readonly waiting: number;
  /** Wallets that could not be closed: each is in the log, and the next run tries it again. */
  readonly failed: number;
}

const AT_ONCE = 100;

/**
 * Closes every wallet, each in one write of its own: its balance becomes payable to its member. Payments are to be stopped
 * before, which refuses all new ones at once; what is held ends by itself and is waited for. A run that is killed is repeated,
 * by several at once too: what is closed stays closed. A wallet that cannot be closed keeps no other from it.
 */
export const closeWallets =
  (
    unitOfWork: RefundUnitOfWork,
    controls: Pick<Controls, 'guard' | 'generation'>,
    clock: Clock,
    { openWallets, log }: { openWallets: Ledger['openWallets']; log: Log },
  ) =>
  async (
    programmeId: string,
  ): Promise<ClosedWallets | Refused<'SERVICE_STILL_OPEN' | 'NO_REFUND_PROGRAMME'>> => {
    const gate = controls.guard('payment');
    // Not to know how the switches stand refuses payments too, and closes nothing.
    if (!isRefused(gate) || gate.refused !== 'FUNCTION_CLOSED') return refuse('SERVICE_STILL_OPEN');
    const programme = await unitOfWork(({ programmes }) => programmes.find(programmeId));
    if (!programme || !isClosable(programme, clock.now())) return refuse('NO_REFUND_PROGRAMME');
    let [closed, total, waiting, failed] = [0, 0, 0, 0];
    for (let after = ''; ;) {
      const page = await openWallets(after, AT_ONCE);
      for (const { id, wallet } of page) {
        const { generation } = controls;
        try {
          const told = { programmeId, at: clock.now(), generation };
          const balance = await closeOne(unitOfWork, id, told);
          if (balance === 'WAITING') waiting += 1;
          else if (balance !== 'CLOSED_ALREADY') [closed, total] = [closed + 1, total + balance];
        } catch (cause) {
          failed += 1;
          log.error('refund.close_failed', { walletId: wallet, cause });
        }
      }
      if (page.length < AT_ONCE) return { closed, total, waiting, failed };
      after = page.at(-1)!.id;
    }
  };

const closeOne = (
  unitOfWork: RefundUnitOfWork,
  id: string,
  told: { programmeId: string; at: Date; generation: number },
): Promise<number | 'WAITING' | 'CLOSED_ALREADY'> =>
  unitOfWork(async ({ session, ledger, closes }) => {
    const account = await ledger.account(session, id);
    if (!account || account.status === 'CLOSED') return 'CLOSED_ALREADY';
    if (isWaiting(account, told.at)) return 'WAITING';
    const { close, plans } = closeOf(account, told);
    await ledger.openAccount(session, {
      id: payableAccount(account.wallet),
      kind: 'REFUND_PAYABLE',
      currency: 'JPY',
      owner: account.owner,
      wallet: account.wallet,
      cap: null,
    });
    for (const plan of plans) {
      const entry = await ledger.post(session, plan);
      assert(!isRefused(entry), 'a wallet that is thawed and holds nothing can be emptied');
    }
    await closes.insert(close);
    return close.balance;
  });

/** Books that a claim was paid. The same again changes nothing; more than is payable is refused by the account. */
export const payRefund =
  (unitOfWork: RefundUnitOfWork, generation: () => number, clock: Clock) =>
  (claimId: string): Promise<'PAID' | Refused<'CLAIM_UNKNOWN' | 'INSUFFICIENT_BALANCE'>> =>
    unitOfWork(async ({ session, ledger, claims }) => {
      const claim = await claims.find(claimId);
      if (!claim) return refuse('CLAIM_UNKNOWN');
      if (claim.state === 'PAID') return 'PAID';
      const plan = refundPaidEntry(claim, { at: clock.now(), generation: generation() });
      const entry = await ledger.post(session, plan);
      if (isRefused(entry)) return refuse('INSUFFICIENT_BALANCE');
      await claims.pay(claimId);
      return 'PAID';
    });

/** Excludes what nobody claimed, once the window has closed: from then on nothing becomes payable. Returns yen. */
export const excludeUnclaimed =
  (unitOfWork: RefundUnitOfWork, generation: () => number, clock: Clock) =>
  async (programmeId: string): Promise<number | Refused<'NO_REFUND_PROGRAMME'>> => {
    const programme = await unitOfWork(({ programmes }) => programmes.find(programmeId));
    if (!programme || programme.claimsUntil > clock.now()) return refuse('NO_REFUND_PROGRAMME');
    let total = 0;
    for (let after = ''; ;) {
      const page = await unitOfWork(({ closes }) => closes.claimable(programmeId, after, AT_ONCE));
      for (const { id } of page) {
        total += await unitOfWork(async (work) => {
          const close = await work.closes.find(id);
          if (!close || close.excludedAt) return 0;
          const told = { at: clock.now(), generation: generation() };
          const left = await claimableOf(work, close);
          for (const plan of exclusionOf(close, left, told)) {
            const entry = await work.ledger.post(work.session, plan);
            assert(!isRefused(entry), 'what nobody claimed is still payable');
          }
          await work.closes.exclude(id, told.at);
          return left;
        });
      }
      if (page.length < AT_ONCE) return total;
      after = page.at(-1)!.id;
    }
  };
