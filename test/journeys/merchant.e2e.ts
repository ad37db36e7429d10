import { decodeJwt } from 'jose';
import { randomIds } from '@7pay/ids';
import { eventually } from '@7pay/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aForm, aKey, dayFromNow, onboarding } from '../support/onboarding.ts';
import {
  aMember,
  aMemberWith,
  PAY,
  platformUnderTest,
  type PlatformUnderTest,
} from '../support/platform-under-test.ts';

let under: PlatformUnderTest;
let steps: ReturnType<typeof onboarding>;
let applicant: string;
let first: string;
let second: string;
beforeAll(async () => {
  under = await platformUnderTest('merchant');
  steps = onboarding(under);
  applicant = await under.mint.member(randomIds.next('mem'));
  first = await under.mint.operator(randomIds.next('mem'));
  second = await under.mint.operator(randomIds.next('mem'));
});
afterAll(() => under.stop());

const apply = async (number: string, change: Record<string, unknown> = {}, token = applicant) =>
  (await steps.apply(token, aForm(number, change))).data.result;
const applied = async (number: string, change: Record<string, unknown> = {}) => {
  const { application } = await apply(number, change);
  return application!.id;
};
/** A store that was approved by two people. */
const aStore = async (number: string, change: Record<string, unknown> = {}) => {
  const id = await applied(number, change);
  await steps.recommend(first, id);
  const { application } = (await steps.approve(second, id)).data.result;
  return { id: application!.store!.id, merchantId: application!.merchant!.id };
};
const ACCOUNT = {
  bankCode: '0034',
  branchCode: '001',
  kind: 'ORDINARY',
  number: '0012345',
  holderKana: 'カ）アオバ',
};
const pay = async (merchantPaymentId: string, code: string, token: string) =>
  (
    await under.graph.ask<{ result: { __typename: string; code?: string } }>(
      PAY,
      { input: { merchantPaymentId, code, amount: 100 } },
      token,
    )
  ).data.result;

describe('a business', () => {
  it('applies, is approved by two people, pairs a terminal and sells', async () => {
    const id = await applied('story');
    const recommended = (await steps.recommend(first, id)).data.result;
    expect(recommended.application).toMatchObject({ state: 'RECOMMENDED', store: null });
    const approved = (await steps.approve(second, id)).data.result;
    expect(approved.application).toMatchObject({
      state: 'APPROVED',
      merchant: { id: expect.stringMatching(/^mer_/) },
      store: { id: expect.stringMatching(/^sto_/) },
    });

    const store = {
      id: approved.application!.store!.id,
      merchantId: approved.application!.merchant!.id,
    };
    const paired = await steps.pair(await steps.issueCode(first, store.id));
    const token = await under.mint.terminal({
      terminalId: paired.terminal!.id,
      storeId: store.id,
      merchantId: store.merchantId,
    });
    const member = await aMemberWith(under, 1_000);
    // The wallet hears of a new store in a moment; until then the store does not sell.
    await eventually(async () => {
      const answer = await pay('story-sale', await member.code(), token);
      return answer.__typename === 'PaymentAccepted';
    });
    expect(await member.balance()).toBe(900);
    const seen = await under.graph.ask<{ stores: { nodes: { id: string }[] } }>(
      '{ stores(first: 100) { nodes { id } } }',
    );
    expect(seen.data.stores.nodes.map((node) => node.id)).toContain(store.id);
  });

  it('sells not before its first day', async () => {
    const store = await aStore('tomorrow', { opensOn: dayFromNow(1) });
    await eventually(async () =>
      under.platform.connection
        .collection<{ _id: string }>('wallet_stores')
        .findOne({ _id: store.id }),
    );
    const member = await aMember(under);
    const token = await under.mint.terminal({
      terminalId: randomIds.next('ter'),
      storeId: store.id,
      merchantId: store.merchantId,
    });
    expect(await pay('too-early', await member.code(), token)).toMatchObject({
      __typename: 'StoreNotSelling',
      code: 'STORE_NOT_SELLING',
    });
  });
});

describe('an application', () => {
  it('sent twice is one; the same number with another form is refused; another member’s is another', async () => {
    const one = await apply('number-1');
    expect((await apply('number-1')).application).toEqual(one.application);
    expect(await apply('number-1', { storeName: '別の店' })).toMatchObject({
      code: 'APPLICATION_ID_REUSED',
    });
    const stranger = await under.mint.member(randomIds.next('mem'));
    const theirs = await apply('number-1', { storeName: '別の店' }, stranger);
    expect(theirs.application?.id).not.toBe(one.application?.id);
  });

  it.each([
    ['merchantName', { merchantName: ' ' }],
    ['merchantName', { merchantName: 'あ'.repeat(201) }],
    ['merchantNameKana', { merchantNameKana: '株式会社あおば' }],
    ['storeName', { storeName: '' }],
    ['storeName', { storeName: 'あ'.repeat(61) }],
    ['storeAddress', { storeAddress: '\n' }],
    ['invoiceNumber', { invoiceNumber: 'T123' }],
    ['invoiceNumber', { invoiceNumber: '1234567890123' }],
    ['opensOn', { opensOn: dayFromNow(-1) }],
    ['storeName, invoiceNumber', { storeName: '', invoiceNumber: '' }],
  ])('that is wrong in %s says so by name', async (fields, change) => {
    expect(
      await apply(
        `wrong-${fields}-${JSON.stringify(change).length}`.replace(/[^\w.:-]/g, '-'),
        change,
      ),
    ).toMatchObject({
      code: 'APPLICATION_INCOMPLETE',
      fields,
    });
  });

  it.each(['2019-02-30', '2019-7-1', 'tomorrow', ''])(
    'with the day %j is bad input',
    async (opensOn) => {
      const answer = await steps.apply(applicant, aForm('no-day', { opensOn }));
      expect(answer.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    },
  );

  it('is taken from nobody while the switch is closed, and an earlier one is still answered', async () => {
    const earlier = await apply('switch-1');
    const key = 'merchant.onboarding';
    const flip = (mutation: string, token: string) =>
      under.graph.ask(`mutation { ${mutation} { __typename } }`, {}, token);
    await flip(`closeSwitch(input: { key: "${key}", reasonJa: "確認", reasonEn: "Check" })`, first);
    expect(await apply('switch-2')).toMatchObject({ code: 'FUNCTION_CLOSED' });
    expect(await apply('switch-1')).toEqual(earlier);
    for (const token of [first, second]) await flip(`openSwitch(input: { key: "${key}" })`, token);
    expect(await apply('switch-2')).toMatchObject({ __typename: 'MerchantApplied' });
  });

  it.each([
    ['bankCode', '34'],
    ['branchCode', '1'],
    ['number', '123'],
    ['number', '１２３４５６７'],
    ['holderKana', '青葉'],
  ])('with a bank account that is wrong in %s says so', async (field, value) => {
    const bankAccount = { ...ACCOUNT, [field]: value };
    const number = `account-${field}-${value.length}`;
    expect(await apply(number, { bankAccount })).toMatchObject({
      code: 'APPLICATION_INCOMPLETE',
      fields: `bankAccount.${field}`,
    });
  });

  it('with a bank account tells the wallet where the merchant is paid, and nobody else the number', async () => {
    const store = await aStore('account', { bankAccount: ACCOUNT });
    const payees = under.platform.connection.collection<{ _id: string; number: string }>(
      'wallet_payees',
    );
    await eventually(async () => {
      const payee = await payees.findOne({ _id: store.merchantId });
      return payee?.number === '0012345';
    });
    const list =
      '{ merchantApplications(first: 50) { nodes { bankAccount { maskedNumber holderKana } } } }';
    const { data } = await under.graph.ask<object>(list, {}, first);
    const text = JSON.stringify(data);
    expect(text).toContain('{"maskedNumber":"****345","holderKana":"ｶ)ｱｵﾊﾞ"}');
    expect(text).not.toContain('0012345');
  });

  it('without an invoice number is complete', async () => {
    const somebody = await under.mint.member(randomIds.next('mem'));
    expect(await apply('no-invoice', { invoiceNumber: null }, somebody)).toMatchObject({
      __typename: 'MerchantApplied',
    });
  });

  it('is the sixth of a member when five wait for a decision', async () => {
    const busy = await under.mint.member(randomIds.next('mem'));
    for (const number of ['one', 'two', 'three', 'four', 'five'])
      expect(await apply(number, {}, busy)).toMatchObject({ __typename: 'MerchantApplied' });
    const sixth = await apply('six', {}, busy);
    expect(sixth).toMatchObject({
      __typename: 'TooManyApplications',
      code: 'TOO_MANY_APPLICATIONS',
    });
  });

  it('takes two people, neither of them the applicant', async () => {
    const both = randomIds.next('mem');
    const self = await under.mint.operator(both);
    const own = (await apply('own', {}, self)).application!.id;
    expect((await steps.recommend(self, own)).data.result.code).toBe('SECOND_PERSON_REQUIRED');
    await steps.recommend(first, own);
    expect((await steps.approve(first, own)).data.result.code).toBe('SECOND_PERSON_REQUIRED');
    expect((await steps.approve(self, own)).data.result.code).toBe('SECOND_PERSON_REQUIRED');
    expect((await steps.approve(second, own)).data.result.application?.state).toBe('APPROVED');
  });

  it('takes its steps in order and each of them once', async () => {
    const id = await applied('order');
    expect((await steps.approve(second, id)).data.result.code).toBe('APPLICATION_STATE_WRONG');
    await steps.recommend(first, id);
    expect((await steps.recommend(second, id)).data.result.code).toBe('APPLICATION_STATE_WRONG');
    await steps.approve(second, id);
    for (const again of [steps.approve, steps.recommend]) {
      expect((await again(second, id)).data.result.code).toBe('APPLICATION_STATE_WRONG');
    }
    expect((await steps.reject(first, id, '遅い')).data.result.code).toBe(
      'APPLICATION_STATE_WRONG',
    );
  });

  it('approved by two people at once makes one merchant and one store', async () => {
    const id = await applied('race');
    await steps.recommend(first, id);
    const third = await under.mint.operator(randomIds.next('mem'));
    const answers = await Promise.all([second, third].map((token) => steps.approve(token, id)));
    expect(answers.map(({ data }) => data.result.code ?? 'DECIDED').sort()).toEqual([
      'APPLICATION_STATE_WRONG',
      'DECIDED',
    ]);
  });

  it('is rejected by one person with a reason, and rests there', async () => {
    const id = await applied('reject');
    expect((await steps.reject(first, id, ' ')).errors?.[0]?.extensions.code).toBe(
      'BAD_USER_INPUT',
    );
    const rejected = (await steps.reject(first, id, '登記を確認できませんでした')).data.result;
    expect(rejected.application).toMatchObject({
      state: 'REJECTED',
      reason: '登記を確認できませんでした',
      merchant: null,
    });
    expect((await steps.recommend(first, id)).data.result.code).toBe('APPLICATION_STATE_WRONG');
  });

  it('is no business of members, nor does an unknown one exist', async () => {
    const id = await applied('privacy');
    expect((await steps.recommend(applicant, id)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect((await steps.approve(first, 'app_nobody')).errors?.[0]?.extensions.code).toBe(
      'NOT_FOUND',
    );
    const list = '{ merchantApplications(first: 1) { nodes { id } } }';
    expect((await under.graph.ask(list, {}, applicant)).errors?.[0]?.extensions.code).toBe(
      'FORBIDDEN',
    );
  });
});

describe('a pairing code', () => {
  it('pairs one terminal: the same key again is the same terminal, another key is refused', async () => {
    const code = await steps.issueCode(first, under.stores[0]!.id);
    expect(code).toMatch(/^[2-9A-HJ-NP-Z]{8}$/);
    const { publicKey } = aKey();
    const paired = await steps.pair(code, publicKey);
    expect(paired.clientId).toBe(`terminal-${paired.terminal?.id}`);
    expect(await steps.pair(code, publicKey)).toEqual(paired);
    expect(await steps.pair(code)).toEqual({ __typename: 'PairingCodeWrong' });
  });

  it('presented by two terminals at once pairs one of them', async () => {
    const code = await steps.issueCode(first, under.stores[0]!.id);
    const names = await Promise.all([steps.pair(code), steps.pair(code)]);
    expect(names.map(({ __typename }) => __typename).sort()).toEqual([
      'PairingCodeWrong',
      'TerminalPaired',
    ]);
  });

  it.each([
    ['in small letters', (code: string) => code.toLowerCase()],
    ['with spaces and a dash', (code: string) => ` ${code.slice(0, 4)} - ${code.slice(4)} `],
    [
      'in full-width letters',
      (code: string) =>
        code.replace(/./g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0)),
    ],
  ])('is taken as typed %s', async (_, typed) => {
    const code = await steps.issueCode(first, under.stores[0]!.id);
    expect(await steps.pair(typed(code))).toMatchObject({ __typename: 'TerminalPaired' });
  });

  it('leaves on record who had it made, with the code and with the terminal', async () => {
    const code = await steps.issueCode(first, under.stores[0]!.id);
    const paired = await steps.pair(code);
    const { connection } = under.platform;
    const by = String(decodeJwt(first).sub);
    const terminals = connection.collection<{ _id: string }>('merchant_terminals');
    const [terminal] = await terminals.find().sort({ pairedAt: -1 }).limit(1).toArray();
    expect(paired).toMatchObject({ __typename: 'TerminalPaired' });
    expect(terminal).toMatchObject({ issuedBy: by });
    const codes = connection.collection('merchant_pairingCodes');
    expect(await codes.findOne({ usedBy: terminal?._id })).toMatchObject({ issuedBy: by });
  });

  it('that is wrong, empty or over is refused in the same words', async () => {
    const code = await steps.issueCode(first, under.stores[0]!.id);
    const codes = under.platform.connection.collection('merchant_pairingCodes');
    await codes.updateMany({ usedBy: null }, { $set: { expiresAt: new Date(Date.now() - 1) } });
    for (const wrong of [code, 'ABCDEFGH', '', '        ']) {
      expect(await steps.pair(wrong), wrong).toEqual({ __typename: 'PairingCodeWrong' });
    }
  });

  it('is issued by operators alone, for a store that is there', async () => {
    const issue = (token: string, storeId: string) =>
      under.graph.ask(
        'mutation($input: IssuePairingCodeInput!) { issuePairingCode(input: $input) { __typename } }',
        { input: { storeId, label: 'x' } },
        token,
      );
    const { id } = under.stores[0]!;
    expect((await issue(applicant, id)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect((await issue(first, 'sto_nowhere')).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  });
});
