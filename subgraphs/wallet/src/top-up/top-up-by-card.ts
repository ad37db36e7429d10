import type { Controls, ControlsRefusal } from '@7pay/controls';
import type { MemberViewer } from '@7pay/graphql';
import { digest } from '@7pay/ids';
import { walletAccount } from '@7pay/ledger';
import type { Yen } from '@7pay/money';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import { businessDate, type Clock } from '@7pay/time';
import type { Acquirer } from '../card/acquirer.ts';
import type { Card, CardRefusal } from '../card/card.ts';
import { asksChallenge } from '../card/challenge-rule.ts';
import { type CoolingRefusal, whileCooling } from '../cooling/cooling.ts';
import type { WalletUnitOfWork, WalletWork } from '../unit-of-work.ts';
import { requireStrongProof } from '../wallet/wallet.ts';
import type { SettleByCard } from './settle-by-card.ts';
import { membersTopUpId } from './top-up-by-points.ts';
import { checkRoom, limitsOn, TOP_UP_LIMITS } from './top-up-limits.ts';
import { type CardTopUp, checkAmount, type RoomRefusal, type TopUp } from './top-up.ts';

export type TopUpByCardRefusal =
  | RoomRefusal
  | ControlsRefusal
  | CoolingRefusal
  | Extract<CardRefusal, 'CARD_UNKNOWN' | 'CARD_EXPIRED' | 'CARD_DECLINED'>
  | 'STEP_UP_REQUIRED'
  | 'WALLET_NOT_OPEN'
  | 'TOP_UP_ID_REUSED';

/** A charge that goes on at the page of the card's issuer. */
export interface ChallengeOpen {
  readonly topUp: TopUp;
  readonly url: string;
}

interface Request {
  readonly topUpId: string;
  readonly cardId: string;
  readonly amount: Yen;
}

/**
 * Tops up by a card of the member's: the wish is written down, the acquirer authorises, we capture and book. The same
 * number again goes on where it stands, and gives the page of the challenge again.
 */
export const topUpByCard =
  (
    unitOfWork: WalletUnitOfWork,
    controls: Controls,
    clock: Clock,
    outside: { acquirer: Acquirer; returnUrl: string; settle: SettleByCard },
  ) =>
  async (
    viewer: MemberViewer,
    request: Request,
  ): Promise<TopUp | ChallengeOpen | Refused<TopUpByCardRefusal>> => {
    const weak = requireStrongProof(viewer);
    if (weak) return weak;
    const noted = await unitOfWork((work) => note(work, { viewer, request, controls, clock }));
    if (isRefused(noted)) return noted;
    const { topUp, card } = noted;
    if (topUp.state !== 'PENDING' || topUp.calledOff) return answerOf(topUp);
    const charge = await outside.acquirer.authorise(topUp.id, {
      token: card.token,
      amount: topUp.amount,
      challenge: topUp.challenge !== 'NOT_ASKED',
      returnUrl: `${outside.returnUrl}?topUp=${encodeURIComponent(request.topUpId)}`,
    });
    const followed = await outside.settle.follow(topUp, charge);
    const url = charge === 'UNKNOWN' ? undefined : charge.url;
    if (url !== undefined && followed.state === 'PENDING') return { topUp: followed, url };
    return answerOf(followed);
  };

/** Goes on with a charge after its challenge, or after an answer that was lost. */
export const completeTopUp =
  (unitOfWork: WalletUnitOfWork, settle: SettleByCard) =>
  async (
    viewer: MemberViewer,
    { topUpId }: { topUpId: string },
  ): Promise<TopUp | Refused<'TOP_UP_UNKNOWN' | 'CARD_DECLINED' | 'STEP_UP_REQUIRED'>> => {
    const weak = requireStrongProof(viewer);
    if (weak) return weak;
    const id = membersTopUpId(viewer.memberId, topUpId);
    const topUp = await unitOfWork(({ topUps }) => topUps.find(id));
    if (!topUp) return refuse('TOP_UP_UNKNOWN');
    const isCharge = topUp.source === 'CREDIT' || topUp.source === 'DEBIT';
    return answerOf(isCharge && topUp.state === 'PENDING' ? await settle.ask(topUp) : topUp);
  };

const answerOf = (topUp: TopUp): TopUp | Refused<'CARD_DECLINED'> =>
  topUp.state === 'DECLINED' ? refuse('CARD_DECLINED') : topUp;

async function note(
  { session, topUps, cards, wallets, ledger, coolings }: WalletWork,
  {
    viewer: { memberId },
    request: { topUpId, cardId, amount },
    controls,
    clock,
  }: { viewer: MemberViewer; request: Request; controls: Controls; clock: Clock },
): Promise<{ topUp: CardTopUp; card: Card } | Refused<TopUpByCardRefusal>> {
  const id = membersTopUpId(memberId, topUpId);
  const request = digest({ source: 'CARD', cardId, amount });
  const earlier = await topUps.find(id);
  if (earlier && earlier.request !== request) return refuse('TOP_UP_ID_REUSED');
  const card = await cards.find(cardId);
  if (card?.memberId !== memberId) return refuse('CARD_UNKNOWN');
  if (earlier) return { topUp: earlier as CardTopUp, card }; // the same request is of the same source
  const source = card.funding;
  const allowed =
    source === 'CREDIT' ? controls.guard('top-up.credit') : controls.guard('top-up.debit');
  if (isRefused(allowed)) return allowed;
  if (card.slot === null) return refuse('CARD_UNKNOWN');
  const at = clock.now();
  const today = businessDate(at);
  if (card.expires < today.slice(0, 7)) return refuse('CARD_EXPIRED');
  const wallet = await wallets.findByMember(memberId);
  if (!wallet) return refuse('WALLET_NOT_OPEN');
  if (wallet.state !== 'OPEN') return refuse('WALLET_FROZEN');
  const cools = whileCooling(await coolings.of(memberId, at), at);
  if (cools) return cools;
  const account = await ledger.account(session, walletAccount(wallet.id));
  if (account?.status !== 'OPEN') return refuse('WALLET_FROZEN');
  const limits = limitsOn(TOP_UP_LIMITS[source], today);
  const wrong = checkAmount(amount, limits);
  if (wrong) return wrong;
  const waiting = await topUps.waitingOf(wallet.id);
  const full = checkRoom(account, { source, amount, waiting }, limits, at);
  if (full) return full;
  const isFirst = !(await topUps.hasSettled(cardId));
  const facts = { amount, isFirst, passedAt: card.passedAt, deviceSince: null };
  const topUp: CardTopUp = {
    id,
    source,
    walletId: wallet.id,
    memberId,
    cardId,
    challenge: asksChallenge(facts, { at, businessDate: today }) ? 'WAITING' : 'NOT_ASKED',
    calledOff: false,
    request,
    amount,
    state: 'PENDING',
    requestedAt: at,
    settledAt: null,
    generation: allowed.generation,
  };
  await topUps.insert(topUp);
  return { topUp, card };
}
