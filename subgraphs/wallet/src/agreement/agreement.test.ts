import { yen } from '@7pay/money';
import { refuse } from '@7pay/refusals';
import { describe, expect, it } from 'vitest';
import { judgeAgreed, toPartner } from './agreement.ts';

const agreed = { paymentId: 'pay-0001', merchantId: 'mer_1', currency: 'JPY', amount: 1_280 };

describe('what a member agreed to', () => {
  it.each([
    ['the very payment', {}, {}, undefined],
    ['less', {}, { amount: yen(1_279) }, 'AMOUNT'],
    ['more', {}, { amount: yen(1_281) }, 'AMOUNT'],
    ['a store of another merchant', {}, { merchantId: 'mer_2' }, 'MERCHANT'],
    ['another currency', { currency: 'USD' }, {}, 'CURRENCY'],
    ['everything else too', { currency: 'USD' }, { merchantId: 'x', amount: yen(1) }, 'CURRENCY'],
  ])('is compared with %s', (_, told, asked, differs) => {
    const payment = { amount: yen(1_280), merchantId: 'mer_1', ...asked };
    expect(judgeAgreed({ ...agreed, ...told }, payment)).toEqual(
      differs && refuse('PAYMENT_NOT_AS_AGREED', { differs }),
    );
  });
});

describe('a refusal as a partner hears it', () => {
  it.each([
    'WALLET_NOT_OPEN',
    'WALLET_FROZEN',
    'INSUFFICIENT_BALANCE',
    'BALANCE_CAP_EXCEEDED',
    'LIMIT_EXCEEDED',
    'RECOVERY_COOLING',
    'TOO_MANY_HOLDS',
  ])('says nothing of the wallet: %s', (code) => {
    expect(toPartner(refuse(code, { short: 5 }))).toEqual(refuse('PAYMENT_DECLINED'));
  });

  it.each([
    ['BILL_ALREADY_PAID', 'PAYMENT_ID_REUSED'],
    ['STORE_NOT_SELLING', 'STORE_NOT_SELLING'],
    ['PAYMENT_NOT_AS_AGREED', 'PAYMENT_NOT_AS_AGREED'],
  ])('%s is %s', (code, told) => {
    expect(toPartner(refuse(code)).refused).toBe(told);
  });
});
