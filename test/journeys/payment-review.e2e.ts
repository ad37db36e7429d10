import { verifyBooks } from '@7pay/ledger';
import { eventually } from '@7pay/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aMemberWith,
  AUTHORIZE,
  CANCEL,
  CAPTURE,
  INQUIRE,
  type Member,
  PAY,
  platformUnderTest,
  type PlatformUnderTest,
  TOP_UP,
} from '../support/platform-under-test.ts';

const HELD = 'payment { id amount state }';
const REVIEWED = `... on PaymentUnderReview { ${HELD} }`;
const PAY_OR_WAIT = PAY.replace('... on PaymentAccepted', `${REVIEWED} ... on PaymentAccepted`);
const HOLD_OR_WAIT = AUTHORIZE.replace(
  '... on PaymentAuthorized',
  `${REVIEWED} ... on PaymentAuthorized`,
);
const DECIDED = `__typename ... on PaymentReviewDecided { payment { id state review { reasons ending } } } ... on Refusal { code }`;
const CONFIRM = `mutation($id: ID!) { result: confirmMyPayment(paymentId: $id) { ${DECIDED} } }`;
const DENY = `mutation($id: ID!) { result: denyMyPayment(input: { paymentId: $id, freeze: true }) { ${DECIDED} } }`;
const DECIDE = `mutation($input: DecideHeldPaymentInput!) { result: decideHeldPayment(input: $input) { ${DECIDED} } }`;
const WAITING = `{ myPaymentsUnderReview(first: 5) { nodes { id amount state review { reasons until ending } } } }`;
const DESK = `{ paymentsUnderReview(first: 50) { nodes { id walletId review { reasons ending decidedBy { id } note } } } }`;
const NOTICES = `{ myNotices(first: 5) { nodes { title amount subject storeName } } }`;

interface Decided {
  readonly result: {
    readonly __typename: string;
    readonly payment?: {
      readonly id: string;
      readonly state: string;
      readonly review: { readonly reasons: readonly string[]; readonly ending: string | null };
    };
  };
}
interface Paid {
  readonly result: {
    readonly __typename: string;
    readonly payment: { readonly id: string; readonly state: string };
  };
}

let under: PlatformUnderTest;
beforeAll(async () => {
  under = await platformUnderTest('payment_review');
});
afterAll(async () => {
  const { faults } = await verifyBooks(under.platform.connection);
  await under.stop();
  expect(faults).toEqual([]);
});

const ask = async <Data>(document: string, variables: Record<string, unknown>, token: string) =>
  (await under.graph.ask<Data>(document, variables, token)).data;
const terminal = () => under.stores[0]!.token;
const pay = async (
  merchantPaymentId: string,
  code: string,
  amount: number,
  document = PAY_OR_WAIT,
) => (await ask<Paid>(document, { input: { merchantPaymentId, code, amount } }, terminal())).result;
const outcomeOf = async (id: string) =>
  (await ask<{ inquiry: { outcome: string } }>(INQUIRE, { id }, terminal())).inquiry.outcome;

/** A member with 98,000 yen who has paid nothing yet: from 50,000 yen a payment is looked at. */
async function aMemberWithMuch(): Promise<Member> {
  const member = await aMemberWith(under, 49_000);
  const input = { topUpId: `more-${member.walletId}`, code: await member.code(), amount: 49_000 };
  await ask(TOP_UP, { input }, terminal());
  return member;
}

describe('a payment far above what the member paid before', () => {
  it('waits with its money held, tells its member and the desk, and goes through when confirmed', async () => {
    const member = await aMemberWithMuch();
    const code = await member.code();
    const held = await pay('review-1', code, 60_000);
    expect(held).toMatchObject({
      __typename: 'PaymentUnderReview',
      payment: { state: 'UNDER_REVIEW' },
    });
    const { id } = held.payment;
    expect(await pay('review-1', code, 60_000)).toEqual(held);
    expect(await outcomeOf('review-1')).toBe('UNDER_REVIEW');
    const other = await pay('review-1-other', await member.code(), 40_000);
    expect(other.__typename).toBe('InsufficientBalance');

    const told = await ask<{ myNotices: { nodes: readonly unknown[] } }>(NOTICES, {}, member.token);
    expect(told.myNotices.nodes).toContainEqual({
      title: expect.stringMatching(/本人|yours/),
      amount: -60_000,
      subject: id,
      storeName: under.stores[0]!.name,
    });
    const waiting = await ask<{ myPaymentsUnderReview: { nodes: readonly { id: string }[] } }>(
      WAITING,
      {},
      member.token,
    );
    expect(waiting.myPaymentsUnderReview.nodes).toMatchObject([
      { id, amount: 60_000, review: { reasons: ['UNUSUAL_AMOUNT'], ending: null } },
    ]);
    const operator = await under.mint.operator('mem_desk');
    const desk = await ask<{ paymentsUnderReview: { nodes: readonly { id: string }[] } }>(
      DESK,
      {},
      operator,
    );
    expect(desk.paymentsUnderReview.nodes).toContainEqual({
      id,
      walletId: member.walletId,
      review: { reasons: ['UNUSUAL_AMOUNT'], ending: null, decidedBy: null, note: null },
    });

    const confirmed = await ask<Decided>(CONFIRM, { id }, member.token);
    expect(confirmed.result.payment).toMatchObject({
      state: 'ACCEPTED',
      review: { ending: 'CONFIRMED' },
    });
    expect(await ask<Decided>(CONFIRM, { id }, member.token)).toEqual(confirmed);
    expect(await pay('review-1', code, 60_000)).toMatchObject({ __typename: 'PaymentAccepted' });
    expect(await outcomeOf('review-1')).toBe('ACCEPTED');
    expect(await member.balance()).toBe(38_000);
    expect((await ask<Decided>(DENY, { id }, member.token)).result.__typename).toBe('ReviewEnded');
  });

  it('is let go when denied, and the wallet is frozen as wished', async () => {
    const member = await aMemberWithMuch();
    const code = await member.code();
    const { payment } = await pay('review-2', code, 50_000);
    const denied = await ask<Decided>(DENY, { id: payment.id }, member.token);
    expect(denied.result.payment).toMatchObject({
      state: 'RELEASED',
      review: { ending: 'DENIED' },
    });
    expect(await pay('review-2', code, 50_000)).toMatchObject({
      __typename: 'PaymentUnderReview',
      payment: { state: 'RELEASED' },
    });
    expect(await member.balance()).toBe(98_000);
    const { wallet } = await ask<{ wallet: { state: string } }>(
      '{ wallet { state } }',
      {},
      member.token,
    );
    expect(wallet.state).toBe('FROZEN');
  });

  it('is decided by another person at the desk, who says why', async () => {
    const member = await aMemberWithMuch();
    const { payment } = await pay('review-3', await member.code(), 70_000);
    const input = { paymentId: payment.id, decision: 'REFUSED', note: '電話で確認' };
    const refused = await ask<Decided>(DECIDE, { input }, await under.mint.operator('mem_desk'));
    expect(refused.result.payment).toMatchObject({
      state: 'RELEASED',
      review: { ending: 'REFUSED' },
    });
    expect(await outcomeOf('review-3')).toBe('RELEASED');
    expect(await member.balance()).toBe(98_000);
  });

  it('is nobody else’s to see or to answer', async () => {
    const member = await aMemberWithMuch();
    const { payment } = await pay('review-4', await member.code(), 70_000);
    const stranger = await aMemberWith(under, 1_000);
    for (const document of [CONFIRM, DENY]) {
      const answer = await under.graph.ask(document, { id: payment.id }, stranger.token);
      expect(answer.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    }
    // A register learns that it waits, and not why.
    const seen = await ask<{ payment: { review: unknown } }>(
      `query($id: ID!) { payment(id: $id) { review { reasons } } }`,
      { id: payment.id },
      terminal(),
    );
    expect(seen.payment.review).toBeNull();
    expect(
      await ask(CANCEL, { input: { merchantPaymentId: 'review-4' } }, terminal()),
    ).toMatchObject({
      result: { outcome: 'NOT_CHARGED' },
    });
    expect((await ask<Decided>(CONFIRM, { id: payment.id }, member.token)).result.__typename).toBe(
      'ReviewEnded',
    );
  });

  it('that was to be held is captured only after the answer', async () => {
    const member = await aMemberWithMuch();
    const { payment } = await pay('review-5', await member.code(), 60_000, HOLD_OR_WAIT);
    const capture = () =>
      ask<Paid>(CAPTURE, { input: { merchantPaymentId: 'review-5' } }, terminal());
    expect((await capture()).result.__typename).toBe('PaymentNotAuthorized');
    const confirmed = await ask<Decided>(CONFIRM, { id: payment.id }, member.token);
    expect(confirmed.result.payment?.state).toBe('AUTHORIZED');
    expect((await capture()).result.__typename).toBe('PaymentCaptured');
    await eventually(async () => (await member.balance()) === 38_000);
  });
});
