import type { MemberViewer } from '@7pay/graphql';
import { type Refused, refuse } from '@7pay/refusals';
import type { WalletUnitOfWork } from '../unit-of-work.ts';
import { requireStrongProof } from '../wallet/wallet.ts';
import type { Card } from './card.ts';

/** Takes a card away from its member; no switch keeps anybody from it. Removing it again changes nothing. */
export const removeCard =
  (unitOfWork: WalletUnitOfWork) =>
  async (
    viewer: MemberViewer,
    { cardId }: { cardId: string },
  ): Promise<Card | Refused<'CARD_UNKNOWN' | 'STEP_UP_REQUIRED'>> => {
    const weak = requireStrongProof(viewer);
    if (weak) return weak;
    return unitOfWork(async ({ cards }) => {
      const card = await cards.find(cardId);
      if (card?.memberId !== viewer.memberId) return refuse('CARD_UNKNOWN');
      if (card.slot !== null) await cards.remove(cardId);
      return { ...card, slot: null };
    });
  };
