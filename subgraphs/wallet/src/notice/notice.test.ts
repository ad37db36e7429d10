import type { BusinessDate } from '@7pay/time';
import { describe, expect, it } from 'vitest';
import { movementIdOf, NOTICE_KINDS, noticeOf, wordsOf } from './notice.ts';

const at = new Date('2019-07-03T01:00:00Z');
const movement = {
  id: 'pay_1:accept',
  seq: 2,
  kind: 'PAYMENT' as const,
  amount: -1_080,
  balanceAfter: 3_920,
  at,
  businessDate: '2019-07-03' as BusinessDate,
  paymentId: 'pay_1',
  topUpId: null,
  storeId: 'sto_1',
  merchantId: 'mer_1',
};
const told = { walletId: 'wal_1', memberId: 'mem_1', storeName: '千代田店' };

describe('a notice', () => {
  it('has one id for each entry, and what to report', () => {
    expect(noticeOf(movement, told)).toMatchObject({ id: 'ntc:pay_1:accept', subject: 'pay_1' });
    expect(movementIdOf(noticeOf(movement, told))).toBe(movement.id);
  });

  it('of a wallet that was closed with money in it asks its member to claim it', () => {
    const close = { ...movement, id: 'wal_1:close', kind: 'WALLET_CLOSE' as const };
    const notice = noticeOf(
      { ...close, amount: -3_920, balanceAfter: 0 },
      { ...told, storeName: null },
    );
    expect(movementIdOf(notice)).toBe('wal_1:close');
    expect(wordsOf(notice, 'en')).toEqual({
      title: 'Your wallet was closed; please claim your balance',
      body: '3,920 yen. The balance is 0 yen.',
    });
  });

  it('says what, how much, where and what is left, in both languages', () => {
    expect(wordsOf(noticeOf(movement, told), 'ja')).toEqual({
      title: 'お支払いがありました',
      body: '千代田店、1,080円。残高は3,920円です。',
    });
    expect(wordsOf(noticeOf(movement, { ...told, storeName: null }), 'en')).toEqual({
      title: 'A payment was made',
      body: '1,080 yen. The balance is 3,920 yen.',
    });
  });

  it.each(NOTICE_KINDS)('has words for %s, and no address in them', (kind) => {
    for (const locale of ['ja', 'en'] as const) {
      const { title, body } = wordsOf({ ...noticeOf(movement, told), kind }, locale);
      expect(title).not.toBe('');
      expect(title + body).not.toMatch(/https?:/);
    }
  });
});
