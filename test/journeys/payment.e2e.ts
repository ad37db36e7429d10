import { verifyBooks } from '@7pay/ledger';
import { eventually } from '@7pay/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aMember,
  aMemberWith,
  CANCEL,
  INQUIRE,
  PAY,
  platformUnderTest,
  type PlatformUnderTest,
  TOP_UP,
} from '../support/platform-under-test.ts';

interface Result {
  readonly result: {
    readonly __typename: string;
    readonly code?: string;
    readonly payment?: { readonly id: string; readonly amount: number; readonly state: string };
    readonly topUp?: { readonly id: string; readonly state: string };
    readonly outcome?: string;
    readonly amount?: number;
    readonly short?: number;
  };
}

let under: PlatformUnderTest;
beforeAll(async () => {
  under = await platformUnderTest('payment');
});
afterAll(async () => {
  const books = await verifyBooks(under.platform.connection);
  await under.stop();
  expect(books.faults).toEqual([]);
  expect(books.entries).toBeGreaterThan(5);
});

const pay = (
  merchantPaymentId: string,
  code: string,
  amount: unknown,
  terminal = under.stores[0]!,
) => under.graph.ask<Result>(PAY, { input: { merchantPaymentId, code, amount } }, terminal.token);
const cancel = (merchantPaymentId: string, terminal = under.stores[0]!) =>
  under.graph.ask<Result>(CANCEL, { input: { merchantPaymentId } }, terminal.token);

describe('a payment through the whole graph', () => {
  it('takes the money once, shows it to both sides and earns points', async () => {
    const member = await aMemberWith(under, 5_000);
    const paid = await pay('story-1', await member.code(), 1_080);
    expect(paid.data.result).toMatchObject({
      __typename: 'PaymentAccepted',
      payment: { amount: 1_080, state: 'ACCEPTED' },
    });
    expect(await member.balance()).toBe(3_920);

    const seen = await eventually(async () => {
      const { data } = await under.graph.ask<{
        me: null;
        wallet: {
          payments: {
            nodes: { pointsEarned: number; store: { name: string }; merchant: { name: string } }[];
          };
        };
      }>(
        `{ wallet { balance refundProgramme { id } payments(first: 10) { nodes { amount pointsEarned pointsState store { name } merchant { name } } } } }`,
        {},
        member.token,
      );
      const [payment] = data.wallet.payments.nodes;
      return payment?.pointsEarned === 5 && payment;
    });
    expect(seen).toMatchObject({
      store: { name: '千代田二番町店' },
      merchant: { name: '株式会社セブン‐イレブン・デモ' },
    });

    const atStore = await under.graph.ask<{
      terminal: { store: { payments: { nodes: { merchantPaymentId: string }[] } } };
    }>(
      `{ terminal { store { payments(first: 5) { nodes { merchantPaymentId amount } } } } }`,
      {},
      under.stores[0]!.token,
    );
    expect(atStore.data.terminal.store.payments.nodes).toContainEqual({
      merchantPaymentId: 'story-1',
      amount: 1_080,
    });
  });

  it('answers the same to the same request again, and refuses the same number with another body', async () => {
    const member = await aMemberWith(under, 3_000);
    const code = await member.code();
    const first = await pay('twice-1', code, 500);
    const again = await pay('twice-1', code, 500);
    expect(again.data).toEqual(first.data);
    expect(await member.balance()).toBe(2_500);
    const other = await pay('twice-1', code, 501);
    expect(other.data.result).toMatchObject({
      __typename: 'PaymentIdReused',
      code: 'PAYMENT_ID_REUSED',
    });
    const otherCode = await pay('twice-1', await member.code(), 500);
    expect(otherCode.data.result.code).toBe('PAYMENT_ID_REUSED');
    expect(await member.balance()).toBe(2_500);
  });

  it('pays once when the same request arrives eight times at once', async () => {
    const member = await aMemberWith(under, 3_000);
    const code = await member.code();
    const answers = await Promise.all(Array.from({ length: 8 }, () => pay('race-1', code, 700)));
    expect(new Set(answers.map(({ data }) => data.result.payment?.id)).size).toBe(1);
    expect(await member.balance()).toBe(2_300);
  });

  it('lets one of two terminals have the code that both present at once', async () => {
    const member = await aMemberWith(under, 3_000);
    const code = await member.code();
    const answers = await Promise.all(
      under.stores.map((store, index) => pay(`two-terminals-${index}`, code, 400, store)),
    );
    const names = answers.map(({ data }) => data.result.__typename).sort();
    expect(names).toEqual(['CodeUsed', 'PaymentAccepted']);
    expect(await member.balance()).toBe(2_600);
  });

  it('never lets a balance go below zero when two codes pay at once', async () => {
    const member = await aMemberWith(under, 1_000);
    const codes = [await member.code(), await member.code()];
    const answers = await Promise.all(
      codes.map((code, index) => pay(`overdraw-${index}`, code, 700)),
    );
    expect(answers.map(({ data }) => data.result.__typename).sort()).toEqual([
      'InsufficientBalance',
      'PaymentAccepted',
    ]);
    expect(await member.balance()).toBe(300);
  });

  it('refuses more than there is, says how much is missing, and has used the code up', async () => {
    const member = await aMemberWith(under, 1_000);
    const code = await member.code();
    const short = await pay('short-1', code, 1_001);
    expect(short.data.result).toMatchObject({ __typename: 'InsufficientBalance', short: 1 });
    expect((await pay('short-1', code, 1_001)).data).toEqual(short.data);
    expect((await pay('short-2', code, 100)).data.result.__typename).toBe('CodeUsed');
    expect(await member.balance()).toBe(1_000);
  });

  it.each([
    ['digits nobody issued', '711000771' + '0'.repeat(15)],
    ['another issuer', '900081810123456789012345'],
    ['letters', 'abc'],
    ['nothing', ''],
  ])('refuses a code of %s as unknown', async (name, code) => {
    const answer = await pay(`unknown-${name.replaceAll(' ', '-')}`, code, 100);
    expect(answer.data.result).toMatchObject({ __typename: 'CodeUnknown' });
  });

  it('tells a terminal what became of a payment whose answer was lost', async () => {
    const member = await aMemberWith(under, 2_000);
    const paid = await pay('lost-1', await member.code(), 300);
    const ask = async (id: string, terminal = under.stores[0]!) =>
      (await under.graph.ask<{ inquiry: unknown }>(INQUIRE, { id }, terminal.token)).data.inquiry;
    expect(await ask('lost-1')).toEqual({
      outcome: 'ACCEPTED',
      refusalCode: null,
      payment: { id: paid.data.result.payment?.id },
    });
    expect(await ask('never-sent')).toBeNull();
    expect(await ask('lost-1', under.stores[1])).toBeNull(); // another merchant's number is another payment
  });
});

describe('a cancel', () => {
  it('gives everything back once, points included', async () => {
    const member = await aMemberWith(under, 2_000);
    const code = await member.code();
    await pay('cancel-1', code, 800);
    const first = await cancel('cancel-1');
    expect(first.data.result).toMatchObject({ outcome: 'REVERSED', amount: 800 });
    expect((await cancel('cancel-1')).data).toEqual(first.data);
    // Nobody hands over goods for it: the request that comes again does not hear that it stands.
    expect((await pay('cancel-1', code, 800)).data.result.__typename).toBe(
      'PaymentCancelledEarlier',
    );
    expect((await pay('cancel-1', code, 801)).data.result.code).toBe('PAYMENT_ID_REUSED');
    expect(await member.balance()).toBe(2_000);
    await eventually(async () => {
      const { data } = await under.graph.ask<{
        wallet: { payments: { nodes: { pointsState: string }[] } };
      }>(
        `{ wallet { payments(first: 1) { nodes { pointsState pointsEarned } } } }`,
        {},
        member.token,
      );
      return data.wallet.payments.nodes[0]?.pointsState === 'REVERSED';
    });
  });

  it('gives everything back also when the wallet was filled up to its cap meanwhile', async () => {
    const member = await aMemberWith(under, 49_000);
    await pay('cap-cancel', await member.code(), 49_000);
    for (const id of ['cap-fill-1', 'cap-fill-2']) {
      const input = { topUpId: id, code: await member.code(), amount: 49_000 };
      await under.graph.ask(TOP_UP, { input }, under.stores[0]!.token);
    }
    expect((await cancel('cap-cancel')).data.result).toMatchObject({
      outcome: 'REVERSED',
      amount: 49_000,
    });
    expect(await member.balance()).toBe(147_000);
  });

  it('that arrives before its payment keeps it from ever charging', async () => {
    const member = await aMemberWith(under, 2_000);
    expect((await cancel('early-1')).data.result).toMatchObject({ outcome: 'NOT_CHARGED' });
    const late = await pay('early-1', await member.code(), 800);
    expect(late.data.result.__typename).toBe('PaymentCancelledEarlier');
    expect(await member.balance()).toBe(2_000);
  });

  it('racing its payment ends charged and given back, or never charged', async () => {
    const member = await aMemberWith(under, 10_000);
    for (let round = 0; round < 5; round += 1) {
      const code = await member.code();
      const [paid, cancelled] = await Promise.all([
        pay(`duel-${round}`, code, 1_000),
        cancel(`duel-${round}`),
      ]);
      const { outcome } = cancelled.data.result;
      const name = paid.data.result.__typename;
      expect([outcome, name]).toSatisfy(
        () =>
          (outcome === 'REVERSED' && name === 'PaymentAccepted') ||
          (outcome === 'NOT_CHARGED' && name === 'PaymentCancelledEarlier'),
      );
      expect(await member.balance()).toBe(10_000);
    }
  });
});

describe('a top-up at a register', () => {
  const topUp = (topUpId: string, code: string, amount: unknown) =>
    under.graph.ask<Result>(TOP_UP, { input: { topUpId, code, amount } }, under.stores[0]!.token);

  it('is credited once however often it is sent', async () => {
    const member = await aMember(under);
    const code = await member.code();
    const first = await topUp('top-1', code, 3_000);
    expect(first.data.result).toMatchObject({ topUp: { state: 'SETTLED' } });
    expect((await topUp('top-1', code, 3_000)).data).toEqual(first.data);
    expect((await topUp('top-1', code, 4_000)).data.result.code).toBe('TOP_UP_ID_REUSED');
    expect(await member.balance()).toBe(3_000);
  });

  it.each([
    ['no multiple of 1,000 yen', 1_500, 'TOP_UP_STEP_WRONG'],
    ['above the limit', 50_000, 'TOP_UP_LIMIT_EXCEEDED'],
  ])('of an amount that is %s is refused', async (_, amount, code) => {
    const member = await aMember(under);
    expect((await topUp(`bad-${amount}`, await member.code(), amount)).data.result.code).toBe(code);
  });

  it('above the most a wallet may hold is refused before the cash is taken', async () => {
    const member = await aMember(under);
    await topUp('cap-1', await member.code(), 49_000);
    await topUp('cap-2', await member.code(), 49_000);
    expect((await topUp('cap-3', await member.code(), 3_000)).data.result.code).toBe(
      'BALANCE_CAP_EXCEEDED',
    );
    expect(await member.balance()).toBe(98_000);
  });

  it('is declined when the register took no cash', async () => {
    const member = await aMember(under);
    under.platform.registerNetwork.fail('NOT_TAKEN');
    expect((await topUp('declined-1', await member.code(), 1_000)).data.result.code).toBe(
      'TOP_UP_DECLINED',
    );
    expect(await member.balance()).toBe(0);
  });

  it('waits when the register network fails in any way, and is credited once when it answers', async () => {
    const faults = ['DOWN', 'LOST_ANSWER', 'WRONG_SIGNATURE'] as const;
    const waiting: (() => Promise<number>)[] = [];
    for (const fault of faults) {
      const member = await aMember(under);
      const code = await member.code();
      under.platform.registerNetwork.fail(fault, fault); // the first try and the second
      const answer = await topUp(`fault-${fault}`, code, 2_000);
      expect(answer.data.result).toMatchObject({ topUp: { state: 'PENDING' } });
      expect(await member.balance()).toBe(0);
      waiting.push(member.balance);
    }
    for (const balance of waiting)
      await eventually(async () => (await balance()) === 2_000, 15_000);
  });
});
