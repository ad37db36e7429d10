import type { Controls, ControlsRefusal } from '@7pay/controls';
import type { MemberViewer } from '@7pay/graphql';
import { derivedId } from '@7pay/ids';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import { businessDate, type Clock } from '@7pay/time';
import { type CoolingRefusal, whileCooling } from '../cooling/cooling.ts';
import type { WalletUnitOfWork } from '../unit-of-work.ts';
import { requireStrongProof } from '../wallet/wallet.ts';
import type { Acquirer } from './acquirer.ts';
import {
  type CardRefusal,
  type CardRegistration,
  freeSlot,
  CARDS_AT_ONCE,
  TRIES_A_DAY,
} from './card.ts';

type RegisterCardRefusal =
  | ControlsRefusal
  | Extract<
      CardRefusal,
      'TOO_MANY_CARDS' | 'CARD_TRIES_EXCEEDED' | 'CARD_ENTRY_FAILED' | 'ACQUIRER_UNAVAILABLE'
    >
  | CoolingRefusal
  | 'STEP_UP_REQUIRED'
  | 'WALLET_NOT_OPEN'
  | 'WALLET_FROZEN';

/** Our id of a member's own number of a card entry. */
export const cardRegistrationId = (memberId: string, registrationId: string): string =>
  derivedId('crg', memberId, registrationId);

/** Begins to register a card: counts the try, and gives the acquirer's page that takes the number. */
export const registerCard =
  (
    unitOfWork: WalletUnitOfWork,
    controls: Controls,
    clock: Clock,
    { acquirer, returnUrl }: { acquirer: Acquirer; returnUrl: string },
  ) =>
  async (
    viewer: MemberViewer,
    request: { registrationId: string },
  ): Promise<{ url: string } | Refused<RegisterCardRefusal>> => {
    const weak = requireStrongProof(viewer);
    if (weak) return weak;
    // Which of the two it is shows only when the number is typed: one of them must be open.
    const asCredit = controls.guard('top-up.credit');
    const allowed = isRefused(asCredit) ? controls.guard('top-up.debit') : asCredit;
    const { memberId } = viewer;
    const id = cardRegistrationId(memberId, request.registrationId);
    const noted = await unitOfWork(
      async ({
        cards,
        registrations,
        wallets,
        coolings,
      }): Promise<CardRegistration | Refused<RegisterCardRefusal>> => {
        const earlier = await registrations.find(id);
        if (earlier) return earlier.state === 'OPEN' ? earlier : refuse('CARD_ENTRY_FAILED');
        if (isRefused(allowed)) return allowed;
        const wallet = await wallets.findByMember(memberId);
        if (!wallet) return refuse('WALLET_NOT_OPEN');
        if (wallet.state !== 'OPEN') return refuse('WALLET_FROZEN');
        const at = clock.now();
        const cools = whileCooling(await coolings.of(memberId, at), at);
        if (cools) return cools;
        if (!freeSlot(await cards.ofMember(memberId))) {
          return refuse('TOO_MANY_CARDS', { limit: CARDS_AT_ONCE });
        }
        const today = businessDate(at);
        const tries = await registrations.countOf(memberId, today);
        if (tries >= TRIES_A_DAY) return refuse('CARD_TRIES_EXCEEDED', { limit: TRIES_A_DAY });
        const registration: CardRegistration = {
          id,
          memberId,
          businessDate: today,
          n: tries + 1,
          state: 'OPEN',
          cardId: null,
          requestedAt: at,
        };
        await registrations.insert(registration);
        return registration;
      },
    );
    if (isRefused(noted)) return noted;
    const back = `${returnUrl}?registration=${encodeURIComponent(request.registrationId)}`;
    const opened = await acquirer.openEntry(id, back);
    return opened === 'UNKNOWN' ? refuse('ACQUIRER_UNAVAILABLE') : opened;
  };
