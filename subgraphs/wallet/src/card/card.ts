import { declareRefusals } from '@7pay/refusals';
import type { BusinessDate } from '@7pay/time';

/** What is kept of a card. Never its number and never its security code; those are typed at the acquirer alone. */
export interface TokenisedCard {
  readonly token: string;
  /** The first six digits: whose card it is. */
  readonly bin: string;
  readonly lastFour: string;
  readonly brand: 'VISA' | 'MASTERCARD' | 'JCB' | 'OTHER';
  readonly funding: 'CREDIT' | 'DEBIT';
  /** The last month in which it can be charged, YYYY-MM. */
  readonly expires: string;
}

/** A card of a member. */
export interface Card extends TokenisedCard {
  readonly id: string;
  readonly memberId: string;
  /** Its place among the member's; null when it was removed. */
  readonly slot: number | null;
  readonly registeredAt: Date;
  /** When a challenge of 3-D Secure was last passed with it. */
  readonly passedAt: Date;
}

/** One try to register a card. */
export interface CardRegistration {
  readonly id: string;
  readonly memberId: string;
  readonly businessDate: BusinessDate;
  /** The how manieth try of the day. */
  readonly n: number;
  readonly state: 'OPEN' | 'DONE' | 'FAILED';
  readonly cardId: string | null;
  readonly requestedAt: Date;
}

/** Source: docs/adr/0026-top-ups.md */
export const CARDS_AT_ONCE = 3;
export const TRIES_A_DAY = 5;

/** The place that is free, or none. */
export const freeSlot = (cards: readonly Card[]): number | undefined =>
  Array.from({ length: CARDS_AT_ONCE }, (_, index) => index + 1).find(
    (slot) => !cards.some((card) => card.slot === slot),
  );

export type CardRefusal =
  | 'TOO_MANY_CARDS'
  | 'CARD_TRIES_EXCEEDED'
  | 'CARD_ENTRY_UNKNOWN'
  | 'CARD_ENTRY_OPEN'
  | 'CARD_ENTRY_FAILED'
  | 'CARD_UNKNOWN'
  | 'CARD_EXPIRED'
  | 'CARD_DECLINED'
  | 'ACQUIRER_UNAVAILABLE';

declareRefusals('card', {
  TOO_MANY_CARDS: {
    ja: '登録できるカードは{limit}枚までです。使わないカードを削除してください。',
    en: 'At most {limit} cards can be registered. Please remove one that you do not use.',
  },
  CARD_TRIES_EXCEEDED: {
    ja: 'カードの登録は1日{limit}回までお試しいただけます。明日もう一度お試しください。',
    en: 'A card can be tried {limit} times a day. Please try again tomorrow.',
  },
  CARD_ENTRY_UNKNOWN: {
    ja: 'このカード登録は見つかりません。はじめからやり直してください。',
    en: 'This card entry was not found. Please start again.',
  },
  CARD_ENTRY_OPEN: {
    ja: 'カードの入力がまだ終わっていません。',
    en: 'The card has not been entered yet.',
  },
  CARD_ENTRY_FAILED: {
    ja: 'カードの本人確認ができなかったため、登録していません。',
    en: 'The card issuer did not confirm that it is you. The card was not registered.',
  },
  CARD_UNKNOWN: {
    ja: 'このカードは登録されていません。',
    en: 'This card is not registered.',
  },
  CARD_EXPIRED: {
    ja: 'カードの有効期限が切れています。新しいカードを登録してください。',
    en: 'The card has expired. Please register the new one.',
  },
  CARD_DECLINED: {
    ja: 'カード会社の承認が得られませんでした。請求はありません。',
    en: 'The card was declined. Nothing was charged.',
  },
  ACQUIRER_UNAVAILABLE: {
    ja: 'ただいまカード会社につながりません。少し待ってからもう一度お試しください。',
    en: 'The card company cannot be reached. Please wait a moment and try again.',
  },
});
