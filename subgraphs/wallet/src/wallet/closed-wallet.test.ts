import { fixedControls } from '@7pay/controls';
import type { MemberViewer, TerminalViewer } from '@7pay/graphql';
import { seededIds } from '@7pay/ids';
import {
  accountSetPlan,
  type JournalEntry,
  openLedger,
  prepareLedger,
  verifyBooks,
  walletAccount,
} from '@7pay/ledger';
import { yen } from '@7pay/money';
import { isRefused, type Refused } from '@7pay/refusals';
import { testDatabase, type TestDatabase } from '@7pay/testing';
import { fixedClock } from '@7pay/time';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freezeMyWallet, freezeWallet, thawMyWallet, thawWallet } from '../freeze/freeze-wallet.ts';
import { paymentLimitsStore } from '../limits/payment-limits.store.ts';
import { raiseLimits, setMyPaymentLimits } from '../limits/set-payment-limits.ts';
import { issuePaymentCode } from '../payment-code/issue-payment-code.ts';
import { presentCode as codePresenter } from '../payment-code/present-code.ts';
import { deviceVault } from '../payment-device/device-vault.ts';
import { prepareWallet } from '../prepare.ts';
import { sellingStoreStore } from '../store/selling-store.store.ts';
import { askAtAtm } from '../top-up/ask-at-atm.ts';
import { topUpAtRegister } from '../top-up/top-up-at-register.ts';
import { openWalletUnitOfWork } from '../unit-of-work.ts';
import { closeWithAccount, closeWithAccounts } from './close-with-account.consumer.ts';
import { openWallet } from './open-wallet.ts';
import { TERMS_VERSION } from './wallet.ts';
import { walletStore } from './wallet.store.ts';

const common = { locale: 'ja', requestId: 'r', clientId: 'c', scopes: ['wallet'] } as const;
const aMember = (memberId: string): MemberViewer => ({
  ...common,
  kind: 'member',
  memberId,
  acr: 'urn:7id:acr:2',
  authTime: 0,
  roles: [],
});
const [desk, colleague] = [aMember('mem_desk'), aMember('mem_colleague')];
const terminal: TerminalViewer = {
  ...common,
  kind: 'terminal',
  terminalId: 'ter_1',
  storeId: 'sto_1',
  merchantId: 'mer_1',
};
const reason = { ja: '確認中', en: 'Under review' };
const none = { perPayment: null, perDay: null, per30Days: null };
const DAY_MS = 86_400_000;
const clock = fixedClock('2019-10-01T00:00:00Z');
const controls = fixedControls();
const must = <Value>(answer: Value | Refused<string>): Value => {
  if (isRefused(answer)) throw new Error(answer.refused);
  return answer as Value;
};

let database: TestDatabase;
let unitOfWork: ReturnType<typeof openWalletUnitOfWork>;
beforeAll(async () => {
  database = await testDatabase('closed_wallet');
  await prepareLedger(database.connection);
  await prepareWallet(database.connection);
  unitOfWork = openWalletUnitOfWork(database.connection, clock);
  await sellingStoreStore(database.connection, null, () => '2019-10-01').note({
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

const open = async (memberId: string) => {
  const member = aMember(memberId);
  const request = { termsVersion: TERMS_VERSION };
  return { member, id: must(await openWallet(unitOfWork, controls, clock)(member, request)).id };
};
/** Closes the account, as the end of service does with an empty one; the wallet has not heard of it yet. */
const closeAccount = async (wallet: string): Promise<JournalEntry> => {
  const told = { id: `${wallet}:close`, wallet, at: clock.now(), generation: 1, ref: {} };
  const sets = { account: walletAccount(wallet), status: 'CLOSED' as const };
  return must(
    await unitOfWork(({ session, ledger }) => ledger.post(session, accountSetPlan(told, sets))),
  );
};
const statusOf = async (wallet: string) =>
  (await openLedger(database.connection).account(null, walletAccount(wallet)))?.status;
const walletOf = (id: string) => walletStore(database.connection, null).find(id);

describe('a wallet whose account is closed, before it has heard of it', () => {
  it('is neither frozen nor opened by anybody', async () => {
    const { member, id } = await open('mem_freezes');
    must(await freezeMyWallet(unitOfWork, controls, clock)(member));
    must(await freezeWallet(unitOfWork, controls, clock)(desk, { walletId: id, reason }));
    const { member: other, id: otherId } = await open('mem_open');
    await closeAccount(id);
    await closeAccount(otherId);
    const before = await walletOf(id);
    for (const answer of [
      await thawMyWallet(unitOfWork, controls, clock)(member),
      await thawWallet(unitOfWork, controls, clock)(colleague, { walletId: id }),
      await freezeMyWallet(unitOfWork, controls, clock)(other),
      await freezeWallet(unitOfWork, controls, clock)(desk, { walletId: otherId, reason }),
    ]) {
      expect(answer).toMatchObject({ refused: 'WALLET_CLOSED' });
    }
    expect([await statusOf(id), await statusOf(otherId)]).toEqual(['CLOSED', 'CLOSED']);
    expect(await walletOf(id)).toEqual(before);
  });

  it('takes no limits, and a raise that waited for its time waits no more', async () => {
    const { member, id } = await open('mem_limits');
    const setLimits = setMyPaymentLimits(unitOfWork, controls, clock);
    must(await setLimits(member, { ...none, perDay: 1_000 }));
    must(await setLimits(member, { ...none, perDay: 5_000 }));
    await closeAccount(id);
    expect(await setLimits(member, { ...none, perDay: 500 })).toMatchObject({
      refused: 'WALLET_CLOSED',
    });
    clock.advance(DAY_MS + 1);
    const limits = paymentLimitsStore(database.connection, null);
    expect(await limits.due(clock.now(), 10)).toEqual([id]);
    await raiseLimits(unitOfWork, controls, clock)(id);
    expect(await limits.due(clock.now(), 10)).toEqual([]);
    expect(await limits.find(id)).toMatchObject({ now: { perDay: 1_000 }, pending: null });
  });

  it('takes no cash: the register and the machine are told before they take it', async () => {
    const { member, id } = await open('mem_cash');
    const issue = issuePaymentCode(unitOfWork, controls, clock, seededIds(1));
    const codes = [must(await issue(member)).code, must(await issue(member)).code] as const;
    await closeAccount(id);
    const presentCode = codePresenter(deviceVault('test '.repeat(8)), controls);
    const settle = () => Promise.reject(new Error('cash is asked for'));
    const atRegister = topUpAtRegister(unitOfWork, controls, clock, { settle, presentCode });
    const amount = yen(1_000);
    expect(await atRegister(terminal, { topUpId: '1', code: codes[0], amount })).toMatchObject({
      refused: 'WALLET_FROZEN',
    });
    const asked = { atmTransactionId: '1', atmId: 'atm_1', code: codes[1], amount };
    expect(await askAtAtm(unitOfWork, controls, clock, presentCode)(asked)).toMatchObject({
      refused: 'WALLET_FROZEN',
    });
  });
});

describe('the news that an account was closed', () => {
  it('closes its wallet once, whatever freezes stand, and no other news does', async () => {
    const { member, id } = await open('mem_hears');
    must(await freezeMyWallet(unitOfWork, controls, clock)(member));
    const close = closeWithAccount(unitOfWork);
    const entry = await closeAccount(id);
    await close({ ...entry, sets: { account: walletAccount(id), status: 'FROZEN' } });
    await close({ ...entry, sets: { account: 'refund-payable:x', status: 'CLOSED' } });
    expect(await walletOf(id)).toMatchObject({ state: 'FROZEN', changes: 1 });
    await close(entry);
    await close(entry);
    expect(await walletOf(id)).toMatchObject({
      state: 'CLOSED',
      freezes: { own: { actor: 'mem_hears' } },
      changes: 2,
    });
    const of = {
      wallet: 'wal_none',
      sets: { account: 'wallet:wal_none', status: 'CLOSED' },
    } as const;
    await close({ ...entry, ...of });
    const answer = await thawMyWallet(unitOfWork, controls, clock)(member);
    expect(answer).toMatchObject({ refused: 'WALLET_CLOSED' });
  });

  it('is heard of wallets that were emptied, and of empty ones', () => {
    const consumers = closeWithAccounts(() => Promise.resolve());
    expect(consumers.map(({ event }) => event)).toEqual([
      'ledger.wallet-close.v1',
      'ledger.account-set.v1',
    ]);
  });
});
