import type { AgreedPayment } from '@7pay/graphql';
import type { Yen } from '@7pay/money';
import { declareRefusals, type Refused, refuse } from '@7pay/refusals';

declareRefusals('agreement', {
  PAYMENT_NOT_AS_AGREED: {
    ja: 'お客さまが同意した支払先または金額と違うため、支払えません。代金は引き落とされていません。同意のとおりに送り直してください。',
    en: 'This is not the payee or the amount that the member agreed to. Nothing was charged. Please send what was agreed.',
  },
  // One sentence for all that is the member's own: balance, limits, a frozen wallet, none, a password just recovered.
  PAYMENT_DECLINED: {
    ja: 'お支払いできませんでした。代金は引き落とされていません。お客さまに7payの画面で確認していただいてください。',
    en: 'The payment could not be made. Nothing was charged. Please ask the member to look at 7pay.',
  },
});

/** What a partner asks for under an agreement of a member. */
export interface AskedPayment {
  readonly storeId: string;
  readonly amount: Yen;
}

/** What can be other than agreed. */
export type Differing = 'MERCHANT' | 'AMOUNT' | 'CURRENCY';

const CURRENCY = 'JPY'; // the only money of a wallet

/**
 * Refuses whatever is not the very payment that the member agreed to.
 * @param merchantId whose the store is
 */
export function judgeAgreed(
  agreed: AgreedPayment,
  { amount, merchantId }: { amount: Yen; merchantId: string },
): Refused<'PAYMENT_NOT_AS_AGREED'> | undefined {
  const differs: Differing | undefined =
    agreed.currency !== CURRENCY
      ? 'CURRENCY'
      : agreed.merchantId !== merchantId
        ? 'MERCHANT'
        : agreed.amount !== amount
          ? 'AMOUNT'
          : undefined;
  return differs && refuse('PAYMENT_NOT_AS_AGREED', { differs });
}

const MEMBERS_OWN: ReadonlySet<string> = new Set([
  'WALLET_NOT_OPEN',
  'WALLET_FROZEN',
  'INSUFFICIENT_BALANCE',
  'BALANCE_CAP_EXCEEDED',
  'LIMIT_EXCEEDED',
  'RECOVERY_COOLING',
  'TOO_MANY_HOLDS',
]);

/** A refusal as a partner hears it: how a wallet stands is its member's alone. */
export const toPartner = (refused: Refused): Refused => {
  if (MEMBERS_OWN.has(refused.refused)) return refuse('PAYMENT_DECLINED');
  return refused.refused === 'BILL_ALREADY_PAID' ? refuse('PAYMENT_ID_REUSED') : refused;
};
