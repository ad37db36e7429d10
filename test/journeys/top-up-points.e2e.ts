import { credit, debit, openLedger, pointsAccount, verifyBooks } from '@7pay/ledger';
import { unitOfWork } from '@7pay/mongo';
import { pointsAccountIdOf } from '@7pay/ids';
import { isRefused } from '@7pay/refusals';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@7pay/testing';
import {
  aMember,
  aMemberWith,
  CANCEL,
  type Member,
  PAY,
  platformUnderTest,
  type PlatformUnderTest,
} from '../support/platform-under-test.ts';

interface Result {
  readonly result: {
    readonly __typename: string;
    readonly code?: string;
    readonly short?: number;
    readonly owed?: number;
    readonly topUp?: { readonly id: string; readonly source: string; readonly state: string };
  };
}

let under: PlatformUnderTest;
beforeAll(async () => {
  under = await platformUnderTest('top-up-points');
});
afterAll(async () => {
  const books = await verifyBooks(under.platform.connection);
  await under.stop();
  expect(books.faults).toEqual([]);
  expect(books.entries).toBeGreaterThan(3);
});

const BY_POINTS = `mutation($input: TopUpByPointsInput!) { result: topUpByPoints(input: $input) { __typename ... on TopUpAccepted { topUp { id source amount state } } ... on Refusal { code message } ... on InsufficientPoints { short } ... on PointsOwed { owed } } }`;
const topUp = async (member: Member, topUpId: string, points: number) =>
  (await under.graph.ask<Result>(BY_POINTS, { input: { topUpId, points } }, member.token)).data
    .result;

/** Points in two lots; as the points subgraph grants them. */
async function grant(member: Member, lots: Readonly<Record<string, number>>): Promise<void> {
  const { connection, clock } = under.platform;
  const ledger = openLedger(connection);
  const account = pointsAccount(pointsAccountIdOf(member.memberId));
  await unitOfWork(connection, { deadlineMs: 10_000 })(async (session) => {
    await ledger.openAccount(session, {
      id: account,
      kind: 'USER_POINTS',
      currency: 'NPT',
      owner: member.memberId,
      wallet: member.walletId,
      cap: null,
    });
    for (const [lot, amount] of Object.entries(lots)) {
      const entry = await ledger.post(session, {
        id: `grant:${member.walletId}:${lot}`,
        kind: 'POINTS_AWARD',
        wallet: member.walletId,
        at: clock.now(),
        legs: [
          debit('points-issued', amount, 'NPT'),
          credit(account, amount, { currency: 'NPT', origin: lot as never }),
        ],
        generation: 0,
        ref: { memberId: member.memberId },
      });
      expect(isRefused(entry)).toBe(false);
    }
  });
}
const accountsOf = async (member: Member) => {
  const ledger = openLedger(under.platform.connection);
  const points = await ledger.account(null, pointsAccount(pointsAccountIdOf(member.memberId)));
  const yen = await ledger.account(null, `wallet:${member.walletId}`);
  return { points: points?.lots, yen: yen?.lots };
};

describe('a top-up by points', () => {
  it('makes yen of the points that end first, once', async () => {
    const member = await aMember(under);
    await grant(member, { '2098-03-31': 300, '2099-03-31': 500 });
    const first = await topUp(member, 'points-1', 400);
    expect(first).toMatchObject({
      __typename: 'TopUpAccepted',
      topUp: { source: 'POINTS', amount: 400, state: 'SETTLED' },
    });
    expect(await topUp(member, 'points-1', 400)).toEqual(first);
    expect((await topUp(member, 'points-1', 401)).code).toBe('TOP_UP_ID_REUSED');
    expect(await accountsOf(member)).toEqual({
      points: { '2099-03-31': 400 },
      yen: { points: 400 },
    });
  });

  it('of more points than there are is refused, with how many are missing', async () => {
    const member = await aMember(under);
    expect(await topUp(member, 'points-none', 1)).toMatchObject({
      code: 'INSUFFICIENT_POINTS',
      short: 1,
    });
    await grant(member, { '2000-03-31': 900, '2099-03-31': 100 });
    // Points whose last day is over are no points.
    expect(await topUp(member, 'points-short', 150)).toMatchObject({
      code: 'INSUFFICIENT_POINTS',
      short: 50,
    });
    expect(await member.balance()).toBe(0);
  });

  it('sent eight times at once moves points once, and two that race never take more than there is', async () => {
    const member = await aMember(under);
    await grant(member, { '2099-03-31': 1_000 });
    const same = await Promise.all(
      Array.from({ length: 8 }, () => topUp(member, 'points-same', 600)),
    );
    expect(new Set(same.map((answer) => answer.topUp?.id)).size).toBe(1);
    const race = await Promise.all(['a', 'b'].map((id) => topUp(member, `points-${id}`, 300)));
    expect(race.map(({ __typename }) => __typename).sort()).toEqual([
      'InsufficientPoints',
      'TopUpAccepted',
    ]);
    expect(await accountsOf(member)).toEqual({
      points: { '2099-03-31': 100 },
      yen: { points: 900 },
    });
  });

  it('is shown with what is left of its limits', async () => {
    const member = await aMember(under);
    await grant(member, { '2099-03-31': 1_000 });
    await topUp(member, 'points-limits', 250);
    const { data } = await under.graph.ask<{
      wallet: { topUpLimits: { source: string; dayLeft: number; days30Left: number }[] };
    }>(
      '{ wallet { topUpLimits { source largest step dayLimit dayLeft days30Limit days30Left } } }',
      {},
      member.token,
    );
    expect(data.wallet.topUpLimits.map(({ source }) => source)).toEqual([
      'REGISTER',
      'ATM',
      'CREDIT',
      'DEBIT',
      'POINTS',
    ]);
    expect(data.wallet.topUpLimits.at(-1)).toEqual({
      source: 'POINTS',
      largest: 100_000,
      step: 1,
      dayLimit: 100_000,
      dayLeft: 99_750,
      days30Limit: 300_000,
      days30Left: 299_750,
    });
  });
});

describe('a payment whose points were exchanged and that is cancelled', () => {
  interface Shown {
    readonly wallet: {
      readonly balance: number;
      readonly member: {
        readonly pointsAccount: {
          readonly balance: number;
          readonly owed: number;
          readonly entries: {
            readonly nodes: readonly {
              readonly kind: string;
              readonly points: number;
              readonly settled: number;
              readonly owed: number;
            }[];
          };
        };
      };
    };
  }
  const SHOWN = `{ wallet { balance member { id pointsAccount { balance owed entries(first: 5) { nodes { kind points settled owed } } } } } }`;
  const shownTo = async ({ token }: Member) => {
    const { wallet } = (await under.graph.ask<Shown>(SHOWN, {}, token)).data;
    const { balance: points, owed, entries } = wallet.member.pointsAccount;
    return { yen: wallet.balance, points, owed, entries: entries.nodes };
  };
  const newest = async (member: Member) => (await shownTo(member)).entries[0];

  it('makes nothing, however often it is done: what was used is owed, and the next points settle it', async () => {
    const start = 20_000;
    const member = await aMemberWith(under, start);
    const terminal = under.stores[0]!.token;
    for (const round of [1, 2, 3]) {
      const merchantPaymentId = `round-${round}`;
      const pay = { merchantPaymentId, code: await member.code(), amount: start };
      await under.graph.ask(PAY, { input: pay }, terminal);
      await eventually(async () => (await newest(member))?.kind === 'AWARD');
      const exchanged = await topUp(member, `exchange-${round}`, 100);
      if (round === 1) expect(exchanged.__typename).toBe('TopUpAccepted');
      // The first cancel left 100 points owed, and each award since went to them.
      else expect(exchanged).toMatchObject({ code: 'INSUFFICIENT_POINTS', short: 100 });

      await under.graph.ask(CANCEL, { input: { merchantPaymentId } }, terminal);
      await eventually(async () => (await newest(member))?.kind === 'REVERSAL');
      const { yen, points, owed } = await shownTo(member);
      expect({ yen, points, owed }).toEqual({ yen: start + 100, points: 0, owed: 100 });
      expect(yen + points - owed).toBe(start);
      expect(await topUp(member, `owing-${round}`, 1)).toMatchObject({
        __typename: 'PointsOwed',
        code: 'POINTS_OWED',
        owed: 100,
      });
    }
    expect((await shownTo(member)).entries).toEqual([
      { kind: 'REVERSAL', points: 100, settled: 100, owed: 100 },
      { kind: 'REVERSAL', points: 100, settled: 100, owed: 100 },
      { kind: 'REVERSAL', points: 100, settled: 0, owed: 100 },
    ]);
  });
});
