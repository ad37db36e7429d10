import { credit, debit, openLedger, verifyBooks } from '@7pay/ledger';
import { unitOfWork } from '@7pay/mongo';
import { eventually } from '@7pay/testing';
import { businessDate, nextBankDay, systemClock } from '@7pay/time';
import {
  importPayoutResults,
  openSettlementUnitOfWork,
  reconciliationStore,
  verifySettlements,
  writePayoutFiles,
} from '@7pay/wallet';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformUnderTest, type PlatformUnderTest } from '../support/platform-under-test.ts';
import { chromiumPath, launch, type Person } from './chromium.ts';
import { axeFaults } from './axe-faults.ts';
import { anOperator } from './console-login.ts';

const DAY_MS = 86_400_000;
const sender = {
  code: '0000012345',
  nameKana: 'カ)セブンペイ',
  account: { bankCode: '0034', branchCode: '101', kind: 'CURRENT', number: '7654321' },
} as const;

describe.skipIf(chromiumPath === undefined)('the page of settlements', () => {
  let under: PlatformUnderTest;
  let browser: Browser;
  let first: Person;
  let second: Person;
  beforeAll(async () => {
    [under, browser] = await Promise.all([platformUnderTest('settlements_page'), launch()]);
    await payYesterday(10_000);
    await eventually(async () => (await payouts()).length === 1, 20_000);
    first = await anOperator(browser, under, 0);
    second = await anOperator(browser, under, 1);
    for (const { page } of [first, second]) {
      await page.getByRole('link', { name: '精算と振込' }).click();
      await page.getByText('振込ファイルはまだありません。').waitFor();
    }
  });
  afterAll(async () => {
    const { connection } = under.platform;
    const faults = [
      ...(await verifySettlements(connection)),
      ...(await verifyBooks(connection)).faults,
    ];
    await browser.close();
    await under.stop();
    expect(faults).toEqual([]);
  });

  const payouts = () =>
    under.platform.connection
      .collection<{ _id: string; state: string; amount: bigint }>('wallet_payouts')
      .find()
      .sort({ attempt: 1 })
      .toArray();
  const states = async () => (await payouts()).map(({ state }) => state);
  const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });
  const transferDate = nextBankDay(businessDate(new Date()));
  const number = `${transferDate.replaceAll('-', '')}01`;

  it('shows what a merchant is owed under its business day', async () => {
    const table = first.page.getByRole('table', { name: '営業日ごとの精算' });
    const [year, month, day] = businessDate(new Date(Date.now() - DAY_MS))
      .split('-')
      .map(Number);
    await table.getByText(`${year}年${month}月${day}日`).waitFor();
    await row(first.page, under.stores[0]!.merchantId).getByText('9,850円').waitFor();
    expect(await axeFaults(first.page)).toEqual([]);
  });

  it('has a file approved by another operator than the one who prepared it', async () => {
    const prepare = first.page.getByRole('button', { name: '振込ファイルを準備' });
    await prepare.click();
    await first.page.getByText('振込日を選んでください。').waitFor();
    await first.page.getByLabel('振込日').fill(transferDate);
    await prepare.click();
    const own = row(first.page, number);
    await own.getByText('承認待ち').waitFor();
    expect(await own.getByRole('button').count()).toBe(0);

    await second.page.reload();
    await row(second.page, number).getByRole('button', { name: '承認する' }).click();
    const dialog = second.page.getByRole('dialog');
    await dialog.getByText(/1件、合計9,850円を振り込みます/).waitFor();
    expect(await axeFaults(second.page)).toEqual([]);
    await dialog.getByRole('button', { name: '承認する' }).click();
    await row(second.page, number).getByText('承認済み').waitFor();
    expect(await states()).toEqual(['SENT']);
  });

  it('says why nothing is prepared when nothing is due', async () => {
    await first.page.getByLabel('振込日').fill(transferDate);
    await first.page.getByRole('button', { name: '振込ファイルを準備' }).click();
    await first.page.getByText('NO_PAYOUT_DUE').waitFor();
  });

  it('decides a payout that came back, once, with a note', async () => {
    await theBankReturns();
    const { page } = second;
    await page.reload();
    await page.getByRole('button', { name: '決める' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: '決める' }).click();
    await dialog.getByText('理由を入力してください。').waitFor();
    expect(await states()).toEqual(['RETURNED']);
    await dialog.getByRole('textbox').fill('口座番号の変更を確認');
    await dialog.getByRole('button', { name: '決める' }).click();
    await page.getByText('決定を記録しました。').waitFor();
    expect(await states()).toEqual(['REPLACED', 'DUE']);
    await page.getByRole('button', { name: '未振込' }).click();
    await page.getByText('2回目').waitFor();
  });

  it('speaks English too, and complains of nothing', async () => {
    const { page } = first;
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Settlements' }).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    expect([...first.complaints, ...second.complaints]).toEqual([]);
  });

  async function payYesterday(amount: number): Promise<void> {
    const { connection } = under.platform;
    const { merchantId, id: storeId } = under.stores[0]!;
    await unitOfWork(connection, { deadlineMs: 10_000 })((session) =>
      openLedger(connection).post(session, {
        id: 'pay_yesterday:accept',
        kind: 'PAYMENT',
        wallet: 'wal_yesterday',
        at: new Date(Date.now() - DAY_MS),
        legs: [debit('cash:test', amount), credit(`merchant-payable:${merchantId}`, amount)],
        generation: 1,
        ref: { paymentId: 'pay_yesterday', storeId },
      }),
    );
  }

  /** The file is written, and the bank's result file says that its only payout came back. */
  async function theBankReturns(): Promise<void> {
    const { connection } = under.platform;
    const written = await writePayoutFiles(
      openSettlementUnitOfWork(connection),
      { guard: () => ({ generation: 1 }) },
      { read: async () => null, put: async () => {} },
      { sender, clock: systemClock },
    )();
    expect(written).toHaveLength(1);
    const [payout] = await payouts();
    const amount = String(payout?.amount);
    const line = `${payout?._id},B1,RETURNED,${amount},${transferDate}`;
    const head = 'ourId,theirId,kind,amount,businessDate';
    const bytes = Buffer.from([head, line, `END,1,${amount}`, ''].join('\n'));
    const importing = importPayoutResults(
      openSettlementUnitOfWork(connection),
      reconciliationStore(connection, null),
      () => 1,
      systemClock,
    );
    expect((await importing({ name: 'returned', bytes })).counts).toEqual({ PAYOUT_RETURNED: 1 });
  }
});
