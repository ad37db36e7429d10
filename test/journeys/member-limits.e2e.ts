import { verifyBooks } from '@7pay/ledger';
import { eventually } from '@7pay/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aMemberWith,
  type Member,
  PAY,
  platformUnderTest,
  type PlatformUnderTest,
} from '../support/platform-under-test.ts';

const LIMITS =
  'limits { perPayment perDay per30Days leftToday left30Days pending { perDay from } }';
const SET = `mutation($input: PaymentLimitsInput!) { result: setMyPaymentLimits(input: $input) { __typename ... on PaymentLimitsSet { wallet { ${LIMITS} } } ... on LimitTooHigh { most } } }`;

interface Limits {
  readonly perDay: number | null;
  readonly pending: { readonly perDay: number | null; readonly from: string } | null;
}
interface Result {
  readonly result: { readonly __typename: string; readonly wallet: { readonly limits: Limits } };
}

let under: PlatformUnderTest;
beforeAll(async () => {
  under = await platformUnderTest('member_limits');
});
afterAll(async () => {
  const books = await verifyBooks(under.platform.connection);
  await under.stop();
  expect(books.faults).toEqual([]);
});

const set = async (token: string, input: object) =>
  (await under.graph.ask<Result>(SET, { input }, token)).data.result;
const limitsOf = async ({ token }: Member) =>
  (await under.graph.ask<{ wallet: { limits: Limits } }>(`{ wallet { ${LIMITS} } }`, {}, token))
    .data.wallet.limits;
const pay = async (member: Member, merchantPaymentId: string, amount: number) => {
  const input = { merchantPaymentId, code: await member.code(), amount };
  return (await under.graph.ask<Result>(PAY, { input }, under.stores[0]!.token)).data.result
    .__typename;
};

describe('limits that a member sets', () => {
  it('hold for the next payment when they are lower', async () => {
    const member = await aMemberWith(under, 5_000);
    expect(await pay(member, 'limit-1', 600)).toBe('PaymentAccepted');
    const answer = await set(member.token, { perPayment: 500, perDay: 1_000, per30Days: 20_000 });
    expect(answer.wallet.limits).toEqual({
      perPayment: 500,
      perDay: 1_000,
      per30Days: 20_000,
      leftToday: 400,
      left30Days: 19_400,
      pending: null,
    });
    expect(await pay(member, 'limit-2', 401)).toBe('LimitExceeded');
    expect(await pay(member, 'limit-3', 400)).toBe('PaymentAccepted');
    expect(await limitsOf(member)).toMatchObject({ leftToday: 0 });
  });

  it('are not raised by who holds the phone today, but a day later', async () => {
    const member = await aMemberWith(under, 5_000);
    await set(member.token, { perDay: 100 });
    const { limits } = (await set(member.token, { perDay: 90_000 })).wallet;
    expect(limits).toMatchObject({ perDay: 100, pending: { perDay: 90_000 } });
    expect(await pay(member, 'raise-1', 101)).toBe('LimitExceeded');

    const settings = under.platform.connection.collection<{ _id: string }>('wallet_paymentLimits');
    const _id = member.walletId;
    await settings.updateOne({ _id }, { $set: { pendingFrom: new Date(0) } });
    await eventually(async () => (await limitsOf(member)).pending === null);
    expect(await limitsOf(member)).toMatchObject({ perDay: 90_000 });
    expect(await pay(member, 'raise-2', 101)).toBe('PaymentAccepted');
  });

  it('need a second factor and make sense', async () => {
    const member = await aMemberWith(under, 1_000);
    const weak = await under.mint.member(member.memberId, { acr: 'urn:7id:acr:1' });
    expect((await set(weak, { perDay: 1 })).__typename).toBe('StepUpRequired');
    expect(await set(member.token, { perDay: 10_000_001 })).toMatchObject({
      __typename: 'LimitTooHigh',
      most: 10_000_000,
    });
  });
});
