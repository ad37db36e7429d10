import type { Locale } from '@7pay/refusals';
import type { MovementKind } from './movement.ts';

/** What a movement is called on paper. */
export const MOVEMENT_WORDS: Readonly<Record<Locale, Readonly<Record<MovementKind, string>>>> = {
  ja: {
    PAYMENT: 'お支払い',
    PAYMENT_REFUND: '返金',
    PAYMENT_CANCEL: 'お支払い取消',
    TOP_UP: 'チャージ',
    TOP_UP_REVERSAL: 'チャージ取消',
    POINTS_EXCHANGE: 'ポイント交換',
    BALANCE_REFUND: '残高の払戻し',
    CORRECTION: '訂正',
  },
  en: {
    PAYMENT: 'Payment',
    PAYMENT_REFUND: 'Refund',
    PAYMENT_CANCEL: 'Payment cancelled',
    TOP_UP: 'Top-up',
    TOP_UP_REVERSAL: 'Top-up reversed',
    POINTS_EXCHANGE: 'Points exchanged',
    BALANCE_REFUND: 'Balance paid back',
    CORRECTION: 'Correction',
  },
};

/** The other words of a statement. */
export const STATEMENT_WORDS = {
  ja: {
    title: '7pay ご利用明細',
    date: '日付',
    time: '時刻',
    kind: '内容',
    store: '店舗',
    amount: '金額（円）',
    balance: '残高（円）',
    number: '番号',
    opening: '月初残高',
    closing: '月末残高',
    none: 'この月のご利用はありません。',
    wallet: 'ウォレット',
  },
  en: {
    title: '7pay statement',
    date: 'Date',
    time: 'Time',
    kind: 'What',
    store: 'Store',
    amount: 'Amount (yen)',
    balance: 'Balance (yen)',
    number: 'Number',
    opening: 'Opening balance',
    closing: 'Closing balance',
    none: 'Nothing moved in this month.',
    wallet: 'Wallet',
  },
} as const;

const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Tokyo', timeStyle: 'medium' });

/** The time of an instant in Japan, `HH:MM:SS`. */
export const instantInTokyo = (at: Date): string => clock.format(at);
