import { type QrScheme, writeMerchantQr } from '@7pay/emv-qr';
import type { Yen } from '@7pay/money';
import { declareRefusals, type Refused, refuse } from '@7pay/refusals';

/** What a terminal asks of whoever reads its code. Whether it is paid is told by the payment under its number. */
export interface Bill {
  readonly id: string;
  /** The merchant’s own number: the payment will have it. */
  readonly merchantPaymentId: string;
  readonly merchantId: string;
  readonly storeId: string;
  readonly terminalId: string;
  readonly amount: Yen;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

/** A member’s own number for a payment: sent twice it pays once, whatever it is sent with. */
export interface MemberRequest {
  readonly id: string;
  readonly request: string;
  readonly paymentId: string;
  readonly at: Date;
}

export type BillRefusal = 'BILL_UNKNOWN' | 'BILL_EXPIRED' | 'BILL_ALREADY_PAID';

declareRefusals('bill', {
  BILL_UNKNOWN: {
    ja: 'このQRコードのお会計は見つかりません。お店の方にもう一度表示してもらってください。',
    en: 'There is no bill behind this QR code. Please ask the store to show it again.',
  },
  BILL_EXPIRED: {
    ja: 'お会計の有効期限が切れています。お店の方に新しいQRコードを表示してもらってください。',
    en: 'The bill has expired. Please ask the store to show a new QR code.',
  },
  BILL_ALREADY_PAID: {
    ja: 'このお会計はすでに済んでいます。代金は引き落とされていません。',
    en: 'This bill has been settled already. Nothing was charged.',
  },
  QR_UNREADABLE: {
    ja: '7payで支払えるお店のQRコードではありません。お店のQRコードをもう一度読み取ってください。',
    en: 'This is not the QR code of a store that takes 7pay. Please scan the store’s code again.',
  },
});

const LIFE_SECONDS = 300;

/** Until when a bill that is made now can be paid. */
export const billExpiry = (at: Date): Date => new Date(at.getTime() + LIFE_SECONDS * 1_000);

/** Decides whether a bill can be paid now; whether it was is another question. */
export function payable(bill: Bill | null, at: Date): Bill | Refused<BillRefusal> {
  if (!bill) return refuse('BILL_UNKNOWN');
  return at >= bill.expiresAt ? refuse('BILL_EXPIRED') : bill;
}

/** The scheme of our own codes. That of JPQR is set by whoever has its guideline (docs/running.md). */
export const OWN_SCHEME: QrScheme = { tag: '26', guid: 'jp.7pay' };

// Nobody pays by what a code says: names and amounts are told by the platform. These fields only have to be there.
const FIXED = { category: '5411', name: '7PAY', city: 'TOKYO', local: null } as const;
const BILL_PREFIX = /^bil_/;

/** The text of the code that a terminal shows for a bill. */
export const qrOfBill = (bill: Bill, scheme: QrScheme): string =>
  writeMerchantQr(
    {
      ...FIXED,
      kind: 'DYNAMIC',
      storeId: bill.storeId,
      terminalId: bill.terminalId,
      amount: bill.amount,
      bill: bill.id.replace(BILL_PREFIX, ''), // 25 characters are all that a bill number may have
    },
    scheme,
  );

/** The id of the bill that a code names. */
export const billIdOf = (number: string): string => `bil_${number}`;

/** The text of the code that a store prints: it never changes. */
export const qrOfStore = (storeId: string, scheme: QrScheme): string =>
  writeMerchantQr(
    { ...FIXED, kind: 'STATIC', storeId, terminalId: null, amount: null, bill: null },
    scheme,
  );
