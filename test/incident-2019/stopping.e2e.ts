import { randomIds } from '@7pay/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aMemberWith,
  PAY,
  platformUnderTest,
  type PlatformUnderTest,
  TOP_UP,
} from '../support/platform-under-test.ts';

// July 2019: top-ups were stopped more than a day after the first report, new registrations later still, and
// payments went on with the stolen balances. Here each function has a switch of its own, which works at once.
let under: PlatformUnderTest;
let first: string;
let second: string;
beforeAll(async () => {
  under = await platformUnderTest('stopping');
  first = await under.mint.operator(randomIds.next('mem'));
  second = await under.mint.operator(randomIds.next('mem'));
});
afterAll(() => under.stop());

const close = (key: string, token = first) =>
  under.graph.ask(
    'mutation($key: ID!) { closeSwitch(input: { key: $key, reasonJa: "不正利用の調査", reasonEn: "Misuse" }) { __typename } }',
    { key },
    token,
  );
const open = async (key: string, token: string) => {
  const { data } = await under.graph.ask<{ result: { __typename: string } }>(
    'mutation($key: ID!) { result: openSwitch(input: { key: $key }) { __typename } }',
    { key },
    token,
  );
  return data.result.__typename;
};
const reopen = async (key: string) => {
  await open(key, first);
  await open(key, second);
};
let number = 0;
const pay = async (code: string, amount = 100) => {
  number += 1;
  const input = { merchantPaymentId: `stop-${number}`, code, amount };
  const { data, errors } = await under.graph.ask<{ result: { __typename: string } } | null>(
    PAY,
    { input },
    under.stores[0]!.token,
  );
  // On a starved machine many payments of one wallet may be too late for each other: nothing is booked then.
  return data?.result.__typename ?? errors?.[0]?.extensions.code ?? 'no answer';
};
const topUp = async (code: string) => {
  number += 1;
  const input = { topUpId: `stop-${number}`, code, amount: 1_000 };
  const { data } = await under.graph.ask<{ result: { __typename: string } }>(
    TOP_UP,
    { input },
    under.stores[0]!.token,
  );
  return data.result.__typename;
};

describe('an operator who sees misuse', () => {
  it('stops top-ups and payments each by itself, from the very next request', async () => {
    const member = await aMemberWith(under, 10_000);
    const codes = [await member.code(), await member.code(), await member.code()] as const;
    await close('top-up.register');
    expect([await topUp(codes[0]), await pay(codes[0])]).toEqual([
      'FunctionClosed',
      'PaymentAccepted',
    ]);
    await close('payment');
    expect([await topUp(codes[1]), await pay(codes[1])]).toEqual([
      'FunctionClosed',
      'FunctionClosed',
    ]);
    await reopen('top-up.register');
    // Codes that were out when payments stopped are dead for everything.
    expect([await pay(codes[1]), await topUp(codes[1]), await topUp(await member.code())]).toEqual([
      'FunctionClosed',
      'CodeExpired',
      'TopUpAccepted',
    ]);
    await reopen('payment');
    expect(await pay(codes[2])).toBe('CodeExpired');
    expect(await pay(await member.code())).toBe('PaymentAccepted');
    expect(await member.balance()).toBe(10_800);
  });

  it('stops the opening of new wallets while those that are there go on', async () => {
    const member = await aMemberWith(under, 1_000);
    await close('wallet.opening');
    const newcomer = await under.mint.member(randomIds.next('mem'));
    const { data } = await under.graph.ask<{ result: { __typename: string } }>(
      'mutation { result: openWallet(input: { termsVersion: "2019-07-01" }) { __typename } }',
      {},
      newcomer,
    );
    expect(data.result.__typename).toBe('FunctionClosed');
    expect(await pay(await member.code())).toBe('PaymentAccepted');
    await reopen('wallet.opening');
  });

  it('stops new registrations', async () => {
    await close('registration');
    const registered = await under.platform.identity.registerMember({
      mail: 'newcomer@example.com',
      displayName: '新規',
      password: 'a-long-enough-password-1',
    });
    expect(registered).toMatchObject({ refused: 'FUNCTION_CLOSED' });
    await reopen('registration');
  });

  it('cannot reopen alone, not even by asking twice, nor can anybody without the role', async () => {
    await close('payment');
    expect(await open('payment', first)).toBe('ReopeningProposed');
    expect(await open('payment', first)).toBe('SecondPersonRequired');
    const member = await under.mint.member(randomIds.next('mem'));
    const stranger = await under.graph.ask(
      'mutation { openSwitch(input: { key: "payment" }) { __typename } }',
      {},
      member,
    );
    expect(stranger.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const { data } = await under.graph.ask<{ switch: { state: string } }>(
      '{ switch(key: "payment") { state } }',
    );
    expect(data.switch.state).toBe('CLOSED');
    expect(await open('payment', second)).toBe('SwitchOpened');
  });

  it('closing while payments come in has none accepted after the answer', async () => {
    const member = await aMemberWith(under, 10_000);
    const codes: string[] = [];
    for (let index = 0; index < 12; index += 1) codes.push(await member.code());
    const kept = [await member.code(), await member.code(), await member.code()];
    let closedAt = Number.POSITIVE_INFINITY;
    const racing = codes.map(async (code, index) => {
      await new Promise((resolve) => setTimeout(resolve, index * 6));
      const startedAt = performance.now();
      return { startedAt, name: await pay(code) };
    });
    await close('payment');
    closedAt = performance.now();
    const after = await Promise.all(kept.map((code) => pay(code)));
    const late = (await Promise.all(racing)).filter(({ startedAt }) => startedAt > closedAt);
    const names = [...after, ...late.map(({ name }) => name)];
    expect(names).toEqual(names.map(() => 'FunctionClosed'));
    await reopen('payment');
  });
});
