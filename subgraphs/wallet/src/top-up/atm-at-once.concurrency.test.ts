import { fixedControls } from '@7pay/controls';
import type { MemberViewer } from '@7pay/graphql';
import { openLedger, prepareLedger, verifyBooks, walletAccount } from '@7pay/ledger';
import { yen } from '@7pay/money';
import { isRefused } from '@7pay/refusals';
import { testDatabase, type TestDatabase } from '@7pay/testing';
import { fixedClock } from '@7pay/time';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PresentCode } from '../payment-code/present-code.ts';
import { prepareWallet } from '../prepare.ts';
import { openWalletUnitOfWork } from '../unit-of-work.ts';
import { openWallet } from '../wallet/open-wallet.ts';
import { TERMS_VERSION } from '../wallet/wallet.ts';
import { askAtAtm, atmTopUpId } from './ask-at-atm.ts';
import { caseIdOf } from './book-top-up.ts';
import { hearFromAtm } from './hear-from-atm.ts';
import { resolveTopUpCase } from './resolve-top-up-case.ts';

const clock = fixedClock('2019-07-02T03:00:00Z');
const controls = fixedControls();
const desk = { kind: 'member', memberId: 'mem_desk' } as MemberViewer;

let database: TestDatabase;
let unitOfWork: ReturnType<typeof openWalletUnitOfWork>;
let walletId: string;
beforeAll(async () => {
  database = await testDatabase('atm_at_once');
  await prepareLedger(database.connection);
  await prepareWallet(database.connection);
  unitOfWork = openWalletUnitOfWork(database.connection, clock);
  const member = { kind: 'member', memberId: 'mem_1', acr: 'urn:7id:acr:2' } as MemberViewer;
  const opened = await openWallet(
    unitOfWork,
    controls,
    clock,
  )(member, {
    termsVersion: TERMS_VERSION,
  });
  if (isRefused(opened)) throw new Error(opened.refused);
  walletId = opened.id;
});
afterAll(async () => {
  const { faults } = await verifyBooks(database.connection);
  await database.drop();
  expect(faults).toEqual([]);
});

it('cash that is taken while the machine is still asking is booked once, whoever is first', async () => {
  const hear = hearFromAtm(unitOfWork, () => controls.generation, clock);
  const told = { atmTransactionId: 't-1', atmId: 'atm-0711', taken: yen(3_000) };
  // The machine does not wait for its answer: the cash is told while the asking has read, and not written.
  const presentCode = (async () => {
    await hear(told);
    return { walletId };
  }) as unknown as PresentCode;
  const ask = askAtAtm(unitOfWork, controls, clock, presentCode);
  const asked = { atmTransactionId: 't-1', atmId: 'atm-0711', code: '1', amount: yen(3_000) };
  expect(await ask(asked)).toMatchObject({ refused: 'TOP_UP_ID_REUSED' });
  expect(await hear(told)).toBe('SUSPENSE');

  const topUpId = atmTopUpId('t-1');
  const ledger = openLedger(database.connection);
  expect(await ledger.entry(null, `${topUpId}:settle`)).toBeNull();
  const resolve = resolveTopUpCase(unitOfWork, controls, clock);
  const caseId = caseIdOf(topUpId, 'NEVER_ASKED');
  await resolve(desk, { caseId, resolution: 'RETURN', note: 'nobody asked' });
  expect((await ledger.account(null, walletAccount(walletId)))?.posted).toBe(0);
  expect(
    (await ledger.entry(null, `${topUpId}:resolve`))?.legs.map(({ account }) => account),
  ).toEqual([`suspense:top-up:${topUpId}`, 'atm-cash:atm-0711']);
});
