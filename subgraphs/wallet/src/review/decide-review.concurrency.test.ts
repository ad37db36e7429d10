import { fixedControls } from '@7pay/controls';
import { DUTIES, type MemberViewer, rolesOf, type TerminalViewer } from '@7pay/graphql';
import { seededIds } from '@7pay/ids';
import {
  available,
  credit,
  debit,
  openLedger,
  prepareLedger,
  verifyBooks,
  walletAccount,
} from '@7pay/ledger';
import { yen } from '@7pay/money';
import { isRefused, type Refused } from '@7pay/refusals';
import { type TestDatabase, testDatabase } from '@7pay/testing';
import { fixedClock } from '@7pay/time';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issuePaymentCode } from '../payment-code/issue-payment-code.ts';
import { presentCode as codePresenter } from '../payment-code/present-code.ts';
import { deviceVault } from '../payment-device/device-vault.ts';
import { acceptPayment } from '../payment/accept-payment.ts';
import { cancelPayment } from '../payment/cancel-payment.ts';
import type { Payment } from '../payment/payment.ts';
import { paymentStore } from '../payment/payment.store.ts';
import { releaseOverdue } from '../payment/release-payments.worker.ts';
import { prepareWallet } from '../prepare.ts';
import { noticeStore } from '../notice/notice.store.ts';
import { sellingStoreStore } from '../store/selling-store.store.ts';
import { openWalletUnitOfWork } from '../unit-of-work.ts';
import { openWallet } from '../wallet/open-wallet.ts';
import { confirmMyPayment, decideHeldPayment, denyMyPayment } from './decide-review.ts';
import type { Judge } from './review.ts';

const ROUNDS = 12;
const BEGIN = 100_000;
const AMOUNT = 5_000;
const judge: Judge = {
  fromYen: () => 1,
  reviewOf: () => ({ reasons: ['NEW_DEVICE'], rules: '2019-07-01', answerMinutes: 10 }),
};
const common = { locale: 'ja', requestId: 'r', clientId: 'c', scopes: ['wallet'] } as const;
const terminal: TerminalViewer = {
  ...common,
  kind: 'terminal',
  terminalId: 'ter_1',
  storeId: 'sto_1',
  merchantId: 'mer_1',
};
const member: MemberViewer = {
  ...common,
  kind: 'member',
  memberId: 'mem_race',
  acr: 'urn:7id:acr:2',
  authTime: 0,
  roles: [],
};
const desk: MemberViewer = { ...member, memberId: 'mem_desk', roles: rolesOf(DUTIES) };

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase('review_race');
  await prepareLedger(database.connection);
  await prepareWallet(database.connection);
  await sellingStoreStore(database.connection, null, () => '2019-07-01').note({
    id: 'sto_1',
    merchantId: 'mer_1',
    opensOn: '2019-01-01',
    selling: true,
    name: '千代田店',
  });
});
afterAll(() => database.drop());

const valueOf = <Value>(answer: Value | Refused<string>): Value => {
  if (isRefused(answer)) throw new Error(answer.refused);
  return answer as Value;
};

describe('a payment under review', () => {
  it('is decided once when its member, two of the desk, its time and its merchant meet', async () => {
    const { connection } = database;
    const clock = fixedClock('2019-07-03T01:00:00Z');
    const unitOfWork = openWalletUnitOfWork(connection, clock);
    const controls = fixedControls();
    const wallet = valueOf(
      await openWallet(unitOfWork, controls, clock)(member, { termsVersion: '2019-07-01' }),
    );
    const account = walletAccount(wallet.id);
    await unitOfWork(async ({ session, ledger }) => {
      await ledger.post(session, {
        id: 'top_race',
        kind: 'TOP_UP',
        wallet: wallet.id,
        at: clock.now(),
        legs: [debit('register-cash:sto_1', BEGIN), credit(account, BEGIN, { origin: 'cash' })],
        generation: 1,
        ref: {},
      });
    });
    const presentCode = codePresenter(deviceVault('race '.repeat(8)), controls);
    const issue = issuePaymentCode(unitOfWork, controls, clock, seededIds(7));
    const accept = acceptPayment(unitOfWork, controls, clock, { presentCode, judge });
    const confirm = confirmMyPayment(unitOfWork, controls, clock);
    const deny = denyMyPayment(unitOfWork, controls, clock);
    const decide = decideHeldPayment(unitOfWork, controls, clock);
    const cancel = cancelPayment(unitOfWork, controls, clock);
    const release = releaseOverdue(unitOfWork, clock, () => 1);
    const read = async (id: string) => (await paymentStore(connection, null).find(id)) as Payment;
    let paid = 0;

    for (let round = 0; round < ROUNDS; round += 1) {
      const { code } = valueOf(await issue(member));
      const held = valueOf(
        await accept({
          merchantPaymentId: `race-${round}`,
          merchantId: 'mer_1',
          storeId: 'sto_1',
          terminalId: 'ter_1',
          code,
          amount: yen(AMOUNT),
        }),
      );
      expect(held.state).toBe('UNDER_REVIEW');
      const { id: paymentId } = held;
      const isLate = round % 3 === 2;
      if (isLate) clock.advance(10 * 60_000); // its time is over: nobody decides, it is let go
      const answers = await Promise.all([
        confirm(member, { paymentId }),
        deny(member, { paymentId, freeze: false }),
        decide(desk, { paymentId, how: 'ALLOWED', note: 'seen' }),
        decide(desk, { paymentId, how: 'REFUSED', note: 'seen' }),
      ]);
      const done = answers.filter((answer) => !isRefused(answer));
      expect(done, `round ${round}`).toHaveLength(isLate ? 0 : 1);
      await Promise.all([
        release(held),
        release(held),
        ...(round % 2 === 0 ? [cancel(terminal, { merchantPaymentId: `race-${round}` })] : []),
      ]);
      const ended = await read(paymentId);
      expect(['ACCEPTED', 'CANCELLED', 'RELEASED']).toContain(ended.state);
      expect(ended.review?.ended).not.toBeNull();
      if (ended.state === 'ACCEPTED') paid += AMOUNT;
      const stored = (await openLedger(connection).account(null, account))!;
      expect(available(stored, clock.now())).toBe(BEGIN - paid);
    }
    const { rows } = await noticeStore(connection, null).ofMember('mem_race', {
      limit: 100,
      after: null,
    });
    const asked = rows.filter(({ kind }) => kind === 'PAYMENT_REVIEW');
    expect(asked).toHaveLength(ROUNDS);
    expect(asked[0]).toMatchObject({ storeName: '千代田店', amount: -AMOUNT });
    expect((await verifyBooks(connection)).faults).toEqual([]);
  });

  it('is nobody’s to decide who may not', async () => {
    const { connection } = database;
    const clock = fixedClock('2019-07-03T01:00:00Z');
    const unitOfWork = openWalletUnitOfWork(connection, clock);
    const controls = fixedControls();
    const [payment] = (
      await paymentStore(connection, null).ofWallet(
        (await unitOfWork(({ wallets }) => wallets.findByMember('mem_race')))!.id,
        { limit: 1, after: null },
      )
    ).rows;
    const paymentId = payment!.id;
    const decide = decideHeldPayment(unitOfWork, controls, clock);
    const own = { ...member, roles: rolesOf(DUTIES) };
    expect(await decide(own, { paymentId, how: 'ALLOWED', note: 'x' })).toMatchObject({
      refused: 'SECOND_PERSON_REQUIRED',
    });
    const confirm = confirmMyPayment(unitOfWork, controls, clock);
    const stranger = { ...member, memberId: 'mem_other' };
    await expect(confirm(stranger, { paymentId })).rejects.toThrow();
    const weak = { ...member, acr: 'urn:7id:acr:1' };
    expect(await confirm(weak, { paymentId })).toMatchObject({ refused: 'STEP_UP_REQUIRED' });
  });
});
