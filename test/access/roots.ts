import type { Belonging } from '@7pay/graphql';
import { aForm } from '../support/onboarding.ts';
import type { Caller } from './callers.ts';
import type { World } from './world.ts';

/** With which arguments a query, mutation or subscription is asked, and whose the things are that it leads to. */
export interface RootCall {
  readonly args: (world: World) => string;
  /** Of the caller unless told. */
  readonly thing?: (world: World, caller: Caller) => Belonging;
  /** Whether all callers ask for the same thing. */
  readonly isOfAll?: true;
}

const input = (fields: string) => () => `(input: { ${fields} })`;
const none = () => '';
/** Everything in the world belongs to the member, was sold in the store, and is the merchant's. */
export const theMembers = ({ memberId, storeId, merchantId }: World): Belonging => ({
  memberId,
  storeId,
  merchantId,
});
/** What a terminal of the merchant is shown was sold in the store. */
const theTerminals = (world: World, { own }: Caller): Belonging =>
  own.merchantId === world.merchantId ? theMembers(world) : own;
/** A list of things of many, of which no caller owns all. */
const ofMany = (): Belonging => ({});

/** Each query, mutation and subscription. The inputs change nothing, or nothing that another call sees. */
export const ROOT_CALLS: Readonly<Record<string, RootCall>> = {
  'Query.me': { args: none },
  'Query.wallet': { args: none },
  'Query.payment': {
    args: ({ paymentId }) => `(id: "${paymentId}")`,
    thing: theMembers,
    isOfAll: true,
  },
  'Query.paymentByMerchantId': {
    args: ({ merchantPaymentId }) => `(merchantPaymentId: "${merchantPaymentId}")`,
    thing: theTerminals,
  },
  'Query.store': { args: ({ storeId }) => `(id: "${storeId}")`, thing: theMembers, isOfAll: true },
  'Query.stores': { args: () => '(first: 10)', thing: ofMany },
  'Query.merchantApplications': { args: () => '(first: 10)', thing: ofMany },
  'Query.terminal': { args: none, thing: theTerminals },
  'Query.reconciliationExceptions': { args: () => '(first: 5)', thing: ofMany },
  'Query.settlementBatches': { args: () => '(first: 5)', thing: ofMany },
  'Query.mySettlementBatches': { args: () => '(first: 5)', thing: theTerminals },
  'Query.payouts': { args: () => '(first: 5)', thing: ofMany },
  'Query.payoutFiles': { args: () => '(first: 5)', thing: ofMany },
  // A Sunday; a file and a payout that nobody has.
  'Mutation.preparePayoutFile': { args: input('transferDate: "2019-06-30"') },
  'Mutation.approvePayoutFile': { args: input('id: "pof_nobody"') },
  'Mutation.decideReturnedPayout': {
    args: input('id: "pot_nobody", decision: KEEP, note: "access"'),
  },
  'Query.paymentDevices': { args: none },
  'Query.scannedQr': { args: () => '(text: "access")' },
  'Query.statement': { args: () => '(month: "2019-07")' },
  'Query.myMovement': {
    args: ({ paymentId }) => `(id: "${paymentId}:capture")`,
    thing: theMembers,
  },
  'Query.myMailChoice': { args: none },
  'Mutation.setMyMailChoice': {
    args: input(
      'largePayments: true, otherPayments: false, cardTopUps: true, otherTopUps: false, moneyBack: false',
    ),
  },
  'Query.myNotices': { args: () => '(first: 10)' },
  'Query.myUnreadNotices': { args: none },
  'Subscription.myNoticeAdded': { args: none },
  'Mutation.markNoticesRead': { args: () => '(until: "2019-07-01T00:00:00Z")' },
  'Query.walletCase': {
    args: ({ caseId }) => `(id: "${caseId}")`,
    thing: theMembers,
    isOfAll: true,
  },
  'Query.walletById': {
    args: ({ walletId }) => `(id: "${walletId}")`,
    thing: theMembers,
    isOfAll: true,
  },
  'Query.walletCases': { args: () => '(first: 10)', thing: ofMany },
  'Mutation.addMyContact': { args: input('channel: MAIL, address: "no address"') },
  'Mutation.confirmMyContact': { args: () => '(id: "con_none", code: "000000")' },
  'Mutation.removeMyContact': { args: () => '(id: "con_none")' },
  // Sessions that nobody has, and a a member: nothing ends.
  'Mutation.endMySession': { args: () => '(id: "ses_none")' },
  'Mutation.endMyOtherSessions': { args: none },
  'Query.clients': { args: () => '(first: 5)', thing: ofMany },
  'Query.myClients': { args: none },
  'Query.auditEvents': {
    args: () => '(first: 5, filter: { kinds: [KEY_CHANGED] })',
    thing: ofMany,
  },
  'Query.loginStatistics': {
    args: () => '(from: "2019-07-01T00:00:00Z", to: "2019-07-02T00:00:00Z", by: DAY)',
    thing: ofMany,
  },
  'Query.operators': { args: () => '(first: 5)', thing: ofMany },
  'Query.dutyChanges': { args: () => '(first: 5)', thing: ofMany },
  // A member and a change that there are not.
  'Mutation.changeDuties': {
    args: input('memberId: "mem_none", duties: [SUPPORT], reason: "access"'),
  },
  'Mutation.approveDutyChange': { args: input('id: "dty_none", reason: "access"') },
  'Mutation.withdrawDutyChange': { args: input('id: "dty_none", reason: "access"') },
  'Mutation.unlockLogin': { args: input('memberId: "mem_none", reason: "access"') },
  'Query.findMembers': {
    args: () => '(search: { id: "mem_none", reason: "access" })',
    thing: ofMany,
  },
  'Query.readMember': { args: () => '(id: "mem_none", reason: "access")', thing: ofMany },
  'Query.loginProviders': { args: none, thing: ofMany },
  'Query.signingKeys': { args: none, thing: ofMany },
  'Query.deadNotices': { args: none, thing: ofMany },
  // A name that nobody may have, and clients, keys and notices that there are not.
  'Mutation.registerClient': {
    args: input('nameJa: "", nameEn: "", redirectUris: [], kind: CODE'),
  },
  'Mutation.payAsAgreed': { args: input('storeId: "sto_none", amount: 1') },
  'Mutation.rotateMyClientSecret': { args: () => '(id: "nobody")' },
  'Mutation.endMyOldClientSecret': { args: () => '(id: "nobody")' },
  'Mutation.rotateClientSecret': { args: input('id: "nobody", reason: "access"') },
  'Mutation.suspendClient': { args: input('id: "nobody", reason: "access"') },
  'Mutation.reopenClient': { args: input('id: "nobody", reason: "access"') },
  'Mutation.approveClient': { args: input('id: "nobody", reason: "access"') },
  'Mutation.changeClientRedirects': {
    args: input('id: "nobody", reason: "access", redirectUris: ["https://a.example/b"]'),
  },
  'Mutation.rotateSigningKey': { args: () => '(reason: "access")' },
  'Mutation.replaceSigningKey': { args: () => '(kid: "nobody", reason: "access")' },
  'Mutation.reviveNotice': { args: input('id: "nobody", reason: "access"') },
  'Mutation.dropNotice': { args: input('id: "nobody", reason: "access"') },
  'Mutation.endSessionsOfMember': { args: input('memberId: "mem_none", reason: "access"') },
  'Mutation.beginMyAuthenticatorApp': { args: none },
  'Mutation.confirmMyAuthenticatorApp': { args: () => '(code: "000000")' },
  'Mutation.renewMyRecoveryCodes': { args: none },
  'Mutation.removeMyAuthenticatorApp': { args: () => '(code: "000000")' },
  'Query.refundProgramme': { args: none },
  'Query.refundProgrammes': { args: () => '(first: 10)' },
  'Query.switches': { args: none },
  'Query.switch': {
    args: ({ switchKey }) => `(key: "${switchKey}")`,
    thing: theMembers,
    isOfAll: true,
  },
  'Subscription.paymentChanged': {
    args: ({ merchantPaymentId }) => `(merchantPaymentId: "${merchantPaymentId}")`,
    thing: theTerminals,
  },
  'Subscription.topUpChanged': { args: () => '(topUpId: "access-1")', thing: theTerminals },
  'Subscription.myPaymentChanged': { args: none },
  'Subscription.myTopUpChanged': { args: none },
  'Subscription.switchChanged': {
    args: ({ switchKey }) => `(key: "${switchKey}")`,
    thing: theMembers,
    isOfAll: true,
  },
  'Mutation.openWallet': { args: input('termsVersion: "2019-07-01"') },
  // A member without a wallet is told so; the member's own is frozen for the operators to see.
  'Mutation.freezeMyWallet': { args: none },
  'Mutation.thawMyWallet': { args: none },
  'Mutation.freezeWallet': {
    args: ({ walletId }) => `(input: { walletId: "${walletId}", reasonJa: "x", reasonEn: "x" })`,
  },
  'Mutation.thawWallet': { args: ({ walletId }) => `(walletId: "${walletId}")` },
  'Mutation.setMyPaymentLimits': { args: input('perDay: 50000') },
  // Reported before; the case is the same.
  'Mutation.reportUnrecognised': {
    args: ({ paymentId }) => `(input: { subject: "${paymentId}" })`,
  },
  'Mutation.takeWalletCase': { args: ({ caseId }) => `(caseId: "${caseId}")` },
  'Mutation.closeWalletCase': {
    args: ({ caseId }) => `(input: { caseId: "${caseId}", outcome: REJECTED, note: "access" })`,
  },
  'Query.myPaymentsUnderReview': { args: () => '(first: 10)' },
  'Query.paymentsUnderReview': { args: () => '(first: 10)', thing: ofMany },
  // Decided before; whoever asks is told so.
  'Mutation.confirmMyPayment': { args: ({ paymentId }) => `(paymentId: "${paymentId}")` },
  'Mutation.denyMyPayment': {
    args: ({ paymentId }) => `(input: { paymentId: "${paymentId}" })`,
  },
  'Mutation.decideHeldPayment': {
    args: ({ paymentId }) =>
      `(input: { paymentId: "${paymentId}", decision: REFUSED, note: "access" })`,
  },
  'Mutation.issuePaymentCode': { args: none },
  // A key that is no point of the curve; a device, a bill and a store that nobody has.
  'Mutation.registerPaymentDevice': {
    args: input(`publicKeyX: "${'x'.repeat(43)}", publicKeyY: "${'y'.repeat(43)}"`),
  },
  'Mutation.issueHandles': { args: input('deviceId: "dev_nobody", left: 20') },
  'Mutation.removePaymentDevice': { args: () => '(deviceId: "dev_nobody")' },
  'Mutation.createBill': { args: input('merchantPaymentId: "access-bill", amount: 1') },
  'Mutation.payBill': { args: input('requestId: "access-1", billId: "bil_nobody"') },
  'Mutation.payByStoreCode': {
    args: input('requestId: "access-2", storeId: "sto_nobody", amount: 1'),
  },
  'Mutation.acceptPayment': {
    args: input('merchantPaymentId: "access-2", code: "000000000000000000000000", amount: 1'),
  },
  'Mutation.authorizePayment': {
    args: input('merchantPaymentId: "access-3", code: "000000000000000000000000", amount: 1'),
  },
  'Mutation.capturePayment': { args: input('merchantPaymentId: "access-nobody"') },
  'Mutation.refundPayment': {
    args: input('merchantPaymentId: "access-nobody", refundId: "access-1", amount: 1'),
  },
  // A cancel that arrives first: nothing is ever charged under the number.
  'Mutation.cancelPayment': { args: input('merchantPaymentId: "access-never"') },
  'Mutation.topUpAtRegister': {
    args: input('topUpId: "access-2", code: "000000000000000000000000", amount: 1000'),
  },
  'Query.topUpCase': {
    args: ({ topUpCaseId }) => `(id: "${topUpCaseId}")`,
    thing: ofMany,
    isOfAll: true,
  },
  'Mutation.takeTopUpCase': { args: ({ topUpCaseId }) => `(caseId: "${topUpCaseId}")` },
  // Nobody’s money goes into no wallet: it is refused and nothing moves.
  'Mutation.resolveTopUpCase': {
    args: ({ topUpCaseId }) =>
      `(input: { caseId: "${topUpCaseId}", resolution: TO_WALLET, note: "access" })`,
  },
  'Query.topUpCases': { args: () => '(first: 10)', thing: ofMany },
  'Mutation.registerCard': { args: input('registrationId: "access-1"') },
  'Mutation.completeCardRegistration': { args: input('registrationId: "access-nobody"') },
  'Mutation.removeCard': { args: input('cardId: "crd_nobody"') },
  'Mutation.topUpByCard': {
    args: input('topUpId: "access-3", cardId: "crd_nobody", amount: 1000'),
  },
  'Mutation.completeTopUp': { args: input('topUpId: "access-nobody"') },
  'Mutation.topUpByPoints': { args: input('topUpId: "access-2", points: 100000') },
  // The member's own application comes back, and has been decided.
  'Mutation.applyAsMerchant': {
    args: () => {
      const form = Object.entries(aForm('access-1'));
      return `(input: { ${form.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(', ')} })`;
    },
  },
  'Mutation.resolveReconciliationException': { args: input('id: "rex_nobody", note: "none"') },
  // It is decided: no step of it can be taken any more.
  'Mutation.recommendMerchantApplication': {
    args: ({ applicationId }) => `(input: { applicationId: "${applicationId}" })`,
  },
  'Mutation.approveMerchantApplication': {
    args: ({ applicationId }) => `(input: { applicationId: "${applicationId}" })`,
  },
  'Mutation.rejectMerchantApplication': {
    args: ({ applicationId }) => `(input: { applicationId: "${applicationId}", reason: "test" })`,
  },
  'Mutation.issuePairingCode': {
    args: ({ storeId }) => `(input: { storeId: "${storeId}", label: "access" })`,
  },
  'Mutation.pairTerminal': {
    args: input(
      `pairingCode: "AAAAAAAA", publicKeyX: "${'x'.repeat(43)}", publicKeyY: "${'y'.repeat(43)}"`,
    ),
  },
  'Mutation.openRefundProgramme': { args: input('programmeId: "access-2"') },
  'Mutation.claimBalanceRefund': {
    args: input('claimId: "access-1", payoutMethod: BANK_TRANSFER'),
  },
  'Mutation.closeSwitch': { args: input('key: "no-such-switch", reasonJa: "x", reasonEn: "x"') },
  'Mutation.openSwitch': { args: input('key: "no-such-switch"') },
  'Query.cutOffs': { args: none },
  'Query.resetsDone': { args: () => '(cutOff: "cut_none")' },
  'Query.cohortSize': { args: () => '(cohort: { countries: ["XX"] })' },
  'Mutation.proposeCutOff': {
    args: input(
      'cohort: { countries: ["XX"] }, effects: [END_LOGINS], reasonJa: "x", reasonEn: "x"',
    ),
  },
  'Mutation.unlinkExternalId': { args: input('provider: "none"') },
  'Mutation.approveCutOff': { args: input('id: "cut_none"') },
  'Mutation.cancelCutOff': { args: input('id: "cut_none"') },
  'Mutation.expireCutOff': { args: input('id: "cut_none"') },
};

/** A key of each entity, of something that is the member's, the store's or everybody's. */
export const KEYS: Readonly<Record<string, (world: World) => Readonly<Record<string, string>>>> = {
  Member: ({ memberId: id }) => ({ id }),
  Wallet: ({ walletId: id }) => ({ id }),
  Payment: ({ paymentId: id }) => ({ id }),
  PointsAccount: ({ pointsAccountId: id }) => ({ id }),
  RefundProgramme: ({ programmeId: id }) => ({ id }),
  Store: ({ storeId: id }) => ({ id }),
  Merchant: ({ merchantId: id }) => ({ id }),
  Switch: ({ switchKey: key }) => ({ key }),
};
