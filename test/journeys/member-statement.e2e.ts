import { businessDate } from '@7pay/time';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aMember,
  aMemberWith,
  AUTHORIZE,
  CANCEL,
  CAPTURE,
  type Member,
  PAY,
  platformUnderTest,
  type PlatformUnderTest,
  REFUND,
} from '../support/platform-under-test.ts';

const ROW = 'id kind amount balanceAfter payment { id } topUpId store { id name } case { state }';
const MOVEMENTS = `query($after: String) { wallet { movements(first: 2, after: $after) { nodes { ${ROW} } pageInfo { hasNextPage endCursor } } } }`;
const STATEMENT = `query($month: String!) { statement(month: $month) { __typename ... on StatementGiven { statement { month opening closing csv pdf } } } }`;

interface Row {
  readonly kind: string;
  readonly amount: number;
  readonly balanceAfter: number;
  readonly payment: { readonly id: string } | null;
  readonly store: { readonly name: string } | null;
}
interface Movements {
  readonly wallet: {
    readonly movements: {
      readonly nodes: readonly Row[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
    };
  };
}
interface Given {
  readonly statement: {
    readonly __typename: string;
    readonly statement: { opening: number; closing: number; csv: string; pdf: string };
  };
}

let under: PlatformUnderTest;
beforeAll(async () => {
  under = await platformUnderTest('member_statement');
});
afterAll(() => under.stop());

const register = async (document: string, input: object) => {
  await under.graph.ask(document, { input }, under.stores[0]!.token);
};
const all = async ({ token }: Member): Promise<Row[]> => {
  const rows: Row[] = [];
  let after: string | null = null;
  for (;;) {
    const answer: { data: Movements } = await under.graph.ask<Movements>(
      MOVEMENTS,
      { after },
      token,
    );
    const { nodes, pageInfo }: Movements['wallet']['movements'] = answer.data.wallet.movements;
    rows.push(...nodes);
    if (!pageInfo.hasNextPage) return rows;
    after = pageInfo.endCursor;
  }
};
const statement = async (token: string, month: string) =>
  (await under.graph.ask<Given>(STATEMENT, { month }, token)).data.statement;
const thisMonth = () => businessDate(new Date()).slice(0, 7);

describe('the movements of a wallet', () => {
  it('are all that moved the balance, newest first, with the balance after each', async () => {
    const member = await aMemberWith(under, 5_000);
    const bill = async (merchantPaymentId: string, amount: number) => ({
      merchantPaymentId,
      amount,
      code: await member.code(),
    });
    await register(PAY, await bill('move-1', 1_000));
    await register(REFUND, { merchantPaymentId: 'move-1', refundId: 'move-r', amount: 300 });
    await register(AUTHORIZE, await bill('move-2', 800));
    await register(CAPTURE, { merchantPaymentId: 'move-2', amount: 500 });
    await register(AUTHORIZE, await bill('move-3', 900)); // held only: nothing moved
    await register(CANCEL, { merchantPaymentId: 'move-1' });
    const rows = await all(member);
    expect(rows.map(({ kind, amount, balanceAfter }) => [kind, amount, balanceAfter])).toEqual([
      ['PAYMENT_CANCEL', 700, 4_500],
      ['PAYMENT', -500, 3_800],
      ['PAYMENT_REFUND', 300, 4_300],
      ['PAYMENT', -1_000, 4_000],
      ['TOP_UP', 5_000, 5_000],
    ]);
    expect(rows.every(({ store }) => store?.name === under.stores[0]!.name)).toBe(true);
    expect(await member.balance()).toBe(4_500);

    const { statement: given } = await statement(member.token, thisMonth());
    expect(given).toMatchObject({ opening: 0, closing: 4_500 });
    expect(given.csv.split('\r\n').length).toBe(9);
    expect(given.csv).toContain(under.stores[0]!.name);
    expect(Buffer.from(given.pdf, 'base64').subarray(0, 5).toString()).toBe('%PDF-');
  });
});

describe('the statement of a month', () => {
  it('with nothing in it, or before the wallet was opened, is exact too', async () => {
    const member = await aMember(under);
    expect((await statement(member.token, thisMonth())).statement).toMatchObject({
      opening: 0,
      closing: 0,
    });
    const rich = await aMemberWith(under, 3_000);
    for (const [month, sum] of [
      ['2019-07', 0],
      ['2099-01', 3_000],
    ] as const) {
      expect((await statement(rich.token, month)).statement).toMatchObject({
        opening: sum,
        closing: sum,
      });
    }
  });

  it('is asked for by YYYY-MM, and by a member with a wallet', async () => {
    const token = await under.mint.member('mem_without');
    expect((await statement(token, '2019-07')).__typename).toBe('WalletNotOpen');
    const wrong = await under.graph.ask<Given>(STATEMENT, { month: '2019-7' }, token);
    expect(wrong.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});
