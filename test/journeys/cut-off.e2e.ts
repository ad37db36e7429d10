import { randomIds } from '@7pay/ids';
import { eventually } from '@7pay/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Graph, graphAt } from '../support/graph.ts';
import { aPaymentDevice } from '../support/payment-device.ts';
import {
  aMemberWith,
  PAY,
  platformUnderTest,
  type PlatformUnderTest,
} from '../support/platform-under-test.ts';

let under: PlatformUnderTest;
let graph: Graph;
let first: string;
let second: string;
beforeAll(async () => {
  under = await platformUnderTest('cut_off');
  graph = graphAt(under.platform.urls.gateway); // not compared with the stock executor: what is asked ends logins
  first = await under.mint.operator(randomIds.next('mem'));
  second = await under.mint.operator(randomIds.next('mem'));
});
afterAll(() => under.stop());

interface Result {
  readonly __typename: string;
  readonly cutOff: { readonly id: string; readonly state: string; readonly generation: number };
}
const FIELDS = '__typename ... on CutOffChanged { cutOff { id state generation meansEverybody } }';
const propose = async (by: string, cohort: string, rest = 'effects: [END_LOGINS]') => {
  const { data } = await graph.ask<{ result: Result }>(
    `mutation { result: proposeCutOff(input: { cohort: ${cohort}, ${rest}, reasonJa: "調査", reasonEn: "test" }) { ${FIELDS} } }`,
    {},
    by,
  );
  return data.result;
};
const step = async (by: string, name: string, id: string) => {
  const { data } = await graph.ask<{ result: Result }>(
    `mutation($id: ID!) { result: ${name}(input: { id: $id }) { ${FIELDS} } }`,
    { id },
    by,
  );
  return data.result;
};
const now = () => Math.floor(Date.now() / 1_000);
const login = (claims: object) =>
  under.mint.member(randomIds.next('mem'), { auth_time: now() - 60, ...claims });
const status = async (token: string) => (await graph.ask('{ me { id } }', {}, token)).status;
const settled = (token: string, expected: number) =>
  eventually(async () => (await status(token)) === expected);
const takeBack = async (id: string) => {
  await step(first, 'cancelCutOff', id);
  expect((await step(second, 'cancelCutOff', id)).cutOff.state).toBe('CANCELLED');
};
const wallet = async (token: string) =>
  (await graph.ask<{ wallet: object | null }>('{ wallet { balance } }', {}, token)).data.wallet;
/** A member with 3,000 yen and a phone that makes codes, logged in a minute ago in the way that is told. */
const aShopper = async (claims: object) => {
  const { mint, stores } = under;
  const told = { auth_time: now() - 60, ...claims };
  const member = await aMemberWith({ graph, mint, stores }, 3_000, undefined, told);
  const phone = await aPaymentDevice({ graph }, member);
  await phone.contact();
  return { ...member, phone };
};
const pay = async (code: string) => {
  const input = { merchantPaymentId: randomIds.next('pay'), code, amount: 100 };
  const { token } = under.stores[0]!;
  const { data } = await graph.ask<{ result: { __typename: string } }>(PAY, { input }, token);
  return data.result.__typename;
};

describe('a cut-off', () => {
  it('of a cohort ends its logins at the gateway and nobody else’s, by one operator', async () => {
    const meant = await login({ amr: ['fed:kumo'], cc: 'US' });
    const others = await Promise.all([
      login({ amr: ['pwd'], cc: 'US' }),
      login({ amr: ['fed:kumo'], cc: 'JP' }),
    ]);
    expect(await status(meant)).toBe(200);
    const { cutOff } = await propose(first, '{ providers: ["kumo"], countries: ["US"] }');
    expect(cutOff).toMatchObject({ state: 'ACTIVE', meansEverybody: false });
    expect(cutOff.generation).toBeGreaterThan(1);
    await settled(meant, 401);
    for (const other of others) expect(await status(other)).toBe(200);

    expect((await step(first, 'cancelCutOff', cutOff.id)).cutOff.state).toBe('ACTIVE');
    expect((await step(first, 'cancelCutOff', cutOff.id)).__typename).toBe('SecondPersonRequired');
    expect((await step(second, 'cancelCutOff', cutOff.id)).cutOff.state).toBe('CANCELLED');
    await settled(meant, 200);
  });

  it('of a provider ends the codes and handles of its logins, and of no other', async () => {
    const meant = await aShopper({ amr: ['fed:kumo'] });
    const other = await aShopper({ amr: ['pwd'] });
    const codes = { meant: await meant.code(), other: await other.code() };
    expect(await pay(await meant.phone.show())).toBe('PaymentAccepted');
    const { cutOff } = await propose(first, '{ providers: ["kumo"] }');
    await settled(meant.token, 401);
    expect(await pay(codes.meant)).toBe('CodeExpired');
    expect(await pay(await meant.phone.show())).toBe('CodeExpired');
    expect(await pay(codes.other)).toBe('PaymentAccepted');
    expect(await pay(await other.phone.show())).toBe('PaymentAccepted');

    // The same phone after a login that nobody ended: what it had is dead, what it is given pays.
    const again = await under.mint.member(meant.memberId, { amr: ['pwd'] });
    expect(await meant.phone.contact(undefined, again)).toMatchObject({ replacesAll: true });
    expect(await pay(await meant.phone.show())).toBe('PaymentAccepted');
    expect(await meant.phone.contact(undefined, again)).toMatchObject({ replacesAll: false });
    expect(await other.phone.contact()).toMatchObject({ replacesAll: false });
    await takeBack(cutOff.id);
  });

  it('of some scopes shuts the wallet and leaves the member logged in', async () => {
    const meant = await aShopper({ amr: ['pwd'], cc: 'FR' });
    const code = await meant.code();
    expect(await wallet(meant.token)).toEqual({ balance: 3_000 });
    const { cutOff } = await propose(
      first,
      '{ countries: ["FR"] }',
      'effects: [END_LOGINS], scopes: ["wallet"]',
    );
    await eventually(async () => (await wallet(meant.token)) === null);
    expect(await status(meant.token)).toBe(200);
    expect(await pay(code)).toBe('CodeExpired');
    expect(await pay(await meant.phone.show())).toBe('CodeExpired');
    await takeBack(cutOff.id);
    await eventually(async () => (await wallet(meant.token)) !== null);
    expect(await wallet(meant.token)).toEqual({ balance: 3_000 });
    expect(await pay(await meant.phone.show())).toBe('PaymentAccepted');
  });

  it('through everybody takes two, and ends the operators’ own logins too', async () => {
    const { cutOff } = await propose(first, '{ everything: true, until: null }');
    expect(cutOff.state).toBe('PROPOSED');
    expect((await step(first, 'approveCutOff', cutOff.id)).__typename).toBe('SecondPersonRequired');
    expect(await status(first)).toBe(200);
    expect((await step(second, 'approveCutOff', cutOff.id)).cutOff).toMatchObject({
      state: 'ACTIVE',
    });
    await settled(first, 401);
    // A till has no login: those of people have ended, and a store takes a payment back as ever.
    const till = under.stores[0]!;
    expect(await status(till.token)).toBe(200);
    const { terminalId, merchantId } = till;
    const place = { terminalId, merchantId, storeId: till.id };
    expect(await status(await under.mint.terminal(place))).toBe(200);
    const later = { auth_time: now() + 5, gen: under.platform.controls.generation };
    await settled(await login({ amr: ['pwd'], ...later }), 200);
    first = await under.mint.operator(randomIds.next('mem'), later);
    second = await under.mint.operator(randomIds.next('mem'), later);
  });

  it('that resets the password of everybody writes ten documents at most, and none of a member', async () => {
    const { connection, identity } = under.platform;
    for (let n = 0; n < 12; n += 1) {
      const person = {
        mail: `reset-${n}@example.jp`,
        displayName: '山',
        password: 'kaki-no-ki-no-shita',
      };
      await identity.registerMember(person);
    }
    const all = await connection.db!.listCollections({}, { nameOnly: true }).toArray();
    const documents = async () => {
      const counts = all.map(({ name }) => connection.collection(name).countDocuments());
      return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
    };
    const people = () =>
      connection.collection('identity_members').find().sort({ _id: 1 }).toArray();
    const before = await documents();
    const peopleBefore = await people();
    expect(peopleBefore.length).toBeGreaterThan(12);
    const { cutOff } = await propose(first, '{ everything: true }', 'effects: [RESET_PASSWORD]');
    expect((await step(second, 'approveCutOff', cutOff.id)).cutOff.state).toBe('ACTIVE');
    expect((await documents()) - before).toBeLessThanOrEqual(10);
    expect(await people()).toEqual(peopleBefore);
    const asked = '{ resetsDone(cutOff: "cut_none") }';
    expect((await graph.ask<object>(asked, {}, first)).data).toEqual({ resetsDone: 0 });
    expect((await step(first, 'expireCutOff', cutOff.id)).cutOff.state).toBe('ACTIVE');
    expect((await step(second, 'expireCutOff', cutOff.id)).cutOff.state).toBe('ACTIVE');
  });

  it.each([
    ['without a condition', '{}'],
    ['with a condition beside everything', '{ everything: true, countries: ["JP"] }'],
    ['with a country that is none', '{ countries: ["japan"] }'],
    [
      'with a window that ends before it begins',
      '{ from: "2019-07-02T00:00:00Z", until: "2019-07-01T00:00:00Z" }',
    ],
  ])('%s is refused as bad input', async (_, cohort) => {
    const { errors } = await graph.ask(
      `mutation { proposeCutOff(input: { cohort: ${cohort}, effects: [END_LOGINS], reasonJa: "a", reasonEn: "b" }) { __typename } }`,
      {},
      first,
    );
    expect(errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT');
  });

  it('is counted before it is made, and every step is on record', async () => {
    const asked = '{ cohortSize(cohort: { everything: true }) { logins members } }';
    const { data } = await graph.ask<{ cohortSize: object }>(asked, {}, first);
    expect(data.cohortSize).toEqual({ logins: 0, members: 0 }); // tokens of this test are minted
    const audit = under.platform.connection.collection('operations_audit');
    const steps = await audit.find({ key: /^cut_/ }).sort({ at: 1 }).toArray();
    // Whom a cut meant is known when it is spent and forgotten.
    const [cut] = steps.filter(({ action }) => action === 'CUT_OFF');
    expect(cut?.['cutOff']).toMatchObject({
      effects: expect.any(Array),
      scopes: expect.any(Array),
    });
    expect(Object.keys(Object(cut?.['cutOff'].cohort))).toContain('networks');
    expect(steps.map(({ action }) => action)).toEqual([
      'CUT_OFF',
      'PROPOSE_CANCEL',
      'CANCEL',
      'CUT_OFF',
      'PROPOSE_CANCEL',
      'CANCEL',
      'CUT_OFF',
      'PROPOSE_CANCEL',
      'CANCEL',
      'PROPOSE_CUT_OFF',
      'CUT_OFF',
      'PROPOSE_CUT_OFF',
      'CUT_OFF',
      'PROPOSE_EXPIRE',
      'EXPIRE',
    ]);
  });
});
