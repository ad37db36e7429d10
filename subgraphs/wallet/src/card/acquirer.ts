import type { ChallengeResult } from '../top-up/top-up.ts';
import type { TokenisedCard } from './card.ts';

/** How a card entry stands at the acquirer. */
export type EntryResult =
  | { readonly state: 'OPEN' | 'FAILED' }
  | { readonly state: 'ENTERED'; readonly card: TokenisedCard };

/** How a charge stands at the acquirer. NONE: it knows of none under our id. */
export interface Charge {
  readonly state: 'NONE' | 'CHALLENGE' | 'AUTHORISED' | 'CAPTURED' | 'DECLINED' | 'VOIDED';
  readonly challenge: ChallengeResult;
  /** Whether it was ever captured, also when it was voided then. */
  readonly captured: boolean;
  /** The page of the challenge, while one is open. */
  readonly url?: string | undefined;
}

/**
 * The card acquirer, an outside party. Each question is under our id and may be asked again. UNKNOWN when no reliable
 * answer came: it may have done what we asked.
 */
export interface Acquirer {
  /** The page that takes the card number, so that we never see one. */
  openEntry(registrationId: string, returnUrl: string): Promise<{ url: string } | 'UNKNOWN'>;
  entryOf(registrationId: string): Promise<EntryResult | 'UNKNOWN'>;
  authorise(
    topUpId: string,
    charge: { token: string; amount: number; challenge: boolean; returnUrl: string },
  ): Promise<Charge | 'UNKNOWN'>;
  capture(topUpId: string): Promise<Charge | 'UNKNOWN'>;
  /** Calls the charge off; what it does not know yet it will never do. CAPTURED: it is too late. */
  void(topUpId: string): Promise<Charge | 'UNKNOWN'>;
  query(topUpId: string): Promise<Charge | 'UNKNOWN'>;
}
