import type { MemberViewer } from '@7pay/graphql';
import { derivedId } from '@7pay/ids';
import { type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import type { WalletUnitOfWork } from '../unit-of-work.ts';
import { requireStrongProof } from '../wallet/wallet.ts';
import type { Acquirer } from './acquirer.ts';
import {
  type Card,
  type CardRefusal,
  CARDS_AT_ONCE,
  freeSlot,
  type TokenisedCard,
} from './card.ts';
import { cardRegistrationId } from './register-card.ts';

type CompleteRefusal = CardRefusal | 'STEP_UP_REQUIRED';

/**
 * Asks the acquirer what became of a card entry, and keeps the card, once. Whoever comes back from its page is believed
 * nothing: the acquirer itself is asked, and gives a card only after a passed challenge.
 */
export const completeCardRegistration =
  (unitOfWork: WalletUnitOfWork, acquirer: Acquirer, clock: Clock) =>
  async (
    viewer: MemberViewer,
    request: { registrationId: string },
  ): Promise<Card | Refused<CompleteRefusal>> => {
    const weak = requireStrongProof(viewer);
    if (weak) return weak;
    const { memberId } = viewer;
    const id = cardRegistrationId(memberId, request.registrationId);
    const known = await unitOfWork(async ({ registrations, cards }) => {
      const registration = await registrations.find(id);
      if (!registration) return refuse('CARD_ENTRY_UNKNOWN');
      if (registration.state === 'FAILED') return refuse('CARD_ENTRY_FAILED');
      if (registration.cardId === null) return null;
      return (await cards.find(registration.cardId)) ?? refuse('CARD_UNKNOWN');
    });
    if (known) return known;
    const result = await acquirer.entryOf(id);
    if (result === 'UNKNOWN') return refuse('ACQUIRER_UNAVAILABLE');
    if (result.state === 'OPEN') return refuse('CARD_ENTRY_OPEN');
    const entered = result.state === 'ENTERED' ? result.card : null;
    return unitOfWork(async ({ registrations, cards }) => {
      const now = await registrations.find(id);
      if (now?.cardId) return (await cards.find(now.cardId)) ?? refuse('CARD_UNKNOWN');
      if (now?.state !== 'OPEN') return refuse('CARD_ENTRY_FAILED');
      const end = (state: 'DONE' | 'FAILED', cardId: string | null) =>
        registrations.finish(id, { state, cardId });
      if (!entered) {
        await end('FAILED', null);
        return refuse('CARD_ENTRY_FAILED');
      }
      const mine = await cards.ofMember(memberId);
      const same = mine.find(({ token }) => token === entered.token);
      const slot = freeSlot(mine);
      if (!same && slot === undefined) {
        await end('FAILED', null);
        return refuse('TOO_MANY_CARDS', { limit: CARDS_AT_ONCE });
      }
      const card =
        same ?? made(entered, { registrationId: id, memberId, slot: slot!, at: clock.now() });
      if (!same) await cards.insert({ ...card, slot: slot! });
      await end('DONE', card.id);
      return card;
    });
  };

const made = (
  entered: TokenisedCard,
  {
    registrationId,
    memberId,
    slot,
    at,
  }: { registrationId: string; memberId: string; slot: number; at: Date },
): Card => ({
  id: derivedId('crd', registrationId),
  memberId,
  slot,
  ...entered,
  registeredAt: at,
  passedAt: at, // entering a card is always challenged
});
