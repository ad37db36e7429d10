import { verifyBooks } from '@7pay/ledger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aMemberWith,
  PAY,
  platformUnderTest,
  type PlatformUnderTest,
} from '../support/platform-under-test.ts';

interface Result {
  readonly result: {
    readonly __typename: string;
    readonly freeze?: { readonly at: string };
    readonly wallet?: {
      readonly state: string;
      readonly ownFreeze: object | null;
      readonly operatorFreeze: { readonly reasonJa: string } | null;
    };
  };
}
const WALLET = 'wallet { state ownFreeze { at } operatorFreeze { reasonJa reasonEn } }';
const FREEZE_MINE = `mutation { result: freezeMyWallet { __typename ... on MyWalletFrozen { freeze { at } } } }`;
const THAW_MINE = `mutation { result: thawMyWallet { __typename ... on MyWalletThawed { ${WALLET} } } }`;
const FREEZE = `mutation($input: FreezeWalletInput!) { result: freezeWallet(input: $input) { __typename ... on WalletFreezeChanged { ${WALLET} } } }`;
const THAW = `mutation($id: ID!) { result: thawWallet(walletId: $id) { __typename ... on WalletFreezeChanged { ${WALLET} } } }`;

let under: PlatformUnderTest;
beforeAll(async () => {
  under = await platformUnderTest('member_freeze');
});
afterAll(async () => {
  const books = await verifyBooks(under.platform.connection);
  await under.stop();
  expect(books.faults).toEqual([]);
});

const ask = (query: string, token: string, variables: Record<string, unknown> = {}) =>
  under.graph.ask<Result>(query, variables, token);
const pay = async (merchantPaymentId: string, code: string) =>
  (await ask(PAY, under.stores[0]!.token, { input: { merchantPaymentId, code, amount: 100 } })).data
    .result.__typename;
const passwordAlone = (memberId: string) =>
  under.mint.member(memberId, { acr: 'urn:7id:acr:1', amr: ['pwd'] });

describe('a member whose phone was stolen', () => {
  it('stops the wallet with the password alone, and it stays stopped for who has no second factor', async () => {
    const member = await aMemberWith(under, 3_000);
    const [before, other] = [await member.code(), await member.code()];
    const weak = await passwordAlone(member.memberId);
    const frozen = (await ask(FREEZE_MINE, weak)).data.result;
    expect(frozen.__typename).toBe('MyWalletFrozen');
    expect((await ask(FREEZE_MINE, weak)).data.result).toEqual(frozen);
    expect(await pay('stolen-1', before)).toBe('CodeUsed');

    expect((await ask(THAW_MINE, weak)).data.result.__typename).toBe('StepUpRequired');
    const long = { auth_time: Math.floor(Date.now() / 1_000) - 601 };
    const stale = await ask(THAW_MINE, await under.mint.member(member.memberId, long));
    expect(stale.errors?.[0]?.extensions.code).toBe('REAUTHENTICATION_REQUIRED');

    expect((await ask(THAW_MINE, member.token)).data.result).toMatchObject({
      __typename: 'MyWalletThawed',
      wallet: { state: 'OPEN', ownFreeze: null },
    });
    // What the thief had on the screen does not come to life again.
    expect(await pay('stolen-2', other)).toBe('CodeUsed');
    expect(await pay('stolen-3', await member.code())).toBe('PaymentAccepted');
    expect(await member.balance()).toBe(2_900);
  });

  it('wins or loses against a payment, and the books know which', async () => {
    const member = await aMemberWith(under, 1_000);
    const code = await member.code();
    const weak = await passwordAlone(member.memberId);
    const [paid] = await Promise.all([pay('race-1', code), ask(FREEZE_MINE, weak)]);
    expect(['PaymentAccepted', 'CodeUsed', 'WalletFrozen']).toContain(paid);
    expect(await member.balance()).toBe(paid === 'PaymentAccepted' ? 900 : 1_000);
  });
});

describe('a wallet that an operator froze', () => {
  it('says why, opens for another operator alone, and what was done is on record', async () => {
    const member = await aMemberWith(under, 1_000);
    const [first, second] = [
      await under.mint.operator('mem_first'),
      await under.mint.operator('mem_second'),
    ];
    const input = { walletId: member.walletId, reasonJa: '確認中です', reasonEn: 'Under review' };
    expect((await ask(FREEZE, first, { input })).data.result.wallet).toMatchObject({
      state: 'FROZEN',
      operatorFreeze: { reasonJa: '確認中です', reasonEn: 'Under review' },
    });
    expect((await ask(FREEZE, second, { input })).data.result.__typename).toBe(
      'WalletFrozenAlready',
    );
    expect((await ask(THAW_MINE, member.token)).data.result.__typename).toBe(
      'WalletFrozenByOperator',
    );
    const id = member.walletId;
    expect((await ask(THAW, first, { id })).data.result.__typename).toBe('SecondPersonRequired');
    await ask(FREEZE_MINE, member.token);
    // The member’s own wish outlives the operators’.
    expect((await ask(THAW, second, { id })).data.result.wallet).toMatchObject({
      state: 'FROZEN',
      operatorFreeze: null,
    });
    const records = under.platform.connection.collection('wallet_freezeRecords');
    const done = await records.find({ walletId: id }).sort({ n: 1 }).toArray();
    expect(done.map(({ action, side, actor }) => `${action} ${side} ${actor}`)).toEqual([
      'FREEZE OPERATOR mem_first',
      `FREEZE MEMBER ${member.memberId}`,
      'THAW OPERATOR mem_second',
    ]);
  });

  it('needs a reason, and a wallet', async () => {
    const operator = await under.mint.operator('mem_first');
    const input = { walletId: 'wal_none', reasonJa: ' ', reasonEn: 'x' };
    const [empty] = (await ask(FREEZE, operator, { input })).errors ?? [];
    expect(empty?.extensions.code).toBe('BAD_USER_INPUT');
    const [none] = (await ask(FREEZE, operator, { input: { ...input, reasonJa: 'x' } })).errors!;
    expect(none?.extensions.code).toBe('NOT_FOUND');
  });
});
