import { describe, expect, it } from 'vitest';
import type { TopUpSource } from '../top-up/top-up.ts';
import { isMailed, MAIL_CLASSES, MAIL_DEFAULTS, mailClassOf } from './mail-choice.ts';
import { NOTICE_KINDS, type NoticeKind } from './notice.ts';

const nothing = Object.fromEntries(MAIL_CLASSES.map((each) => [each, false])) as never;

describe('a notice', () => {
  it.each<[NoticeKind, number, TopUpSource | null, boolean]>([
    ['PAYMENT', -30_000, null, true],
    ['PAYMENT', -29_999, null, false],
    ['TOP_UP', 1_000, 'CREDIT', true],
    ['TOP_UP', 49_000, 'REGISTER', false],
    ['PAYMENT_REFUND', 500, null, false],
    ['PAYMENT_REVIEW', -50_000, null, true],
  ])(
    'of %s over %d yen from %s is mailed unless chosen otherwise: %s',
    (kind, amount, source, mailed) => {
      expect(isMailed(mailClassOf({ kind, amount }, source), MAIL_DEFAULTS)).toBe(mailed);
    },
  );

  it('for safety is mailed whatever was chosen, and nothing else is', () => {
    const mailed = NOTICE_KINDS.filter((kind) =>
      isMailed(mailClassOf({ kind, amount: -90_000 }, 'CREDIT'), nothing),
    );
    expect(mailed).toEqual([
      'TOP_UP_REVERSAL',
      'BALANCE_REFUND',
      'CORRECTION',
      'WALLET_CLOSE',
      'PAYMENT_REVIEW',
      'PAYMENT_NOT_MADE',
    ]);
  });
});
