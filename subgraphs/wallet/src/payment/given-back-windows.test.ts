import { fixedControls } from '@7pay/controls';
import type { TerminalViewer } from '@7pay/graphql';
import { seededIds } from '@7pay/ids';
import { credit, debit, openLedger, prepareLedger, walletAccount } from '@7pay/ledger';
import { yen } from '@7pay/money';
import { isRefused } from '@7pay/refusals';
import { type TestDatabase, testDatabase } from '@7pay/testing';
import { fixedClock } from '@7pay/time';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issuePaymentCode } from '../payment-code/issue-payment-code.ts';
import { presentCode as codePresenter } from '../payment-code/present-code.ts';
import { deviceVault } from '../payment-device/device-vault.ts';
import { prepareWallet } from '../prepare.ts';
import { sellingStoreStore } from '../store/selling-store.store.ts';
import { openWalletUnitOfWork } from '../unit-of-work.ts';
import { openWallet } from '../wallet/open-wallet.ts';
import { acceptPayment } from './accept-payment.ts';
import { authorizePayment } from './authorize-payment.ts';
import { cancelPayment } from './cancel-payment.ts';
import { capturePayment } from './capture-payment.ts';
import { PAYMENT_CHANNEL } from './payment-entries.ts';
import { refundPayment } from './refund-payment.ts';

const common = { locale: 'ja', requestId: 'r', clientId: 'c', scopes: ['wallet'] } as const;
const terminal: TerminalViewer = {
  ...common,
  kind: 'terminal',
  terminalId: 'ter_1',
  storeId: 'sto_1',
  merchantId: 'mer_1',
};
const member = {
  ...common,
  kind: 'member' as const,
  memberId: 'mem_1',
  acr: 'urn:7id:acr:2',
  authTime: 0,
  roles: [],
};

let database: TestDatabase;
const clock = fixedClock('2019-07-01T14:50:00Z'); // 23:50 in Tokyo
beforeAll(async () => {
  database = await testDatabase('given_back_windows');
  await prepareLedger(database.connection);
  await prepareWallet(database.connection);
  await sellingStoreStore(database.connection, null, () => '2019-07-01').note({
    id: 'sto_1',
    merchantId: 'mer_1',
    opensOn: '2019-01-01',
    selling: true,
    name: null,
  });
});
afterAll(() => database.drop());

describe('what a payment counted', () => {
  it('is given back to the day on which its money was held, when it is captured on the next', async () => {
    const unitOfWork = openWalletUnitOfWork(database.connection, clock);
    const controls = fixedControls();
    const opened = await openWallet(
      unitOfWork,
      controls,
      clock,
    )(member, {
      termsVersion: '2019-07-01',
    });
    if (isRefused(opened)) throw new Error(opened.refused);
    const account = walletAccount(opened.id);
    await unitOfWork(({ session, ledger }) =>
      ledger.post(session, {
        id: 'top_1:settle',
        kind: 'TOP_UP',
        wallet: opened.id,
        at: clock.now(),
        legs: [debit('register-cash:sto_1', 5_000), credit(account, 5_000, { origin: 'cash' })],
        generation: 1,
        ref: {},
      }),
    );
    const issue = issuePaymentCode(unitOfWork, controls, clock, seededIds(7));
    const presentCode = codePresenter(deviceVault('test '.repeat(8)), controls);
    const ask = async (merchantPaymentId: string, amount: number) => {
      const issued = await issue(member);
      if (isRefused(issued)) throw new Error(issued.refused);
      const { code } = issued;
      const { merchantId, storeId, terminalId } = terminal;
      return { merchantPaymentId, merchantId, storeId, terminalId, code, amount: yen(amount) };
    };
    const counted = async () => {
      const { windows } = (await openLedger(database.connection).account(null, account))!;
      const { days = {}, hours = {} } = windows[PAYMENT_CHANNEL] ?? {};
      return { days, hours: Object.values(hours) };
    };
    const done = (answer: unknown) => expect(isRefused(answer)).toBe(false);

    const authorize = authorizePayment(unitOfWork, controls, clock, { presentCode });
    done(await authorize(await ask('held', 1_000)));
    clock.advance(20 * 60_000); // 00:10 of the next day
    const held = { merchantPaymentId: 'held' };
    done(await capturePayment(unitOfWork, controls, clock)(terminal, held));
    const accept = acceptPayment(unitOfWork, controls, clock, { presentCode });
    done(await accept(await ask('next day', 500)));
    expect(await counted()).toEqual({
      days: { '2019-07-01': 1_000, '2019-07-02': 500 },
      hours: [1_000, 500],
    });

    const refund = { ...held, refundId: 'part', amount: yen(400) };
    done(await refundPayment(unitOfWork, controls, clock)(terminal, refund));
    expect(await counted()).toEqual({
      days: { '2019-07-01': 600, '2019-07-02': 500 },
      hours: [600, 500],
    });
    const cancel = cancelPayment(unitOfWork, controls, clock);
    expect((await cancel(terminal, held)).outcome).toBe('REVERSED');
    expect((await counted()).days).toEqual({ '2019-07-01': 0, '2019-07-02': 500 });
    // What was taken at once was counted then.
    expect((await cancel(terminal, { merchantPaymentId: 'next day' })).outcome).toBe('REVERSED');
    expect((await counted()).days).toEqual({ '2019-07-01': 0, '2019-07-02': 0 });
  });
});
