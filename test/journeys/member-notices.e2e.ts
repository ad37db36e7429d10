import { eventually } from '@7pay/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aMemberWith,
  type Member,
  PAY,
  platformUnderTest,
  type PlatformUnderTest,
} from '../support/platform-under-test.ts';

const NOTICES = `{ myUnreadNotices myNotices { nodes { title body amount balanceAfter subject storeName at readAt } } }`;
const READ = `mutation($until: DateTime!) { markNoticesRead(until: $until) }`;

interface Notices {
  readonly myUnreadNotices: number;
  readonly myNotices: {
    readonly nodes: readonly {
      readonly title: string;
      readonly amount: number;
      readonly subject: string;
      readonly storeName: string;
      readonly at: string;
      readonly readAt: string | null;
    }[];
  };
}

let under: PlatformUnderTest;
beforeAll(async () => {
  under = await platformUnderTest('member_notices');
});
afterAll(() => under.stop());

const notices = async ({ token }: Member) =>
  (await under.graph.ask<Notices>(NOTICES, {}, token, { 'accept-language': 'ja' })).data;

describe('each movement of a wallet', () => {
  it('makes one notice, that tells where and can be reported', async () => {
    const member = await aMemberWith(under, 3_000);
    const input = { merchantPaymentId: 'notice-1', code: await member.code(), amount: 400 };
    const paid = await under.graph.ask<{ result: { payment: { id: string } } }>(
      PAY,
      { input },
      under.stores[0]!.token,
    );
    const told = await eventually(async () => {
      const now = await notices(member);
      return now.myNotices.nodes.length === 2 && now;
    });
    expect(told.myUnreadNotices).toBe(2);
    expect(told.myNotices.nodes[0]).toMatchObject({
      title: 'お支払いがありました',
      amount: -400,
      balanceAfter: 2_600,
      subject: paid.data.result.payment.id,
      storeName: under.stores[0]!.name,
      readAt: null,
    });

    const [newest, first] = told.myNotices.nodes;
    const read = async (until: string) =>
      (await under.graph.ask<{ markNoticesRead: number }>(READ, { until }, member.token)).data
        .markNoticesRead;
    expect(await read(first!.at)).toBe(1);
    expect(await read(newest!.at)).toBe(0);
    expect((await notices(member)).myNotices.nodes).toHaveLength(2);
  });

  it('is told to nobody else', async () => {
    const member = await aMemberWith(under, 1_000);
    await eventually(async () => (await notices(member)).myUnreadNotices === 1);
    const other = await under.mint.member('mem_other');
    const { data } = await under.graph.ask<Notices>(NOTICES, {}, other);
    expect(data).toEqual({ myUnreadNotices: 0, myNotices: { nodes: [] } });
  });
});
