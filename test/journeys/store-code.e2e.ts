import { crc16 } from '@7pay/emv-qr';
import { verifyBooks } from '@7pay/ledger';
import { eventually } from '@7pay/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aMember,
  aMemberWith,
  CANCEL,
  INQUIRE,
  type Member,
  PAY,
  platformUnderTest,
  type PlatformUnderTest,
} from '../support/platform-under-test.ts';

interface Bill {
  readonly id: string;
  readonly amount: number;
  readonly store: { readonly id: string; readonly name: string };
}
interface Result {
  readonly __typename: string;
  readonly code?: string;
  readonly fault?: string;
  readonly qr?: string;
  readonly bill?: Bill;
  readonly store?: Bill['store'];
  readonly payment?: {
    readonly id: string;
    readonly amount: number;
    readonly merchantPaymentId: string;
  };
}
const BILL = 'bill { id amount expiresAt store { id name } }';
const CREATE = `mutation($input: CreateBillInput!) { result: createBill(input: $input) { __typename ... on BillCreated { qr ${BILL} } ... on Refusal { code } } }`;
const LOOK = `query($text: String!) { result: scannedQr(text: $text) { __typename ... on ScannedBill { ${BILL} } ... on ScannedStore { store { id name } } ... on QrUnreadable { fault } ... on Refusal { code } } }`;
const PAID = `{ __typename ... on PaidByQr { payment { id amount state merchantPaymentId store { name } } } ... on Refusal { code } }`;
const PAY_BILL = `mutation($input: PayBillInput!) { result: payBill(input: $input) ${PAID} }`;
const PAY_STORE = `mutation($input: PayByStoreCodeInput!) { result: payByStoreCode(input: $input) ${PAID} }`;

let under: PlatformUnderTest;
beforeAll(async () => {
  under = await platformUnderTest('store-code');
});
afterAll(async () => {
  const books = await verifyBooks(under.platform.connection);
  await under.stop();
  expect(books.faults).toEqual([]);
});

const ask = async (query: string, variables: Record<string, unknown>, token: string) =>
  (await under.graph.ask<{ result: Result }>(query, variables, token)).data.result;
const terminal = () => under.stores[0]!;
const bill = (merchantPaymentId: string, amount: number, store = terminal()) =>
  ask(CREATE, { input: { merchantPaymentId, amount } }, store.token);
const look = (text: string, { token }: Member) => ask(LOOK, { text }, token);
const payBill = ({ token }: Member, requestId: string, billId: string) =>
  ask(PAY_BILL, { input: { requestId, billId } }, token);
const payStore = ({ token }: Member, requestId: string, storeId: string, amount: unknown) =>
  ask(PAY_STORE, { input: { requestId, storeId, amount } }, token);
const sealed = (body: string) => `${body}${crc16(new TextEncoder().encode(body))}`;

describe('a bill', () => {
  it('is read by its code, paid once, and seen by the terminal under its number', async () => {
    const member = await aMemberWith(under, 3_000);
    const made = await bill('bill-1', 648);
    const seen = await look(made.qr!, member);
    expect(seen).toMatchObject({
      __typename: 'ScannedBill',
      bill: { amount: 648, store: { id: terminal().id, name: terminal().name } },
    });
    const paid = await payBill(member, 'mine-1', seen.bill!.id);
    expect(paid).toMatchObject({
      __typename: 'PaidByQr',
      payment: { amount: 648, merchantPaymentId: 'bill-1', store: { name: terminal().name } },
    });
    expect(await member.balance()).toBe(2_352);
    const inquiry = await under.graph.ask<{ inquiry: unknown }>(
      INQUIRE,
      { id: 'bill-1' },
      terminal().token,
    );
    expect(inquiry.data.inquiry).toMatchObject({
      outcome: 'ACCEPTED',
      payment: { id: paid.payment!.id },
    });
    expect((await look(made.qr!, member)).code).toBe('BILL_ALREADY_PAID');
  });

  it('gives the same answer to the same request, and refuses the number for something else', async () => {
    const member = await aMemberWith(under, 3_000);
    const [first, second] = [await bill('bill-2', 100), await bill('bill-3', 200)];
    const paid = await payBill(member, 'mine-2', first.bill!.id);
    expect(await payBill(member, 'mine-2', first.bill!.id)).toEqual(paid);
    expect((await payBill(member, 'mine-2', second.bill!.id)).code).toBe('PAYMENT_ID_REUSED');
    expect((await payBill(member, 'mine-3', first.bill!.id)).code).toBe('BILL_ALREADY_PAID');
    expect(await member.balance()).toBe(2_900);
  });

  it('that two members pay at once is paid by one of them', async () => {
    const members = await Promise.all([aMemberWith(under, 2_000), aMemberWith(under, 2_000)]);
    for (let round = 0; round < 5; round += 1) {
      const { bill: made } = await bill(`bill-race-${round}`, 100);
      const answers = await Promise.all(
        members.map((member) => payBill(member, `race-${round}`, made!.id)),
      );
      expect(answers.map(({ __typename }) => __typename).toSorted()).toEqual([
        'BillAlreadyPaid',
        'PaidByQr',
      ]);
    }
    const left = await Promise.all(members.map((member) => member.balance()));
    expect(left[0]! + left[1]!).toBe(3_500);
  });

  it('that one member pays eight times at once is paid once', async () => {
    const member = await aMemberWith(under, 2_000);
    const { bill: made } = await bill('bill-eight', 300);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => payBill(member, 'eight', made!.id)),
    );
    expect(new Set(answers.map(({ payment }) => payment?.id)).size).toBe(1);
    expect(await member.balance()).toBe(1_700);
  });

  it('that a member could not pay is there for the next try, and for somebody else', async () => {
    const [poor, rich] = [await aMemberWith(under, 1_000), await aMemberWith(under, 2_000)];
    const { bill: made } = await bill('bill-poor', 1_001);
    expect((await payBill(poor, 'poor', made!.id)).code).toBe('INSUFFICIENT_BALANCE');
    expect((await payBill(rich, 'rich', made!.id)).__typename).toBe('PaidByQr');
    expect((await payBill(poor, 'poor', made!.id)).code).toBe('BILL_ALREADY_PAID');
  });

  it('and a code under the same number are one payment: the first one wins', async () => {
    const member = await aMemberWith(under, 2_000);
    const { bill: made } = await bill('bill-or-code', 100);
    const input = { merchantPaymentId: 'bill-or-code', code: await member.code(), amount: 100 };
    expect((await ask(PAY, { input }, terminal().token)).__typename).toBe('PaymentAccepted');
    expect((await payBill(member, 'or-code', made!.id)).code).toBe('BILL_ALREADY_PAID');
    expect(await member.balance()).toBe(1_900);
  });

  it('whose number was refused for good is not called paid', async () => {
    const [short, member] = [await aMemberWith(under, 1_000), await aMemberWith(under, 2_000)];
    const made = await bill('bill-refused', 1_500);
    const input = { merchantPaymentId: 'bill-refused', code: await short.code(), amount: 1_500 };
    expect((await ask(PAY, { input }, terminal().token)).__typename).toBe('InsufficientBalance');
    expect((await look(made.qr!, member)).code).toBe('PAYMENT_CANCELLED_EARLIER');
    expect((await payBill(member, 'refused', made.bill!.id)).code).toBe(
      'PAYMENT_CANCELLED_EARLIER',
    );
    expect(await member.balance()).toBe(2_000);
  });

  it('that was cancelled first is never charged, and one that was paid is given back', async () => {
    const member = await aMemberWith(under, 2_000);
    const { bill: early } = await bill('bill-early', 100);
    const cancel = (id: string) =>
      ask(CANCEL, { input: { merchantPaymentId: id } }, terminal().token);
    await cancel('bill-early');
    expect((await payBill(member, 'early', early!.id)).code).toBe('PAYMENT_CANCELLED_EARLIER');
    const { bill: late } = await bill('bill-late', 100);
    await payBill(member, 'late', late!.id);
    expect(await cancel('bill-late')).toMatchObject({ outcome: 'REVERSED' });
    expect((await payBill(member, 'late', late!.id)).code).toBe('PAYMENT_CANCELLED_EARLIER');
    expect(await member.balance()).toBe(2_000);
  });

  it('ends after five minutes', async () => {
    const member = await aMemberWith(under, 1_000);
    const made = await bill('bill-old', 100);
    await under.platform.connection
      .collection<{ _id: string }>('wallet_bills')
      .updateOne({ _id: made.bill!.id }, { $set: { expiresAt: new Date(Date.now() - 1) } });
    expect((await look(made.qr!, member)).code).toBe('BILL_EXPIRED');
    expect((await payBill(member, 'old', made.bill!.id)).code).toBe('BILL_EXPIRED');
    expect((await payBill(member, 'nobody', 'bil_nobody')).code).toBe('BILL_UNKNOWN');
  });

  it('is the same when it is made again, and refused with another amount or a used number', async () => {
    const first = await bill('bill-again', 100);
    expect(await bill('bill-again', 100)).toEqual(first);
    expect((await bill('bill-again', 101)).code).toBe('PAYMENT_ID_REUSED');
    expect((await bill('bill-1', 649)).code).toBe('PAYMENT_ID_REUSED');
    expect((await bill('bill-large', 100_001)).code).toBe('AMOUNT_TOO_LARGE');
  });

  it('is told to the terminal that listens', async () => {
    const member = await aMemberWith(under, 1_000);
    const { bill: made } = await bill('bill-told', 100);
    const stop = new AbortController();
    const response = await fetch(`${under.platform.urls.gateway}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${terminal().token}`,
      },
      body: JSON.stringify({
        query: `subscription { paymentChanged(merchantPaymentId: "bill-told") { outcome } }`,
      }),
      signal: stop.signal,
    });
    let heard = '';
    const reading = (async () => {
      const decoder = new TextDecoder();
      for await (const chunk of response.body!) heard += decoder.decode(chunk as Uint8Array);
    })().catch(() => undefined);
    await eventually(async () => heard.includes('"paymentChanged":null'));
    await payBill(member, 'told', made!.id);
    await eventually(async () => heard.includes('ACCEPTED'));
    stop.abort();
    await reading;
    expect(heard).toContain('ACCEPTED');
  });
});

describe('a code that is not what it says', () => {
  it('is refused with what is wrong: another amount, another store, a forged sum', async () => {
    const member = await aMember(under);
    const { qr } = await bill('bill-forged', 648);
    const body = qr!.slice(0, -4);
    const cheap = sealed(body.replace('5403648', '5403001'));
    expect((await look(cheap, member)).fault).toBe('WRONG_AMOUNT');
    const one = sealed(body.replace('5403648', '5403100'));
    expect((await look(one, member)).fault).toBe('OTHER_BILL');
    const elsewhere = sealed(body.replace(terminal().id, under.stores[1]!.id));
    expect((await look(elsewhere, member)).fault).toBe('OTHER_BILL');
    expect((await look(`${body}0000`, member)).fault).toBe('WRONG_CRC');
    const nobodys = sealed(body.replace(/62280124.{24}/, `62280124${'z'.repeat(24)}`));
    expect((await look(nobodys, member)).code).toBe('BILL_UNKNOWN');
  });

  it.each([
    ['nothing', ''],
    ['an address', 'https://example.com/?pay=1'],
    ['a payment code', '711000771234567890123456'],
    ['a long text', '0'.repeat(5_000)],
  ])('is refused when it is %s', async (_, text) => {
    const member = await aMember(under);
    expect((await look(text, member)).code).toBe('QR_UNREADABLE');
  });
});

describe('the printed code of a store', () => {
  const printed = async (store = terminal()) => {
    const { data } = await under.graph.ask<{ terminal: { store: { qr: string } } }>(
      '{ terminal { id store { id qr } } }',
      {},
      store.token,
    );
    return data.terminal.store.qr;
  };

  it('is paid with an amount of one’s own, once for one number, and the store finds and refunds it', async () => {
    const member = await aMemberWith(under, 3_000);
    const seen = await look(await printed(), member);
    expect(seen).toMatchObject({ store: { id: terminal().id, name: terminal().name } });
    const paid = await payStore(member, 'static-1', seen.store!.id, 500);
    expect(paid).toMatchObject({ __typename: 'PaidByQr', payment: { amount: 500 } });
    expect(await payStore(member, 'static-1', seen.store!.id, 500)).toEqual(paid);
    for (const [storeId, amount] of [
      [seen.store!.id, 501],
      [under.stores[1]!.id, 500],
    ] as const) {
      expect((await payStore(member, 'static-1', storeId, amount)).code).toBe('PAYMENT_ID_REUSED');
    }
    expect(await member.balance()).toBe(2_500);
    const input = { merchantPaymentId: paid.payment!.merchantPaymentId };
    expect(await ask(CANCEL, { input }, terminal().token)).toMatchObject({ outcome: 'REVERSED' });
    expect(await member.balance()).toBe(3_000);
  });

  it('is refused above the limit, for a store that nobody knows, and for amounts that are none', async () => {
    const member = await aMemberWith(under, 1_000);
    const { id } = terminal();
    expect((await payStore(member, 'large', id, 100_001)).code).toBe('AMOUNT_TOO_LARGE');
    expect((await payStore(member, 'where', 'sto_nobody', 1)).code).toBe('STORE_NOT_SELLING');
    for (const amount of [0, -1, 1.5, '１００', null]) {
      const { errors } = await under.graph.ask(
        PAY_STORE,
        { input: { requestId: 'bad', storeId: id, amount } },
        member.token,
      );
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
    expect(await member.balance()).toBe(1_000);
  });
});

describe('paying by a store’s code', () => {
  it('needs the strong proof that every payment needs', async () => {
    const member = await aMemberWith(under, 1_000);
    const weak = await under.mint.member(member.memberId, { acr: 'urn:7id:acr:1' });
    const { bill: made } = await bill('bill-weak', 100);
    const input = { requestId: 'weak', billId: made!.id };
    expect((await ask(PAY_BILL, { input }, weak)).code).toBe('STEP_UP_REQUIRED');
  });

  it('can be stopped by itself: codes go on paying', async () => {
    const member = await aMemberWith(under, 2_000);
    const { bill: made } = await bill('bill-stopped', 100);
    const operator = await under.mint.operator('mem_qr_operator');
    await under.graph.ask(
      `mutation { closeSwitch(input: { key: "payment.mpm", reasonJa: "試験", reasonEn: "test" }) { __typename } }`,
      {},
      operator,
    );
    await under.platform.controls.refresh();
    expect((await payBill(member, 'stopped', made!.id)).code).toBe('FUNCTION_CLOSED');
    expect((await payStore(member, 'stopped', terminal().id, 1)).code).toBe('FUNCTION_CLOSED');
    expect((await bill('bill-stopped-2', 100)).code).toBe('FUNCTION_CLOSED');
    const input = { merchantPaymentId: 'code-goes-on', code: await member.code(), amount: 100 };
    expect((await ask(PAY, { input }, terminal().token)).__typename).toBe('PaymentAccepted');
  });
});
