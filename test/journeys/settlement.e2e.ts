import { randomIds } from '@7pay/ids';
import { credit, debit, openLedger, verifyBooks } from '@7pay/ledger';
import { unitOfWork } from '@7pay/mongo';
import { eventually } from '@7pay/testing';
import { businessDate, nextBankDay } from '@7pay/time';
import { verifySettlements } from '@7pay/wallet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformUnderTest, type PlatformUnderTest } from '../support/platform-under-test.ts';

const DAY_MS = 86_400_000;
const BATCH =
  'id businessDate state count payments refunds fee feeReturned carriedIn settled carriedOut payouts { state amount paidTo }';
let under: PlatformUnderTest;
let first: string;
let second: string;
beforeAll(async () => {
  under = await platformUnderTest('settlement');
  first = await under.mint.operator(randomIds.next('mem'));
  second = await under.mint.operator(randomIds.next('mem'));
});
afterAll(async () => {
  const { connection } = under.platform;
  const faults = [
    ...(await verifySettlements(connection)),
    ...(await verifyBooks(connection)).faults,
  ];
  await under.stop();
  expect(faults).toEqual([]);
});

const ask = async <Data>(query: string, token: string, variables: object = {}): Promise<Data> => {
  const { data, errors } = await under.graph.ask<Data>(query, { ...variables }, token);
  expect(errors).toBeUndefined();
  return data;
};
interface Batches {
  readonly batches: { readonly nodes: Record<string, unknown>[] };
}
interface Moved {
  readonly result: {
    readonly __typename: string;
    readonly code?: string;
    readonly file?: { id: string; number: string; state: string; count: number; total: number };
  };
}
const FILE =
  '... on PayoutFileMoved { file { id number state count total } } ... on Refusal { code }';

describe('yesterday’s payments of a merchant', () => {
  const transferDate = nextBankDay(businessDate(new Date()));

  it('are settled by themselves, and the merchant sees its own batch alone', async () => {
    const { connection } = under.platform;
    const { merchantId, token } = under.stores[0]!;
    const other = under.stores[1]!;
    const inUnit = unitOfWork(connection, { deadlineMs: 10_000 });
    for (const [n, amount] of [7_000, 3_000].entries()) {
      await inUnit((session) =>
        openLedger(connection).post(session, {
          id: `pay_yesterday${n}:accept`,
          kind: 'PAYMENT',
          wallet: 'wal_yesterday',
          at: new Date(Date.now() - DAY_MS),
          legs: [debit('cash:test', amount), credit(`merchant-payable:${merchantId}`, amount)],
          generation: 1,
          ref: { paymentId: `pay_yesterday${n}`, storeId: under.stores[0]!.id },
        }),
      );
    }
    const mine = `{ batches: mySettlementBatches(first: 5) { nodes { ${BATCH} items(first: 5) { nodes { amount side basisPoints } } } } }`;
    const { batches } = await eventually(async () => {
      const seen = await ask<Batches>(mine, token);
      return seen.batches.nodes[0]?.['state'] === 'CLOSED' && seen;
    }, 20_000);
    expect(batches.nodes).toMatchObject([
      {
        businessDate: businessDate(new Date(Date.now() - DAY_MS)),
        count: 2,
        payments: 10_000,
        refunds: 0,
        fee: 150,
        feeReturned: 0,
        carriedIn: 0,
        settled: 9_850,
        carriedOut: 0,
        payouts: [{ state: 'DUE', amount: 9_850, paidTo: null }],
        items: {
          nodes: [
            { basisPoints: 150, side: 'PAYMENT' },
            { basisPoints: 150, side: 'PAYMENT' },
          ],
        },
      },
    ]);
    expect((await ask<Batches>(mine, other.token)).batches.nodes).toEqual([]);
    const all = `query($id: ID) { batches: settlementBatches(merchantId: $id, first: 5) { nodes { ${BATCH} } } }`;
    expect((await ask<Batches>(all, first, { id: merchantId })).batches.nodes).toHaveLength(1);
    expect((await under.graph.ask(all, {}, token)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('are put into a file by one operator and approved by another', async () => {
    const prepare = `mutation($on: Date!) { result: preparePayoutFile(input: { transferDate: $on }) { __typename ${FILE} } }`;
    const approve = `mutation($id: ID!) { result: approvePayoutFile(input: { id: $id }) { __typename ${FILE} } }`;
    const past = await ask<Moved>(prepare, first, { on: '2019-07-01' });
    expect(past.result.code).toBe('NO_BANK_DAY');
    const { result } = await ask<Moved>(prepare, first, { on: transferDate });
    const number = `${transferDate.replaceAll('-', '')}01`;
    expect(result.file).toMatchObject({ number, state: 'PREPARED', count: 1, total: 9_850 });
    const id = result.file!.id;
    expect((await ask<Moved>(approve, first, { id })).result.code).toBe('SECOND_PERSON_REQUIRED');
    expect((await ask<Moved>(approve, second, { id })).result.file?.state).toBe('APPROVED');
    const { payouts } = await ask<{ payouts: { nodes: { id: string; paidTo: string }[] } }>(
      '{ payouts(first: 5, state: SENT) { nodes { id paidTo } } }',
      first,
    );
    expect(payouts.nodes.map(({ paidTo }) => paidTo)).toEqual(['0034-001 ****345']);
    const decide = `mutation($id: ID!) { result: decideReturnedPayout(input: { id: $id, decision: PAY_AGAIN, note: "x" }) { __typename ... on Refusal { code } } }`;
    expect((await ask<Moved>(decide, first, { id: payouts.nodes[0]!.id })).result.code).toBe(
      'PAYOUT_NOT_RETURNED',
    );
  });
});
