import { randomIds } from '@7pay/ids';
import { verifyBooks } from '@7pay/ledger';
import { verifyClose } from '@7pay/refund';
import { eventually } from '@7pay/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aMember,
  aMemberWith,
  CANCEL,
  type Member,
  PAY,
  platformUnderTest,
  type PlatformUnderTest,
  REFUND,
} from '../support/platform-under-test.ts';
import { refunds } from '../support/refunds.ts';

interface Result {
  readonly result: { readonly __typename: string; readonly code?: string };
}
const FREEZE_MINE = `mutation { result: freezeMyWallet { __typename ... on Refusal { code } } }`;
const LIMITS = `mutation { result: setMyPaymentLimits(input: { perDay: "500" }) { __typename ... on Refusal { code } } }`;
const REPORT = `mutation($input: ReportUnrecognisedInput!) { result: reportUnrecognised(input: $input) { __typename ... on Refusal { code } } }`;
const CODE = `mutation { result: issuePaymentCode { __typename ... on Refusal { code } } }`;
const THAW = `mutation($id: ID!) { result: thawWallet(walletId: $id) { __typename ... on Refusal { code } } }`;
const FREEZE = `mutation($input: FreezeWalletInput!) { result: freezeWallet(input: $input) { __typename ... on Refusal { code } } }`;

let under: PlatformUnderTest;
let refund: ReturnType<typeof refunds>;
let programmeId: string;
let [desk, colleague] = ['', ''];
beforeAll(async () => {
  under = await platformUnderTest('closed_wallet');
  refund = refunds(under);
  desk = await under.mint.operator(randomIds.next('mem'));
  colleague = await under.mint.operator(randomIds.next('mem'));
  programmeId = (await refund.open(desk)).data.result.programme!.id;
});
afterAll(async () => {
  const books = await verifyBooks(under.platform.connection);
  const { faults } = await verifyClose(under.platform.connection);
  await under.stop();
  expect([...books.faults, ...faults]).toEqual([]);
});

const ask = async (query: string, token: string, variables: Record<string, unknown> = {}) =>
  (await under.graph.ask<Result>(query, variables, token)).data.result;
const closeAll = () => refund.closeWallets(programmeId);
const stateOf = async ({ token }: Member) =>
  (await under.graph.ask<{ wallet: { state: string } }>('{ wallet { state } }', {}, token)).data
    .wallet.state;
const lastTopUp = async ({ token }: Member) =>
  (
    await under.graph.ask<{ wallet: { topUps: { nodes: { id: string }[] } } }>(
      '{ wallet { topUps(first: 1) { nodes { id } } } }',
      {},
      token,
    )
  ).data.wallet.topUps.nodes[0]!.id;
const claimable = async ({ token }: Member) =>
  (await under.graph.ask<{ wallet: { claimable: number } }>('{ wallet { claimable } }', {}, token))
    .data.wallet.claimable;
const noticesOf = async ({ token }: Member) =>
  (
    await under.graph.ask<{
      myNotices: { nodes: { id: string; kind: string; amount: number }[] };
    }>('{ myNotices(first: 5) { nodes { id kind amount } } }', {}, token)
  ).data.myNotices.nodes;
const isClosed = (member: Member) => eventually(async () => (await stateOf(member)) === 'CLOSED');

describe('a wallet that was closed when the service ended', () => {
  it('is closed for its member and for operators, empty or not, and stays so', async () => {
    const full = await aMemberWith(under, 3_000);
    const [empty, frozen] = [await aMember(under), await aMember(under)];
    const reason = { reasonJa: '確認中', reasonEn: 'Under review' };
    const freeze = (walletId: string, token = desk) =>
      ask(FREEZE, token, { input: { walletId, ...reason } });
    expect((await freeze(frozen.walletId)).__typename).toBe('WalletFreezeChanged');
    expect(await closeAll()).toMatchObject({ waiting: 0, failed: 0 });
    for (const member of [full, empty, frozen]) await isClosed(member);

    for (const answer of [
      await ask(FREEZE_MINE, full.token),
      await freeze(empty.walletId),
      await ask(THAW, colleague, { id: frozen.walletId }),
      await ask(LIMITS, full.token),
    ]) {
      expect(answer).toMatchObject({ __typename: 'WalletClosed', code: 'WALLET_CLOSED' });
    }
    // Told once, by mail too: what they had is theirs, and they have to claim it.
    const told = `ntc:${full.walletId}:close`;
    await eventually(async () => (await noticesOf(full))[0]?.id === told);
    expect((await noticesOf(full))[0]).toMatchObject({ kind: 'WALLET_CLOSE', amount: -3_000 });
    const due = under.platform.connection.collection<{ _id: string }>('events_outbox');
    expect(await due.countDocuments({ _id: `evt_mail_${told}` })).toBe(1);
    expect(await noticesOf(empty)).toEqual([]); // nothing has moved
    const subject = await lastTopUp(full);
    const report = await ask(REPORT, full.token, { input: { subject, freeze: true } });
    expect(report.__typename).toBe('UnrecognisedReported');
    expect(await ask(CODE, full.token)).toMatchObject({ code: 'WALLET_FROZEN' });
    for (const member of [full, empty, frozen]) expect(await stateOf(member)).toBe('CLOSED');
    expect(await closeAll()).toEqual({ closed: 0, total: 0, waiting: 0, failed: 0 });
    expect((await refund.claim(full, 'all')).claim).toMatchObject({ amount: 3_000 });
  });
});

describe('a payment that a shop takes back after its member’s wallet was closed', () => {
  it('is claimed like the rest, before and after another claim', async () => {
    const member = await aMemberWith(under, 3_000);
    const terminal = under.stores[0]!.token;
    const pay = async (merchantPaymentId: string) => {
      const input = { merchantPaymentId, code: await member.code(), amount: 1_000 };
      expect((await ask(PAY, terminal, { input })).__typename).toBe('PaymentAccepted');
    };
    await pay('late-1');
    await pay('late-2');
    expect(await claimable(member)).toBe(1_000);
    await closeAll();
    const refunded = { merchantPaymentId: 'late-1', refundId: 'r', amount: 400 };
    expect((await ask(REFUND, terminal, { input: refunded })).__typename).toBe('PaymentRefunded');
    expect(await claimable(member)).toBe(1_400);
    expect((await refund.claim(member, 'first')).claim).toMatchObject({ amount: 1_400 });
    expect(await claimable(member)).toBe(0);
    expect(await refund.claim(member, 'second')).toMatchObject({ code: 'ALREADY_CLAIMED' });
    const cancelled = { input: { merchantPaymentId: 'late-2' } };
    expect((await ask(CANCEL, terminal, cancelled)).__typename).toBe('PaymentCancelled');
    expect(await claimable(member)).toBe(1_000);
    expect((await refund.claim(member, 'second')).claim).toMatchObject({ amount: 1_000 });
    expect(await refund.claim(member, 'third')).toMatchObject({ code: 'ALREADY_CLAIMED' });
    expect([await member.balance(), await refund.owed(member)]).toEqual([0, 2_400]);
  });
});
