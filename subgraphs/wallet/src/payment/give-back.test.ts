import { fixedControls } from '@7pay/controls';
import type { MemberViewer, TerminalViewer } from '@7pay/graphql';
import { seededIds } from '@7pay/ids';
import {
  accountSetPlan,
  credit,
  debit,
  openLedger,
  payableAccount,
  prepareLedger,
  verifyBooks,
  walletAccount,
} from '@7pay/ledger';
import { yen } from '@7pay/money';
import { isRefused, type Refused } from '@7pay/refusals';
import { testDatabase, type TestDatabase } from '@7pay/testing';
import { fixedClock } from '@7pay/time';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { walletCaseStore } from '../case/wallet-case.store.ts';
import { issuePaymentCode } from '../payment-code/issue-payment-code.ts';
import { presentCode as codePresenter } from '../payment-code/present-code.ts';
import { deviceVault } from '../payment-device/device-vault.ts';
import { prepareWallet } from '../prepare.ts';
import { sellingStoreStore } from '../store/selling-store.store.ts';
import { openWalletUnitOfWork } from '../unit-of-work.ts';
import { openWallet } from '../wallet/open-wallet.ts';
import { TERMS_VERSION } from '../wallet/wallet.ts';
import { acceptPayment } from './accept-payment.ts';
import { cancelPayment } from './cancel-payment.ts';
import { refundPayment } from './refund-payment.ts';

const common = { locale: 'ja', requestId: 'r', clientId: 'c', scopes: ['wallet'] } as const;
const terminal: TerminalViewer = {
  ...common,
  kind: 'terminal',
  terminalId: 'ter_1',
  storeId: 'sto_1',
  merchantId: 'mer_1',
};
const clock = fixedClock('2019-09-30T14:00:00Z');
const controls = fixedControls();
const must = <Value>(answer: Value | Refused<string>): Value => {
  if (isRefused(answer)) throw new Error(answer.refused);
  return answer as Value;
};

let database: TestDatabase;
let unitOfWork: ReturnType<typeof openWalletUnitOfWork>;
beforeAll(async () => {
  database = await testDatabase('give_back');
  await prepareLedger(database.connection);
  await prepareWallet(database.connection);
  unitOfWork = openWalletUnitOfWork(database.connection, clock);
  await sellingStoreStore(database.connection, null, () => '2019-09-30').note({
    id: 'sto_1',
    merchantId: 'mer_1',
    opensOn: '2019-01-01',
    selling: true,
    name: null,
  });
});
afterAll(async () => {
  const { faults } = await verifyBooks(database.connection);
  await database.drop();
  expect(faults).toEqual([]);
});

/** A member who paid 1,000 yen of 1,500 under a number, and whose wallet was closed since. */
async function paidAndClosed(name: string): Promise<{ memberId: string; wallet: string }> {
  const member: MemberViewer = {
    ...common,
    kind: 'member',
    memberId: `mem_${name}`,
    acr: 'urn:7id:acr:2',
    authTime: 0,
    roles: [],
  };
  const request = { termsVersion: TERMS_VERSION };
  const { id: wallet } = must(await openWallet(unitOfWork, controls, clock)(member, request));
  const account = walletAccount(wallet);
  const told = { wallet, at: clock.now(), generation: 1, ref: {} };
  await unitOfWork(async ({ session, ledger }) => {
    for (const [origin, amount] of [
      ['cash', 700],
      ['points', 800],
    ] as const) {
      const legs = [debit('register-cash:sto_1', amount), credit(account, amount, { origin })];
      const id = `${wallet}:${origin}`;
      must(await ledger.post(session, { ...told, id, kind: 'TOP_UP', legs }));
    }
  });
  const issue = issuePaymentCode(unitOfWork, controls, clock, seededIds(name.length));
  const presentCode = codePresenter(deviceVault('test '.repeat(8)), controls);
  const { code } = must(await issue(member));
  const accept = acceptPayment(unitOfWork, controls, clock, { presentCode });
  must(await accept({ ...terminal, merchantPaymentId: name, code, amount: yen(1_000) }));
  await unitOfWork(async ({ session, ledger }) => {
    const payable = { id: payableAccount(wallet), kind: 'REFUND_PAYABLE' } as const;
    const rest = { currency: 'JPY', owner: member.memberId, wallet, cap: null } as const;
    await ledger.openAccount(session, { ...payable, ...rest });
    must(
      await ledger.post(session, {
        ...told,
        id: `${wallet}:close`,
        kind: 'WALLET_CLOSE',
        legs: [debit(account, 500), credit(payable.id, 500)],
        sets: { account, status: 'CLOSED' },
      }),
    );
  });
  return { memberId: member.memberId, wallet };
}
const claimsAreOver = (wallet: string) =>
  unitOfWork(({ session, ledger }) => {
    const told = { id: `${wallet}:over`, wallet, at: clock.now(), generation: 1, ref: {} };
    const sets = { account: payableAccount(wallet), cap: 0 };
    return ledger.post(session, accountSetPlan(told, sets));
  });
const postedIn = async (account: string) =>
  (await openLedger(database.connection).account(null, account))?.posted;
const inSuspense = async () =>
  [...(await verifyBooks(database.connection)).balances]
    .filter(([account]) => account.startsWith('suspense:payment-cancel:'))
    .map(([, balance]) => -balance);
const casesOf = async (wallet: string) =>
  (await walletCaseStore(database.connection, null).ofWallet(wallet, { limit: 10, after: null }))
    .rows;
const refund = (merchantPaymentId: string, refundId: string, amount: number) =>
  refundPayment(
    unitOfWork,
    controls,
    clock,
  )(terminal, { merchantPaymentId, refundId, amount: yen(amount) });
const cancel = (merchantPaymentId: string) =>
  cancelPayment(unitOfWork, controls, clock)(terminal, { merchantPaymentId });

describe('what a shop gives back of a payment out of a closed wallet', () => {
  it('is payable to its member, in parts and to the full, once each', async () => {
    const { wallet } = await paidAndClosed('parts');
    must(await refund('parts', 'r1', 300));
    must(await refund('parts', 'r1', 300));
    expect(await postedIn(payableAccount(wallet))).toBe(800);
    must(await refund('parts', 'r2', 100));
    expect(await cancel('parts')).toMatchObject({ outcome: 'REVERSED', amount: 1_000 });
    expect(await cancel('parts')).toMatchObject({ outcome: 'REVERSED', amount: 1_000 });
    expect(await postedIn(payableAccount(wallet))).toBe(1_500);
    expect(await postedIn(walletAccount(wallet))).toBe(0);
    expect([await inSuspense(), await casesOf(wallet)]).toEqual([[], []]);
  });

  it('lies in suspense with a case for each entry when claims are over', async () => {
    const { memberId, wallet } = await paidAndClosed('late');
    must(await refund('late', 'l1', 300));
    expect(must(await claimsAreOver(wallet))).toMatchObject({ kind: 'ACCOUNT_SET' });
    must(await refund('late', 'l2', 100));
    must(await refund('late', 'l2', 100));
    expect(await cancel('late')).toMatchObject({ outcome: 'REVERSED' });
    expect(await postedIn(payableAccount(wallet))).toBe(800);
    expect(await inSuspense()).toEqual([700]);
    const cases = await casesOf(wallet);
    expect(cases.map(({ subject }) => subject.replace(/_\w+/, '')).sort()).toEqual([
      'pay:cancel',
      'rfd:refund',
    ]);
    for (const each of cases) expect(each).toMatchObject({ state: 'OPEN', memberId });
    for (const { note } of cases) expect(note).toContain('lies in suspense');
  });
});
