import { verifyBooks } from '@7pay/ledger';
import { eventually } from '@7pay/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cardsOf } from '../support/cards.ts';
import {
  aMember,
  aMemberWith,
  type Member,
  PAY,
  platformUnderTest,
  type PlatformUnderTest,
} from '../support/platform-under-test.ts';
import { tellRecovered } from '../support/recovered.ts';

const COOLING = '{ wallet { cooling { since until limit } } }';
const PAY_BY_QR = `mutation($input: PayByStoreCodeInput!) { result: payByStoreCode(input: $input) { __typename ... on RecoveryCooling { since until limit } } }`;

interface Result {
  readonly result: { readonly __typename: string; readonly until?: string };
}
interface Cooled {
  readonly wallet: { readonly cooling: { readonly until: string; readonly limit: number } | null };
}

let under: PlatformUnderTest;
beforeAll(async () => {
  under = await platformUnderTest('recovery_cooling');
});
afterAll(async () => {
  const books = await verifyBooks(under.platform.connection);
  await under.stop();
  expect(books.faults).toEqual([]);
});

const coolingOf = async ({ token }: Member) =>
  (await under.graph.ask<Cooled>(COOLING, {}, token)).data.wallet.cooling;
const pay = async (member: Member, merchantPaymentId: string, amount: number) => {
  const input = { merchantPaymentId, code: await member.code(), amount };
  return (await under.graph.ask<Result>(PAY, { input }, under.stores[0]!.token)).data.result
    .__typename;
};
const recover = ({ memberId }: Member, hoursAgo: number) =>
  tellRecovered(under, memberId, hoursAgo);

describe('the day after a password was recovered', () => {
  it('pays little, says why to the member alone, and takes no card', async () => {
    const member = await aMemberWith(under, 20_000);
    expect(await pay(member, 'cool-1', 1_000)).toBe('PaymentAccepted');
    expect(await coolingOf(member)).toBeNull();
    await recover(member, 1);
    await eventually(async () => (await coolingOf(member))?.limit === 3_000);
    expect(await pay(member, 'cool-2', 2_001)).toBe('LimitExceeded');
    expect(await pay(member, 'cool-3', 2_000)).toBe('PaymentAccepted');
    const input = { requestId: 'cool-4', storeId: under.stores[0]!.id, amount: 100 };
    const { data } = await under.graph.ask<Result>(PAY_BY_QR, { input }, member.token);
    expect(data.result).toMatchObject({ __typename: 'RecoveryCooling' });
    expect(data.result.until).toBe((await coolingOf(member))?.until);
    const entered = await cardsOf(under).begin(member.token, 'cool-card');
    expect(entered).toMatchObject({ __typename: 'RecoveryCooling', code: 'RECOVERY_COOLING' });
    expect(await member.balance()).toBe(17_000);
  });

  it('charges no card that was there before', async () => {
    const member = await aMember(under);
    const cards = cardsOf(under);
    const cardId = await cards.register(member.token, 'cool-before');
    await recover(member, 1);
    await eventually(async () => (await coolingOf(member)) !== null);
    const charged = await cards.charge(member.token, { topUpId: 'cool-5', cardId, amount: 1_000 });
    expect(charged.code).toBe('RECOVERY_COOLING');
  });

  it('is over after its time', async () => {
    const member = await aMemberWith(under, 10_000);
    await recover(member, 25);
    const second = await aMember(under);
    await recover(second, 1);
    // Told after the first one: when this is known, that is.
    await eventually(async () => (await coolingOf(second)) !== null);
    expect(await coolingOf(member)).toBeNull();
    expect(await pay(member, 'cool-6', 9_000)).toBe('PaymentAccepted');
  });
});
