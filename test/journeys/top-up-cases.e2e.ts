import { credit, debit, openLedger, verifyBooks, walletAccount } from '@7pay/ledger';
import { unitOfWork } from '@7pay/mongo';
import type { AtmFault } from '@7pay/sandbox';
import { eventually } from '@7pay/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aMember,
  type Member,
  PAY,
  platformUnderTest,
  type PlatformUnderTest,
} from '../support/platform-under-test.ts';

const CASE = `case { id state resolution note walletId takenBy { id } resolvedBy { id } proposal { by { id } note } }`;
const RESOLVE = `mutation($input: ResolveTopUpCaseInput!) { result: resolveTopUpCase(input: $input) { __typename ... on TopUpCaseResolved { ${CASE} } ... on Refusal { code } } }`;
const TAKE = `mutation($id: ID!) { result: takeTopUpCase(caseId: $id) { __typename ... on TopUpCaseTaken { ${CASE} } ... on Refusal { code } } }`;
const OPEN = `{ topUpCases(state: OPEN, first: 50) { nodes { id reason amount partyReference } } }`;

interface Result {
  readonly result: {
    readonly __typename: string;
    readonly case: { readonly id: string; readonly state: string };
  };
}
type Resolution = 'TO_WALLET' | 'RETURN' | 'WRITE_OFF';

let under: PlatformUnderTest;
let desk: string;
let second: string;
beforeAll(async () => {
  under = await platformUnderTest('top_up_cases');
  [desk, second] = (await Promise.all(
    ['mem_desk', 'mem_second'].map((id) => under.mint.operator(id)),
  )) as [string, string];
});
afterAll(async () => {
  const { faults } = await verifyBooks(under.platform.connection);
  await under.stop();
  expect(faults).toEqual([]);
});

/** A member whose ATM did something else than was agreed, and the case of it. */
async function aCase(fault: AtmFault): Promise<{ member: Member; caseId: string }> {
  const member = await aMember(under);
  const { atmNetwork } = under.platform;
  atmNetwork.fail(fault);
  const code = fault === 'TAKES_UNASKED' ? 'not a code' : await member.code();
  const end = await atmNetwork.payIn({ code, amountYen: 3_000 });
  const { data } = await under.graph.ask<{
    topUpCases: { nodes: { id: string; partyReference: string }[] };
  }>(OPEN, {}, desk);
  const found = data.topUpCases.nodes.find(({ partyReference }) => partyReference === end.id);
  return { member, caseId: found!.id };
}
/** The network finds out that the machine of the last transaction took nothing: a case about all that lies there. */
async function notTakenAfterAll() {
  const { atmNetwork } = under.platform;
  const [last] = atmNetwork.transactions().slice(-1);
  await atmNetwork.deliver(last!.id, 'not-taken');
  type Case = { id: string; reason: string; amount: number; partyReference: string };
  type Open = { topUpCases: { nodes: Case[] } };
  const { data } = await under.graph.ask<Open>(OPEN, {}, desk);
  return data.topUpCases.nodes.find(
    ({ partyReference, reason }) =>
      partyReference === last!.id && reason === 'NOT_TAKEN_AFTER_SETTLED',
  )!;
}
const resolve = async (caseId: string, resolution: Resolution, by = desk, note = '確認した') =>
  (await under.graph.ask<Result>(RESOLVE, { input: { caseId, resolution, note } }, by)).data.result;
const topUpOf = async ({ token }: Member) => {
  const query = '{ wallet { topUps(first: 1) { nodes { state } } } }';
  type Data = { wallet: { topUps: { nodes: { state: string }[] } } };
  return (await under.graph.ask<Data>(query, {}, token)).data.wallet.topUps.nodes[0]?.state;
};
/** What lies in accounts of a name, from the journal. */
async function lyingIn(prefix: string): Promise<number> {
  const entries = await under.platform.connection.collection('ledger_journal').find().toArray();
  const legs = entries.flatMap(
    ({ legs: all }) => all as { acct: string; side?: string; dr?: boolean; amt: bigint | number }[],
  );
  return legs
    .filter(({ acct }) => acct.startsWith(prefix))
    .reduce(
      (sum, leg) => sum + (leg.side === 'dr' || leg.side === 'debit' ? -1 : 1) * Number(leg.amt),
      0,
    );
}

describe('money of a top-up that lies in suspense', () => {
  it('is decided by nobody whose own money it is about', async () => {
    const { member, caseId } = await aCase('TAKES_IT_BACK');
    const own = await under.mint.operator(member.memberId);
    for (const resolution of ['TO_WALLET', 'RETURN', 'WRITE_OFF'] as const) {
      expect(await resolve(caseId, resolution, own)).toMatchObject({
        code: 'SECOND_PERSON_REQUIRED',
      });
    }
    expect((await resolve(caseId, 'RETURN')).case).toMatchObject({ state: 'RESOLVED' });
  });

  it('goes into the wallet, once, whoever asks again', async () => {
    const { member, caseId } = await aCase('TAKES_MORE');
    const taken = await under.graph.ask<Result>(TAKE, { id: caseId }, desk);
    expect(taken.data.result.case).toMatchObject({ takenBy: { id: 'mem_desk' } });
    const done = await resolve(caseId, 'TO_WALLET');
    expect(done.case).toMatchObject({
      state: 'RESOLVED',
      resolution: 'TO_WALLET',
      note: '確認した',
      walletId: member.walletId,
      resolvedBy: { id: 'mem_desk' },
    });
    expect(await member.balance()).toBe(4_000);
    expect(await topUpOf(member)).toBe('SETTLED');
    expect(await resolve(caseId, 'TO_WALLET')).toEqual(done);
    expect(await resolve(caseId, 'RETURN')).toMatchObject({ code: 'TOP_UP_CASE_NOT_OPEN' });
    expect(await resolve(caseId, 'TO_WALLET', second)).toMatchObject({
      code: 'TOP_UP_CASE_NOT_OPEN',
    });
    expect(await member.balance()).toBe(4_000);
    await eventually(async () => {
      const query = '{ myNotices(first: 5) { nodes { amount } } }';
      const { data } = await under.graph.ask<{ myNotices: { nodes: { amount: number }[] } }>(
        query,
        {},
        member.token,
      );
      return data.myNotices.nodes.some(({ amount }) => amount === 4_000);
    });
  });

  it('goes back to the machine that took it', async () => {
    const { member, caseId } = await aCase('CHANGES_ITS_MIND');
    expect((await resolve(caseId, 'RETURN')).case).toMatchObject({ resolution: 'RETURN' });
    expect(await member.balance()).toBe(0);
    expect(await topUpOf(member)).toBe('VOIDED');
  });

  it('is counted in its window when it goes into the wallet, and can still be taken back', async () => {
    const { member, caseId } = await aCase('TAKES_MORE');
    const ledger = openLedger(under.platform.connection);
    const wallet = walletAccount(member.walletId);
    const passed = async () => {
      const account = await ledger.account(null, wallet);
      return Object.values(account?.windows['top-up.atm']?.days ?? {});
    };
    await resolve(caseId, 'TO_WALLET');
    expect([await member.balance(), await passed()]).toEqual([4_000, [4_000]]);
    const second = await notTakenAfterAll();
    expect(second).toMatchObject({ reason: 'NOT_TAKEN_AFTER_SETTLED', amount: 4_000 });
    expect((await resolve(second.id, 'RETURN')).case).toMatchObject({ resolution: 'RETURN' });
    expect([await member.balance(), await passed()]).toEqual([0, [0]]);
    expect(await topUpOf(member)).toBe('VOIDED');
  });

  it('is written off by what the case is about, wherever another case moved it', async () => {
    const writeOff = async (caseId: string) => {
      await resolve(caseId, 'WRITE_OFF');
      expect((await resolve(caseId, 'WRITE_OFF', second)).case).toMatchObject({
        state: 'RESOLVED',
      });
    };
    const [ours, theirs] = [await lyingIn('write-off:top-up'), await lyingIn('atm-cash:')];
    // The member has it by the other case: nothing lies in suspense, and the machine owes what it took.
    const kept = await aCase('TAKES_MORE');
    await resolve((await notTakenAfterAll()).id, 'TO_WALLET');
    await writeOff(kept.caseId);
    expect(await kept.member.balance()).toBe(4_000);
    expect(await lyingIn('write-off:top-up')).toBe(ours);
    expect(await lyingIn('atm-cash:')).toBe(theirs - 4_000);
    // Ours to gain, until the machine turns out to have taken nothing: then it owes nothing, and we gain nothing.
    const gained = await aCase('TAKES_MORE');
    const never = await notTakenAfterAll();
    await writeOff(gained.caseId);
    expect(await lyingIn('write-off:top-up')).toBe(ours + 4_000);
    await writeOff(never.id);
    expect(await lyingIn('write-off:top-up')).toBe(ours);
    expect(await lyingIn('atm-cash:')).toBe(theirs - 4_000);
  });

  it('is resolved in one way when two people decide at once', async () => {
    const { member, caseId } = await aCase('TAKES_MORE');
    const before = await lyingIn('suspense:top-up:');
    await Promise.all([resolve(caseId, 'TO_WALLET'), resolve(caseId, 'RETURN', second)]);
    expect([0, 4_000]).toContain(await member.balance());
    expect(await lyingIn('suspense:top-up:')).toBe(before - 4_000);
  });

  it('of nobody goes into no wallet; it is written off by two people', async () => {
    const { caseId } = await aCase('TAKES_UNASKED');
    expect(await resolve(caseId, 'TO_WALLET')).toMatchObject({ code: 'TOP_UP_CASE_OF_NOBODY' });
    const proposed = await resolve(caseId, 'WRITE_OFF', desk, '持ち主不明');
    expect(proposed.case).toMatchObject({
      state: 'OPEN',
      proposal: { by: { id: 'mem_desk' }, note: '持ち主不明' },
    });
    expect((await resolve(caseId, 'WRITE_OFF', desk, '持ち主不明')).case).toMatchObject({
      state: 'OPEN',
    });
    expect(await resolve(caseId, 'WRITE_OFF', desk, 'もう一度')).toMatchObject({
      code: 'SECOND_PERSON_REQUIRED',
    });
    expect(await lyingIn('write-off:top-up')).toBe(0);
    expect((await resolve(caseId, 'WRITE_OFF', second)).case).toMatchObject({
      state: 'RESOLVED',
      resolvedBy: { id: 'mem_second' },
    });
    expect(await lyingIn('write-off:top-up')).toBe(3_000);
  });
});

describe('money in a wallet that its party did not take', () => {
  it('leaves the wallet again, or stays', async () => {
    const away = await aCase('TAKES_IT_BACK');
    expect((await resolve(away.caseId, 'RETURN')).case).toMatchObject({ state: 'RESOLVED' });
    expect(await away.member.balance()).toBe(0);
    expect(await topUpOf(away.member)).toBe('VOIDED');
    const stays = await aCase('TAKES_IT_BACK');
    expect((await resolve(stays.caseId, 'TO_WALLET')).case).toMatchObject({ state: 'RESOLVED' });
    expect(await stays.member.balance()).toBe(3_000);
  });

  it('takes with it the yen that it made, before others, and is counted no more', async () => {
    const { member, caseId } = await aCase('TAKES_IT_BACK');
    const { connection, clock } = under.platform;
    const ledger = openLedger(connection);
    const wallet = walletAccount(member.walletId);
    await unitOfWork(connection, { deadlineMs: 10_000 })((session) =>
      ledger.post(session, {
        id: `grant:${member.walletId}`,
        kind: 'POINTS_EXCHANGE',
        wallet: member.walletId,
        at: clock.now(),
        legs: [debit('points-exchange', 800), credit(wallet, 800, { origin: 'points' })],
        generation: 0,
        ref: {
          topUpId: 'top_points',
          pointsAccountId: 'pta_1',
          walletId: member.walletId,
          memberId: member.memberId,
        },
      }),
    );
    const passed = async () => {
      const account = await ledger.account(null, wallet);
      return Object.values(account?.windows['top-up.atm']?.days ?? {});
    };
    expect(await passed()).toEqual([3_000]);
    expect((await resolve(caseId, 'RETURN')).case).toMatchObject({ state: 'RESOLVED' });
    expect((await ledger.account(null, wallet))?.lots).toEqual({ points: 800 });
    expect(await passed()).toEqual([0]);
  });

  it('takes others for what of it was spent, and leaves the wallet when there is less', async () => {
    const { member, caseId } = await aCase('TAKES_IT_BACK');
    const { connection } = under.platform;
    const ledger = openLedger(connection);
    const wallet = walletAccount(member.walletId);
    const terminal = under.stores[0]!.token;
    const pay = { merchantPaymentId: 'spent', code: await member.code(), amount: 1_000 };
    await under.graph.ask(PAY, { input: pay }, terminal);
    expect(await resolve(caseId, 'RETURN')).toMatchObject({ code: 'INSUFFICIENT_BALANCE' });
    expect((await ledger.account(null, wallet))?.lots).toEqual({ cash: 2_000 });
    await unitOfWork(connection, { deadlineMs: 10_000 })((session) =>
      ledger.post(session, {
        id: `card:${member.walletId}`,
        kind: 'TOP_UP',
        wallet: member.walletId,
        at: under.platform.clock.now(),
        legs: [
          debit('acquirer-receivable:credit', 1_500),
          credit(wallet, 1_500, { origin: 'credit' }),
        ],
        generation: 0,
        ref: { topUpId: 'top_card', walletId: member.walletId, memberId: member.memberId },
      }),
    );
    expect((await resolve(caseId, 'RETURN')).case).toMatchObject({ state: 'RESOLVED' });
    expect((await ledger.account(null, wallet))?.lots).toEqual({ credit: 500 });
  });
});
