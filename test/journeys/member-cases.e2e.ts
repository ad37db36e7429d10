import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aMemberWith,
  PAY,
  platformUnderTest,
  type PlatformUnderTest,
} from '../support/platform-under-test.ts';

const REPORT = `mutation($input: ReportUnrecognisedInput!) { result: reportUnrecognised(input: $input) { __typename ... on UnrecognisedReported { case { id state note } } } }`;
const CLOSE = `mutation($input: CloseWalletCaseInput!) { result: closeWalletCase(input: $input) { __typename ... on WalletCaseClosed { case { id state outcome closedBy { id } } } } }`;
const MINE = `{ wallet { state cases { nodes { id state outcome closingNote } } } }`;
const LIST = `query($state: WalletCaseState) { walletCases(state: $state, first: 100) { nodes { id subject wallet { id state } } } }`;

interface Case {
  readonly id: string;
  readonly state: string;
  readonly note: string;
}
interface Result {
  readonly result: { readonly __typename: string; readonly case: Case };
}

let under: PlatformUnderTest;
beforeAll(async () => {
  under = await platformUnderTest('member_cases');
});
afterAll(() => under.stop());

const ask = <Data>(query: string, token: string, variables: Record<string, unknown> = {}) =>
  under.graph.ask<Data>(query, variables, token);
const aPayment = async (merchantPaymentId: string) => {
  const member = await aMemberWith(under, 1_000);
  const input = { merchantPaymentId, code: await member.code(), amount: 100 };
  const { data } = await ask<{ result: { payment: { id: string } } }>(PAY, under.stores[0]!.token, {
    input,
  });
  return { member, subject: data.result.payment.id };
};
const report = async (token: string, input: object) =>
  (await ask<Result>(REPORT, token, { input })).data.result;

describe('a movement that its member does not recognise', () => {
  it('makes one case, however often and at once it is reported, and freezes if wished', async () => {
    const { member, subject } = await aPayment('case-1');
    const input = { subject, note: '知らない店です 4111 1111 1111 1111', freeze: true };
    const [first, again] = await Promise.all([
      report(member.token, input),
      report(member.token, input),
    ]);
    expect(first).toMatchObject({
      __typename: 'UnrecognisedReported',
      case: { state: 'OPEN', note: '知らない店です ****1111' },
    });
    expect(again).toEqual(first);
    const { data } = await ask<{ wallet: object }>(MINE, member.token);
    expect(data.wallet).toEqual({
      state: 'FROZEN',
      cases: { nodes: [{ id: first.case.id, state: 'OPEN', outcome: null, closingNote: null }] },
    });
  });

  it('is decided once by an operator, and the member reads the outcome but not the note', async () => {
    const { member, subject } = await aPayment('case-2');
    const { case: opened } = await report(member.token, { subject });
    const operator = await under.mint.operator('mem_desk');
    const inState = async (state: string | null) =>
      (
        await ask<{ walletCases: { nodes: { id: string; subject: string }[] } }>(LIST, operator, {
          state,
        })
      ).data.walletCases.nodes;
    expect((await inState('OPEN'))[0]).toEqual({
      id: opened.id,
      subject,
      wallet: { id: member.walletId, state: 'OPEN' },
    });
    const input = { caseId: opened.id, outcome: 'RECOGNISED', note: '家族の利用' };
    // Whoever works here decides about no money of their own.
    const own = await under.mint.operator(member.memberId);
    expect((await ask<Result>(CLOSE, own, { input })).data.result.__typename).toBe(
      'SecondPersonRequired',
    );
    expect((await ask<Result>(CLOSE, operator, { input })).data.result).toMatchObject({
      case: { state: 'CLOSED', outcome: 'RECOGNISED', closedBy: { id: 'mem_desk' } },
    });
    expect((await ask<Result>(CLOSE, operator, { input })).data.result.__typename).toBe(
      'CaseClosed',
    );
    expect((await inState('OPEN')).map(({ id }) => id)).not.toContain(opened.id);
    expect((await inState(null)).map(({ id }) => id)).toContain(opened.id);
    const { data } = await ask<{ wallet: { cases: { nodes: object[] } } }>(MINE, member.token);
    expect(data.wallet.cases.nodes).toMatchObject([{ outcome: 'RECOGNISED', closingNote: null }]);
  });

  it('is not that of a stranger, and nothing else than a payment or top-up', async () => {
    const { subject } = await aPayment('case-3');
    const other = await aMemberWith(under, 1_000);
    for (const id of [subject, 'pay_none', 'wal_1', '']) {
      const { errors } = await ask<Result>(REPORT, other.token, {
        input: { subject: id, freeze: true },
      });
      expect(errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    }
    const { data } = await ask<{ wallet: { state: string } }>('{ wallet { state } }', other.token);
    expect(data.wallet.state).toBe('OPEN');
    const weak = await under.mint.member(other.memberId, { acr: 'urn:7id:acr:1' });
    expect((await report(weak, { subject })).__typename).toBe('StepUpRequired');
  });
});
