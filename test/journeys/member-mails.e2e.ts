import { isRefused } from '@7pay/refusals';
import { eventually, openEvents } from '@7pay/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  PAY,
  platformUnderTest,
  type PlatformUnderTest,
  TOP_UP,
} from '../support/platform-under-test.ts';

const CODE = `mutation { result: issuePaymentCode { ... on PaymentCodeIssued { paymentCode { code } } } }`;
const CHOOSE = `mutation($input: MailChoiceInput!) { setMyMailChoice(input: $input) { otherPayments } }`;
const TOLD = `subscription { notice: myNoticeAdded { amount subject } }`;
/** The wish is that a member knows within this time. It is a bound here; how long it takes is measured by the bench. */
const KNOWN_WITHIN_MS = 5_000;

let under: PlatformUnderTest;
let token: string;
beforeAll(async () => {
  under = await platformUnderTest('member_mails');
  const made = await under.platform.identity.registerMember({
    mail: 'michiko@example.com',
    displayName: '道子',
    password: 'kaki-no-ki-no-shita',
  });
  if (isRefused(made)) throw new Error(made.refused);
  token = await under.mint.member(made.memberId);
  await under.graph.ask(
    'mutation { openWallet(input: { termsVersion: "2019-07-01" }) { __typename } }',
    {},
    token,
  );
});
afterAll(() => under.stop());

const code = async () =>
  (await under.graph.ask<{ result: { paymentCode: { code: string } } }>(CODE, {}, token)).data
    .result.paymentCode.code;
const topUp = async (topUpId: string) => {
  const input = { topUpId, amount: 49_000, code: await code() };
  await under.graph.ask(TOP_UP, { input }, under.stores[0]!.token);
};
const pay = async (merchantPaymentId: string, amount: number) => {
  const input = { merchantPaymentId, amount, code: await code() };
  await under.graph.ask(PAY, { input }, under.stores[0]!.token);
};
const mails = () => under.platform.messageCarrier.delivered();
const mailed = (words: string) =>
  eventually(async () => mails().find(({ text }) => text.includes(words)), 20_000);

describe('a notice', () => {
  it('reaches the app that listens, in the order of what happened, within the time we wish', async () => {
    const url = `${under.platform.urls.gateway}/graphql`;
    type Told = { notice: { amount: number } | null };
    const app = await openEvents<Told>(url, { query: TOLD, variables: {} }, { token });
    expect((await app.answer()).data.notice).toBeNull();
    const heard = async () => {
      const from = performance.now();
      const { notice } = (await app.answer()).data;
      expect(performance.now() - from).toBeLessThan(KNOWN_WITHIN_MS);
      return notice?.amount;
    };
    await topUp('mail-1');
    expect(await heard()).toBe(49_000);
    await pay('mail-1', 120);
    expect(await heard()).toBe(-120);
    await pay('mail-2', 240);
    expect(await heard()).toBe(-240);
    app.close();
  });

  it('comes by mail where it is for safety or chosen, once, though the mailer fails at first', async () => {
    await topUp('mail-2');
    expect(mails()).toEqual([]); // small payments and cash are not mailed unless chosen
    under.platform.messageCarrier.fail('DOWN', 'LOST_ANSWER', 'WRONG_SIGNATURE');
    await pay('mail-3', 60_000);
    expect(await mailed('60,000円')).toMatchObject({
      to: 'michiko@example.com',
      subject: expect.stringContaining('このお支払いはご本人ですか'),
    });
    const input = {
      largePayments: true,
      otherPayments: true,
      cardTopUps: true,
      otherTopUps: false,
      moneyBack: false,
    };
    await under.graph.ask(CHOOSE, { input }, token);
    await pay('mail-4', 310);
    expect(await mailed('310円')).toMatchObject({ subject: '7pay: お支払いがありました' });
    expect(mails()).toHaveLength(2);
    expect(
      mails()
        .map(({ text }) => text)
        .join(''),
    ).not.toMatch(/https?:|\d{12}/);
  });
});
