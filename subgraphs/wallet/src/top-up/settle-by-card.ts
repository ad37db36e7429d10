import type { Controls } from '@7pay/controls';
import { isRefused } from '@7pay/refusals';
import { businessDate, type Clock } from '@7pay/time';
import type { Acquirer, Charge } from '../card/acquirer.ts';
import type { WalletUnitOfWork, WalletWork } from '../unit-of-work.ts';
import { bookSuspense } from './book-top-up.ts';
import { limitsOn, TOP_UP_LIMITS } from './top-up-limits.ts';
import { type CardTopUp, type TopUp, topUpEntry, type TopUpState } from './top-up.ts';

/** How long a cardholder has for a challenge, and a request for reaching the acquirer. Source: docs/adr/0026-top-ups.md */
const CHALLENGE_MS = 10 * 60_000;
const ON_ITS_WAY_MS = 15_000;

/** Brings a charge to its end, as far as the acquirer tells. Doing it twice books once, and voids once. */
export interface SettleByCard {
  /** From what the acquirer just said. */
  follow(topUp: CardTopUp, charge: Charge | 'UNKNOWN'): Promise<TopUp>;
  /** From its answer under our id. */
  ask(topUp: CardTopUp): Promise<TopUp>;
}

/**
 * Settles charges of cards. What was captured is booked, or, when the wallet refuses it, voided: that decision is
 * written first and for good, so that nobody books what another voids (docs/adr/0026-top-ups.md).
 */
export function settleByCard(
  unitOfWork: WalletUnitOfWork,
  acquirer: Acquirer,
  controls: Controls,
  clock: Clock,
): SettleByCard {
  const finish = (topUp: CardTopUp, state: TopUpState): Promise<TopUp> =>
    unitOfWork((work) => whilePending(work, topUp, (now) => ended(work, now, state, clock.now())));

  const voidCharge = async (topUp: CardTopUp): Promise<TopUp> => {
    const charge = await acquirer.void(topUp.id);
    if (charge === 'UNKNOWN') return topUp;
    if (charge.state === 'VOIDED') return finish(topUp, charge.captured ? 'VOIDED' : 'DECLINED');
    // What the acquirer does not know it will never do.
    if (charge.state === 'DECLINED' || charge.state === 'NONE') return finish(topUp, 'DECLINED');
    if (charge.state !== 'CAPTURED') return topUp; // on its way: called off it is, and asked again
    return unitOfWork((work) =>
      whilePending(work, topUp, (now) =>
        bookSuspense(work, now, {
          reason: 'VOID_TOO_LATE',
          amount: now.amount,
          at: clock.now(),
        }),
      ),
    );
  };

  const callOff = async (topUp: CardTopUp): Promise<TopUp> => {
    const noted = await unitOfWork(({ topUps, ...work }) =>
      whilePending({ topUps, ...work }, topUp, async (now) => {
        if (!now.calledOff) await topUps.callOff(now.id);
        return { ...now, calledOff: true };
      }),
    );
    return noted.state === 'PENDING' ? voidCharge(topUp) : noted;
  };

  const book = async (topUp: CardTopUp): Promise<TopUp> => {
    const booked = await unitOfWork((work) =>
      whilePending(work, topUp, async (now) => {
        if (now.calledOff) return now;
        const at = clock.now();
        const limits = limitsOn(TOP_UP_LIMITS[now.source], businessDate(at));
        const window = { day: limits?.day ?? 0, days30: limits?.days30 ?? 0 };
        const entry = await work.ledger.post(work.session, topUpEntry(now, at, window));
        if (!isRefused(entry)) return ended(work, now, 'SETTLED', at);
        await work.topUps.callOff(now.id);
        return { ...now, calledOff: true };
      }),
    );
    return booked.state === 'PENDING' ? voidCharge(topUp) : booked;
  };

  const isOpen = (topUp: CardTopUp): boolean => {
    const allowed =
      topUp.source === 'CREDIT' ? controls.guard('top-up.credit') : controls.guard('top-up.debit');
    return !isRefused(allowed);
  };

  const follow: SettleByCard['follow'] = async (topUp, charge) => {
    if (charge === 'UNKNOWN') return topUp;
    await noteChallenge(unitOfWork, { topUp, charge, at: clock.now() });
    const age = clock.now().getTime() - topUp.requestedAt.getTime();
    // A charge for which a challenge was demanded is not good without one.
    const isProven = topUp.challenge === 'NOT_ASKED' || charge.challenge === 'PASSED';
    switch (charge.state) {
      case 'CAPTURED':
        return isProven ? book(topUp) : callOff(topUp);
      case 'AUTHORISED': {
        // Nothing is taken after the switch was closed, though it was promised before.
        if (!isProven || !isOpen(topUp)) return callOff(topUp);
        const captured = await acquirer.capture(topUp.id);
        const waits = captured !== 'UNKNOWN' && captured.state === 'AUTHORISED';
        return waits ? topUp : follow(topUp, captured); // one that is queued is asked for again
      }
      case 'CHALLENGE':
        return age > CHALLENGE_MS ? callOff(topUp) : topUp;
      case 'NONE':
        return age > ON_ITS_WAY_MS ? callOff(topUp) : topUp;
      case 'DECLINED':
        return finish(topUp, 'DECLINED');
      case 'VOIDED':
        return finish(topUp, charge.captured ? 'VOIDED' : 'DECLINED');
    }
  };
  return {
    follow,
    ask: async (topUp) =>
      topUp.calledOff ? voidCharge(topUp) : follow(topUp, await acquirer.query(topUp.id)),
  };
}

async function whilePending(
  { topUps }: Pick<WalletWork, 'topUps'>,
  topUp: CardTopUp,
  act: (now: CardTopUp) => Promise<TopUp>,
): Promise<TopUp> {
  const now = await topUps.find(topUp.id);
  if (now?.source !== 'CREDIT' && now?.source !== 'DEBIT') return topUp;
  return now.state === 'PENDING' ? act(now) : now;
}

async function ended(
  { topUps }: WalletWork,
  topUp: CardTopUp,
  state: TopUpState,
  at: Date,
): Promise<TopUp> {
  await topUps.finish(topUp.id, state, at);
  return { ...topUp, state, settledAt: at };
}

const noteChallenge = async (
  unitOfWork: WalletUnitOfWork,
  { topUp, charge, at }: { topUp: CardTopUp; charge: Charge; at: Date },
): Promise<void> => {
  const { challenge } = charge;
  if (challenge === topUp.challenge || challenge === 'NOT_ASKED') return;
  await unitOfWork(async ({ topUps, cards }) => {
    const now = await topUps.find(topUp.id);
    if (!now || !('challenge' in now) || now.challenge === challenge) return;
    await topUps.noteChallenge(topUp.id, challenge);
    if (challenge === 'PASSED') await cards.notePassed(topUp.cardId, at);
  });
};
