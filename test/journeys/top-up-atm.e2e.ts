import { verifyBooks } from '@7pay/ledger';
import type { AtmFault } from '@7pay/sandbox';
import { eventually } from '@7pay/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aMember,
  type Member,
  platformUnderTest,
  type PlatformUnderTest,
} from '../support/platform-under-test.ts';

let under: PlatformUnderTest;
beforeAll(async () => {
  under = await platformUnderTest('top-up-atm');
});
afterAll(async () => {
  const { connection, atmNetwork } = under.platform;
  const books = await verifyBooks(connection);
  // Every yen that a machine took is in a wallet or in suspense.
  const taken = atmNetwork.transactions().filter(({ receipt }) => receipt === 'TAKEN');
  const booked = (await connection.collection('ledger_journal').find().toArray()).flatMap(
    ({ legs }) =>
      (legs as { acct: string; amt: bigint | number }[])
        .filter(({ acct }) => acct.startsWith('atm-cash:'))
        .map(({ amt }) => Number(amt)),
  );
  await under.stop();
  expect(books.faults).toEqual([]);
  expect(sum(booked)).toBe(sum(taken.map(({ amountYen }) => amountYen)));
  expect(taken.length).toBeGreaterThan(8);
});
const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);

const lastTopUp = async (member: Member) => {
  const { data } = await under.graph.ask<{
    wallet: { topUps: { nodes: { source: string; state: string; amount: number }[] } };
  }>('{ wallet { topUps(first: 1) { nodes { source state amount } } } }', {}, member.token);
  return data.wallet.topUps.nodes[0];
};
const casesOf = async (id: string) =>
  (
    await under.platform.connection
      .collection('wallet_topUpCases')
      .find({ partyReference: id })
      .toArray()
  ).map(({ reason, amount, state, source }) => ({
    reason,
    amount: Number(String(amount)),
    state,
    source,
  }));
const payIn = async (member: Member, amountYen: number, fault?: AtmFault) => {
  if (fault) under.platform.atmNetwork.fail(fault);
  return under.platform.atmNetwork.payIn({ code: await member.code(), amountYen });
};

describe('a top-up at an ATM', () => {
  it('is in the wallet when the machine says that it took the cash', async () => {
    const member = await aMember(under);
    expect(await payIn(member, 5_000)).toMatchObject({
      answer: 'MAY_TAKE',
      told: [{ state: 'SETTLED' }],
    });
    expect(await member.balance()).toBe(5_000);
    expect(await lastTopUp(member)).toEqual({ source: 'ATM', state: 'SETTLED', amount: 5_000 });
  });

  it('is declined when the notes come back', async () => {
    const member = await aMember(under);
    expect(await payIn(member, 5_000, 'JAM')).toMatchObject({ told: [{ state: 'DECLINED' }] });
    expect((await lastTopUp(member))?.state).toBe('DECLINED');
    expect(await member.balance()).toBe(0);
  });

  it.each<[AtmFault]>([['NEVER_TELLS'], ['TELLS_WITH_WRONG_SIGNATURE']])(
    'that the machine tells by %s is found out by asking its network, and is credited once',
    async (fault) => {
      const member = await aMember(under);
      const end = await payIn(member, 3_000, fault);
      expect(end.told).not.toContainEqual({ state: 'SETTLED' });
      await eventually(async () => (await member.balance()) === 3_000, 20_000);
      expect(await under.platform.atmNetwork.deliver(end.id)).toEqual({ state: 'SETTLED' });
      expect(await member.balance()).toBe(3_000);
    },
  );

  it('told twice is credited once', async () => {
    const member = await aMember(under);
    const end = await payIn(member, 4_000, 'TELLS_TWICE');
    expect(end.told).toEqual([{ state: 'SETTLED' }, { state: 'SETTLED' }]);
    expect(await member.balance()).toBe(4_000);
  });

  it('told late, when the switch is closed, is credited: the cash lies in the machine', async () => {
    const member = await aMember(under);
    const end = await payIn(member, 2_000, 'TELLS_LATE');
    const [operator, second] = await Promise.all(
      ['mem_opa', 'mem_opb'].map((id) => under.mint.operator(id)),
    );
    const flip = (mutation: string, input: object, by: string) =>
      under.graph.ask(mutation, { input }, by);
    const close = `mutation($input: CloseSwitchInput!) { result: closeSwitch(input: $input) { __typename } }`;
    const open = `mutation($input: OpenSwitchInput!) { result: openSwitch(input: $input) { __typename } }`;
    await flip(close, { key: 'top-up.atm', reasonJa: '調査', reasonEn: 'looking' }, operator!);
    await eventually(async () => 'refused' in under.platform.controls.guard('top-up.atm'));
    expect(await payIn(member, 1_000)).toMatchObject({
      answer: 'REFUSED',
      code: 'FUNCTION_CLOSED',
    });
    expect(await under.platform.atmNetwork.deliver(end.id)).toEqual({ state: 'SETTLED' });
    await flip(open, { key: 'top-up.atm' }, operator!);
    await flip(open, { key: 'top-up.atm' }, second!);
    await eventually(async () => !('refused' in under.platform.controls.guard('top-up.atm')));
    expect(await member.balance()).toBe(2_000);
  });

  it.each<[AtmFault, string, string, number, number]>([
    ['TAKES_MORE', 'SUSPENSE', 'AMOUNT_DIFFERS', 4_000, 0],
    ['CHANGES_ITS_MIND', 'SUSPENSE', 'TAKEN_AFTER_DECLINED', 3_000, 0],
    ['TAKES_IT_BACK', 'SETTLED', 'NOT_TAKEN_AFTER_SETTLED', 3_000, 3_000],
  ])(
    'whose machine %s ends as %s with a case of %s',
    async (fault, state, reason, amount, balance) => {
      const member = await aMember(under);
      const end = await payIn(member, 3_000, fault);
      expect((await lastTopUp(member))?.state).toBe(state);
      expect(await casesOf(end.id)).toEqual([{ reason, amount, state: 'OPEN', source: 'ATM' }]);
      expect(await member.balance()).toBe(balance);
      const again = await under.platform.atmNetwork.deliver(end.id);
      expect(again).toEqual({ state });
      expect(await casesOf(end.id)).toHaveLength(1);
    },
  );

  it('that nobody agreed to lies in suspense, of no wallet, with a case', async () => {
    const { atmNetwork } = under.platform;
    atmNetwork.fail('TAKES_UNASKED');
    const end = await atmNetwork.payIn({ code: 'not a code', amountYen: 7_000 });
    expect(end).toMatchObject({ answer: 'REFUSED', code: 'CODE_UNKNOWN' });
    expect(end.told).toEqual([{ state: 'SUSPENSE' }]);
    expect(await atmNetwork.deliver(end.id)).toEqual({ state: 'SUSPENSE' });
    expect(await casesOf(end.id)).toEqual([
      { reason: 'NEVER_ASKED', amount: 7_000, state: 'OPEN', source: 'ATM' },
    ]);
  });

  it.each([
    ['no multiple of 1,000 yen', 1_500, 'TOP_UP_STEP_WRONG'],
    ['above the limit', 101_000, 'TOP_UP_LIMIT_EXCEEDED'],
  ])('of an amount that is %s is refused at the machine', async (_, amount, code) => {
    const member = await aMember(under);
    expect(await payIn(member, amount)).toMatchObject({ answer: 'REFUSED', code });
  });

  it('above the cap is refused before the cash is taken, what is under way included', async () => {
    const member = await aMember(under);
    const { id } = await payIn(member, 60_000, 'TELLS_LATE');
    expect(await payIn(member, 60_000)).toMatchObject({
      answer: 'REFUSED',
      code: 'BALANCE_CAP_EXCEEDED',
    });
    expect(await under.platform.atmNetwork.deliver(id)).toEqual({ state: 'SETTLED' });
  });

  it('for a wallet that was closed meanwhile is in suspense with a case', async () => {
    const member = await aMember(under);
    const end = await payIn(member, 3_000, 'TELLS_LATE');
    const accounts = under.platform.connection.collection<{ _id: string }>('ledger_accounts');
    const _id = `wallet:${member.walletId}`;
    await accounts.updateOne({ _id }, { $set: { status: 'CLOSED' } });
    expect(await under.platform.atmNetwork.deliver(end.id)).toEqual({ state: 'SUSPENSE' });
    await accounts.updateOne({ _id }, { $set: { status: 'OPEN' } });
    expect(await casesOf(end.id)).toEqual([
      { reason: 'WALLET_REFUSED', amount: 3_000, state: 'OPEN', source: 'ATM' },
    ]);
  });
});
