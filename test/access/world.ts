import { isRefused } from '@7pay/refusals';
import { eventually } from '@7pay/testing';
import { Secret, TOTP } from 'otpauth';
import { aForm, onboarding } from '../support/onboarding.ts';
import {
  AUTHORIZE as AUTHORIZE_OR_REFUSE,
  CANCEL,
  CAPTURE,
  type PlatformUnderTest,
  REFUND,
  TOP_UP,
} from '../support/platform-under-test.ts';
import { tellRecovered } from '../support/recovered.ts';
import { refunds } from '../support/refunds.ts';

/** Ids of things that belong to one member, one store and one merchant, and of people who have nothing to do with them. */
export interface World {
  readonly memberId: string;
  readonly otherId: string;
  readonly merchantPersonId: string;
  readonly otherMerchantPersonId: string;
  readonly operatorId: string;
  readonly walletId: string;
  readonly paymentId: string;
  readonly merchantPaymentId: string;
  readonly pointsAccountId: string;
  readonly programmeId: string;
  readonly storeId: string;
  readonly merchantId: string;
  readonly applicationId: string;
  readonly switchKey: string;
  readonly caseId: string;
  readonly topUpCaseId: string;
}

const AUTHORIZE = AUTHORIZE_OR_REFUSE.replace(
  '... on PaymentAuthorized',
  '... on PaymentUnderReview { payment { id } } ... on PaymentAuthorized',
);
const OPEN = `mutation { result: openWallet(input: { termsVersion: "2019-07-01" }) { ... on WalletOpened { wallet { id } } } }`;
const CODE = `mutation { result: issuePaymentCode { ... on PaymentCodeIssued { paymentCode { code } } } }`;

/** A member who topped up, paid, earned points, claimed the balance, got a payment back, applied as a merchant and recovered the password. */
export async function aWorld(under: PlatformUnderTest): Promise<World> {
  const { graph, mint, platform, stores } = under;
  const memberOf = async (name: string): Promise<string> => {
    const mail = `${name}@access.example`;
    const made = await platform.identity.registerMember({
      mail,
      displayName: name,
      password: 'kaki-no-ki-no-shita',
    });
    if (isRefused(made)) throw new Error(`${name} can register`);
    return made.memberId;
  };
  const memberId = await memberOf('member');
  const otherId = await memberOf('other');
  const merchantPersonId = await memberOf('merchant');
  const otherMerchantPersonId = await memberOf('other-merchant');
  const operatorId = await memberOf('operator');
  const secondId = await memberOf('second');
  const token = await mint.member(memberId);
  const [operator, second] = [await mint.operator(operatorId), await mint.operator(secondId)];
  const store = stores[0]!;
  const ask = async (query: string, input: object, by: string) =>
    (await graph.ask<{ result: never }>(query, { input }, by)).data.result as Made;
  const open = async (by: string) => (await ask(OPEN, {}, by)).wallet.id;
  const code = async () => (await ask(CODE, {}, token)).paymentCode.code;

  await anAuthenticatorApp(graph, await mint.member(memberId, { scope: 'openid account' }));
  const walletId = await open(token);
  await open(await mint.member(otherId));
  const topUp = async (topUpId: string) => {
    const input = { topUpId, amount: 49_000, code: await code() };
    return (await ask(TOP_UP, input, store.token)).__typename === 'TopUpAccepted';
  };
  await eventually(() => topUp('access-1'));
  await topUp('access-2');
  const merchantPaymentId = 'access-1';
  const bill = { merchantPaymentId, amount: 60_000, code: await code() };
  // So much for a first payment is looked at; an operator lets it through.
  const { payment } = await ask(AUTHORIZE, bill, store.token);
  const letThrough = { paymentId: payment.id, decision: 'ALLOWED', note: 'access' };
  await ask(DECIDE, letThrough, operator);
  await ask(CAPTURE, { merchantPaymentId }, store.token);
  const awards = platform.connection.collection('points_awards');
  await eventually(async () => (await awards.countDocuments()) === 1);

  await ask(REFUND, { merchantPaymentId, refundId: 'access-1', amount: 10 }, store.token);

  const programme = (await refunds(under).open(operator)).data.result.programme!;
  await refunds(under).claim({ token }, 'access-1');
  await ask(CANCEL, { merchantPaymentId }, store.token);
  const steps = onboarding(under);
  const { application } = (await steps.apply(token, aForm('access-1'))).data.result;
  await steps.recommend(operator, application!.id);
  await steps.approve(second, application!.id);
  const switchKey = 'payment.store.elsewhere';
  await ask(CLOSE, { key: switchKey, reasonJa: '試験', reasonEn: 'test' }, operator);
  await ask(REOPEN, { key: switchKey }, operator);
  const reported = await ask(REPORT, { subject: payment.id }, token);
  await graph.ask(TAKE_CASE, { id: reported.case.id }, operator);
  await ask(
    CLOSE_CASE,
    { caseId: reported.case.id, outcome: 'REJECTED', note: 'access' },
    operator,
  );
  platform.atmNetwork.fail('TAKES_UNASKED');
  await platform.atmNetwork.payIn({ code: 'not a code', amountYen: 1_000 });
  const { data: cases } = await graph.ask<{ topUpCases: { nodes: { id: string }[] } }>(
    '{ topUpCases(first: 1) { nodes { id } } }',
    {},
    operator,
  );
  const topUpCaseId = cases.topUpCases.nodes[0]!.id;
  await graph.ask(TAKE_TOP_UP_CASE, { id: topUpCaseId }, operator);
  await tellRecovered(under, memberId);
  const coolings = platform.connection.collection('wallet_coolings');
  await eventually(async () => (await coolings.countDocuments()) === 1);
  await ask(FREEZE, { walletId, reasonJa: '試験', reasonEn: 'test' }, operator);
  await ask('mutation { result: freezeMyWallet { __typename } }', {}, token);
  return {
    memberId,
    otherId,
    merchantPersonId,
    otherMerchantPersonId,
    operatorId,
    walletId,
    paymentId: payment.id,
    merchantPaymentId,
    pointsAccountId: memberId.replace(/^mem_/, 'pta_'),
    programmeId: programme.id,
    storeId: store.id,
    merchantId: store.merchantId,
    applicationId: application!.id,
    switchKey,
    caseId: reported.case.id,
    topUpCaseId,
  };
}

async function anAuthenticatorApp(graph: PlatformUnderTest['graph'], token: string): Promise<void> {
  const begun = await graph.ask<{ result: { secret: string } }>(
    'mutation { result: beginMyAuthenticatorApp { ... on AuthenticatorAppBegun { secret } } }',
    {},
    token,
  );
  const { secret } = begun.data.result;
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
  await graph.ask(
    'mutation($code: String!) { result: confirmMyAuthenticatorApp(code: $code) { __typename } }',
    { code },
    token,
  );
}

const REPORT = `mutation($input: ReportUnrecognisedInput!) { result: reportUnrecognised(input: $input) { __typename ... on UnrecognisedReported { case { id } } } }`;
const DECIDE = `mutation($input: DecideHeldPaymentInput!) { result: decideHeldPayment(input: $input) { __typename } }`;
const TAKE_CASE = `mutation($id: ID!) { result: takeWalletCase(caseId: $id) { __typename } }`;
const TAKE_TOP_UP_CASE = `mutation($id: ID!) { result: takeTopUpCase(caseId: $id) { __typename } }`;
const CLOSE_CASE = `mutation($input: CloseWalletCaseInput!) { result: closeWalletCase(input: $input) { __typename } }`;
const FREEZE = `mutation($input: FreezeWalletInput!) { result: freezeWallet(input: $input) { __typename } }`;
const CLOSE = `mutation($input: CloseSwitchInput!) { result: closeSwitch(input: $input) { __typename } }`;
const REOPEN = `mutation($input: OpenSwitchInput!) { result: openSwitch(input: $input) { __typename } }`;

interface Made {
  readonly __typename: string;
  readonly wallet: { readonly id: string };
  readonly paymentCode: { readonly code: string };
  readonly payment: { readonly id: string };
  readonly case: { readonly id: string };
}
