import { openLedger, verifyBooks } from '@7pay/ledger';
import { eventually } from '@7pay/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aMemberWith,
  AUTHORIZE,
  CANCEL,
  CAPTURE,
  INQUIRE,
  PAY,
  platformUnderTest,
  type PlatformUnderTest,
  REFUND,
} from '../support/platform-under-test.ts';

interface Result {
  readonly result: {
    readonly __typename: string;
    readonly payment?: {
      readonly id: string;
      readonly amount: number;
      readonly state: string;
      readonly refunded: number;
      readonly refunds: readonly { readonly amount: number; readonly reason: string }[];
    };
    readonly refund?: { readonly id: string };
    readonly outcome?: string;
    readonly left?: number;
    readonly held?: number;
  };
}

let under: PlatformUnderTest;
beforeAll(async () => {
  under = await platformUnderTest('follow_up');
});
afterAll(async () => {
  const books = await verifyBooks(under.platform.connection);
  await under.stop();
  expect(books.faults).toEqual([]);
  expect(books.entries).toBeGreaterThan(15);
});

const ask = async (document: string, input: object, terminal = under.stores[0]!) =>
  (await under.graph.ask<Result>(document, { input }, terminal.token)).data.result;
const pay = async (merchantPaymentId: string, code: string, amount: number) =>
  ask(PAY, { merchantPaymentId, code, amount });
const authorize = (merchantPaymentId: string, code: string, amount: number) =>
  ask(AUTHORIZE, { merchantPaymentId, code, amount });
const refund = (merchantPaymentId: string, refundId: string, amount: number, reason?: string) =>
  ask(REFUND, { merchantPaymentId, refundId, amount, ...(reason ? { reason } : {}) });
const pointsOf = async (paymentId: string, token: string) => {
  const query = `{ payment(id: "${paymentId}") { pointsEarned pointsState } }`;
  const { data } = await under.graph.ask<{
    payment: { pointsEarned: number; pointsState: string };
  }>(query, {}, token);
  return data.payment;
};

describe('a payment that is held first', () => {
  it('leaves the wallet when it is captured, in part, and earns the points of that part', async () => {
    const member = await aMemberWith(under, 5_000);
    const held = await authorize('hold-1', await member.code(), 3_000);
    expect(held).toMatchObject({
      __typename: 'PaymentAuthorized',
      payment: { amount: 3_000, state: 'AUTHORIZED' },
    });
    const short = await pay('hold-1-other', await member.code(), 2_001);
    expect(short.__typename).toBe('InsufficientBalance');

    expect(await ask(CAPTURE, { merchantPaymentId: 'hold-1', amount: 3_001 })).toMatchObject({
      __typename: 'CaptureAboveHold',
      held: 3_000,
    });
    const captured = await ask(CAPTURE, { merchantPaymentId: 'hold-1', amount: 2_400 });
    expect(captured).toMatchObject({ payment: { amount: 2_400, state: 'ACCEPTED' } });
    expect(await ask(CAPTURE, { merchantPaymentId: 'hold-1', amount: 2_400 })).toEqual(captured);
    expect((await ask(CAPTURE, { merchantPaymentId: 'hold-1', amount: 1 })).__typename).toBe(
      'PaymentNotAuthorized',
    );
    expect(await member.balance()).toBe(2_600);
    const points = await eventually(async () => {
      const now = await pointsOf(captured.payment!.id, member.token);
      return now.pointsState === 'AWARDED' && now;
    });
    expect(points).toMatchObject({ pointsEarned: 12 });
  });

  it('is let go by a cancel, and nothing was charged', async () => {
    const member = await aMemberWith(under, 1_000);
    const code = await member.code();
    await authorize('hold-2', code, 1_000);
    expect(await ask(CANCEL, { merchantPaymentId: 'hold-2' })).toMatchObject({
      outcome: 'NOT_CHARGED',
    });
    expect((await ask(CAPTURE, { merchantPaymentId: 'hold-2' })).__typename).toBe(
      'PaymentNotAuthorized',
    );
    const inquiry = await under.graph.ask<{ inquiry: { outcome: string } }>(
      INQUIRE,
      { id: 'hold-2' },
      under.stores[0]!.token,
    );
    expect(inquiry.data.inquiry.outcome).toBe('RELEASED');
    expect((await authorize('hold-2', code, 1_000)).__typename).toBe('PaymentCancelledEarlier');
    expect((await pay('hold-2-other', await member.code(), 1_000)).__typename).toBe(
      'PaymentAccepted',
    );
  });

  it('or cancelled at the same moment as captured is one of the two', async () => {
    const member = await aMemberWith(under, 1_000);
    await authorize('hold-3', await member.code(), 800);
    const [captured, cancelled] = await Promise.all([
      ask(CAPTURE, { merchantPaymentId: 'hold-3' }),
      ask(CANCEL, { merchantPaymentId: 'hold-3' }),
    ]);
    // The cancel is final: it let go, or it gave back what was captured before it.
    const outcome = captured.__typename === 'PaymentCaptured' ? 'REVERSED' : 'NOT_CHARGED';
    expect(cancelled.outcome).toBe(outcome);
    expect(await member.balance()).toBe(1_000);
  });

  it('is another request than one that pays at once, under the same number', async () => {
    const member = await aMemberWith(under, 1_000);
    const code = await member.code();
    await authorize('hold-4', code, 500);
    expect((await pay('hold-4', code, 500)).__typename).toBe('PaymentIdReused');
  });
});

describe('a refund', () => {
  it('gives parts back until nothing is left, each once, and costs their points', async () => {
    const member = await aMemberWith(under, 3_000);
    const paid = await pay('refund-1', await member.code(), 1_000);
    await eventually(
      async () => (await pointsOf(paid.payment!.id, member.token)).pointsState === 'AWARDED',
    );
    const first = await refund('refund-1', 'r-1', 300, '傷みのため 4111 1111 1111 1111');
    expect(first).toMatchObject({
      __typename: 'PaymentRefunded',
      payment: {
        state: 'ACCEPTED',
        refunded: 300,
        refunds: [{ amount: 300, reason: '傷みのため ****1111' }],
      },
    });
    const again = await refund('refund-1', 'r-1', 300, '傷みのため 4111 1111 1111 1111');
    expect(again.refund).toEqual(first.refund);
    expect((await refund('refund-1', 'r-1', 301)).__typename).toBe('RefundIdReused');
    expect(await refund('refund-1', 'r-2', 701)).toMatchObject({
      __typename: 'RefundAbovePayment',
      left: 700,
    });
    expect(await member.balance()).toBe(2_300);
    // 1,000 yen earn 5 points, 700 earn 3.
    const points = await eventually(async () => {
      const now = await pointsOf(paid.payment!.id, member.token);
      return now.pointsEarned === 3 && now;
    });
    expect(points).toMatchObject({ pointsState: 'AWARDED' });
    await refund('refund-1', 'r-3', 700);
    expect(await member.balance()).toBe(3_000);
    expect(await refund('refund-1', 'r-4', 1)).toMatchObject({ left: 0 });
  });

  it('of the same number from two registers at once is made once', async () => {
    const member = await aMemberWith(under, 1_000);
    await pay('refund-2', await member.code(), 1_000);
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => refund('refund-2', 'r-same', 400)),
    );
    expect(new Set(answers.map(({ refund: made }) => made?.id)).size).toBe(1);
    expect(await member.balance()).toBe(400);
  });

  it('before a cancel leaves the cancel the rest', async () => {
    const member = await aMemberWith(under, 1_000);
    await pay('refund-3', await member.code(), 900);
    await refund('refund-3', 'r-part', 200);
    expect(await ask(CANCEL, { merchantPaymentId: 'refund-3' })).toMatchObject({
      outcome: 'REVERSED',
      amount: 900,
    });
    expect(await member.balance()).toBe(1_000);
    expect((await refund('refund-3', 'r-late', 1)).__typename).toBe('PaymentNotRefundable');
  });

  it('by another terminal of the merchant says who asked, and who took the payment', async () => {
    const store = under.stores[0]!;
    const counter = { storeId: 'sto_counter', terminalId: 'ter_counter' };
    const token = await under.mint.terminal({ ...counter, merchantId: store.merchantId });
    const other = { ...store, token };
    const member = await aMemberWith(under, 3_000);
    const ledger = openLedger(under.platform.connection);
    const refOf = async (id: string) => (await ledger.entry(null, id))?.ref;
    const asked = {
      storeId: store.id,
      terminalId: store.terminalId,
      byStoreId: 'sto_counter',
      byTerminalId: 'ter_counter',
    };

    const { payment: paid } = await pay('by-1', await member.code(), 1_000);
    const given = { merchantPaymentId: 'by-1', refundId: 'by-r', amount: 300 };
    const { refund: made } = await ask(REFUND, given, other);
    expect(await refOf(`${made!.id}:refund`)).toMatchObject(asked);
    await ask(CANCEL, { merchantPaymentId: 'by-1' }, other);
    expect(await refOf(`${paid!.id}:cancel`)).toMatchObject(asked);
    expect(await refOf(`${paid!.id}:accept`)).not.toHaveProperty('byTerminalId');

    const { payment: held } = await authorize('by-2', await member.code(), 500);
    await ask(CAPTURE, { merchantPaymentId: 'by-2' }, other);
    expect(await refOf(`${held!.id}:capture`)).toMatchObject(asked);
    const { payment: off } = await authorize('by-3', await member.code(), 500);
    await ask(CANCEL, { merchantPaymentId: 'by-3' }, other);
    expect(await refOf(`${off!.id}:release`)).toMatchObject(asked);
  });

  it('of a payment of another merchant finds nothing', async () => {
    const member = await aMemberWith(under, 1_000);
    await pay('refund-4', await member.code(), 900);
    const input = { merchantPaymentId: 'refund-4', refundId: 'x', amount: 1 };
    expect((await ask(REFUND, input, under.stores[1]!)).__typename).toBe('PaymentUnknown');
    expect(
      (await ask(CAPTURE, { merchantPaymentId: 'refund-4' }, under.stores[1]!)).__typename,
    ).toBe('PaymentUnknown');
  });
});
