import type { Controls, ControlsRefusal } from '@7pay/controls';
import type { MemberViewer } from '@7pay/graphql';
import { derivedId, digest, pointsAccountIdOf } from '@7pay/ids';
import { available, pointsAccount, pointsOwed, walletAccount } from '@7pay/ledger';
import { type Points, yen } from '@7pay/money';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import { businessDate, type Clock } from '@7pay/time';
import type { WalletUnitOfWork } from '../unit-of-work.ts';
import { requireStrongProof } from '../wallet/wallet.ts';
import { checkPoints, exchangeEntry, type PointsRefusal } from './points-exchange.ts';
import { checkRoom, limitsOn, TOP_UP_LIMITS } from './top-up-limits.ts';
import { checkAmount, type PointsTopUp, type RoomRefusal, type TopUp } from './top-up.ts';

export type TopUpByPointsRefusal =
  | RoomRefusal
  | PointsRefusal
  | 'TOO_MANY_HOLDS'
  | 'STEP_UP_REQUIRED'
  | 'WALLET_NOT_OPEN'
  | 'TOP_UP_ID_REUSED';

/** Our id of a member's own number of a top-up. */
export const membersTopUpId = (memberId: string, topUpId: string): string =>
  derivedId('top', memberId, topUpId);

/** Makes yen of points, one for one, in one entry: both move or neither. Nobody outside is asked. */
export const topUpByPoints =
  (unitOfWork: WalletUnitOfWork, controls: Controls, clock: Clock) =>
  async (
    viewer: MemberViewer,
    request: { topUpId: string; points: Points },
  ): Promise<TopUp | Refused<TopUpByPointsRefusal | ControlsRefusal>> => {
    const weak = requireStrongProof(viewer);
    if (weak) return weak;
    const allowed = controls.guard('top-up.points');
    const { memberId } = viewer;
    const { points } = request;
    const id = membersTopUpId(memberId, request.topUpId);
    const requestDigest = digest({ source: 'POINTS', points });
    return unitOfWork(async ({ session, topUps, wallets, ledger }) => {
      const earlier = await topUps.find(id);
      if (earlier) return earlier.request === requestDigest ? earlier : refuse('TOP_UP_ID_REUSED');
      if (isRefused(allowed)) return allowed;
      const wallet = await wallets.findByMember(memberId);
      if (!wallet) return refuse('WALLET_NOT_OPEN');
      if (wallet.state !== 'OPEN') return refuse('WALLET_FROZEN');
      const at = clock.now();
      const amount = yen(points); // one point is one yen
      const limits = limitsOn(TOP_UP_LIMITS.POINTS, businessDate(at));
      const wrong = checkAmount(amount, limits);
      if (wrong) return wrong;
      const account = await ledger.account(session, walletAccount(wallet.id));
      const waiting = await topUps.waitingOf(wallet.id);
      const full = checkRoom(account, { source: 'POINTS', amount, waiting }, limits, at);
      if (full) return full;
      const pointsAccountId = pointsAccountIdOf(memberId);
      const held = await ledger.account(session, pointsAccount(pointsAccountId));
      const debt = await ledger.account(session, pointsOwed(pointsAccountId));
      const there = { held: held ? available(held, at) : 0, owed: debt?.posted ?? 0 };
      const missing = checkPoints(points, there);
      if (missing) return missing;

      const topUp: PointsTopUp = {
        id,
        source: 'POINTS',
        walletId: wallet.id,
        memberId,
        pointsAccountId,
        request: requestDigest,
        amount,
        state: 'SETTLED',
        requestedAt: at,
        settledAt: at,
        generation: allowed.generation,
      };
      const entry = await ledger.post(session, exchangeEntry(topUp, limits));
      // Only points can run short here: their last day may end between this clock and the account's.
      if (isRefused(entry)) {
        return entry.refused === 'INSUFFICIENT_BALANCE'
          ? refuse('INSUFFICIENT_POINTS', { short: Number(entry.facts['short'] ?? 0) })
          : (entry as Refused<Exclude<typeof entry.refused, 'INSUFFICIENT_BALANCE'>>);
      }
      await topUps.insert(topUp);
      return topUp;
    });
  };
