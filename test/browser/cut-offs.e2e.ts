import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformUnderTest, type PlatformUnderTest } from '../support/platform-under-test.ts';
import { chromiumPath, launch, type Person } from './chromium.ts';
import { axeFaults } from './axe-faults.ts';
import { anOperator } from './console-login.ts';

describe.skipIf(chromiumPath === undefined)('the page of cut-offs', () => {
  let under: PlatformUnderTest;
  let browser: Browser;
  let first: Person;
  let second: Person;
  beforeAll(async () => {
    [under, browser] = await Promise.all([platformUnderTest('cut_offs_page'), launch()]);
    first = await anOperator(browser, under, 0);
    second = await anOperator(browser, under, 1);
    for (const { page } of [first, second]) {
      await page.getByRole('link', { name: 'ログインの遮断' }).click();
      await page.getByText('遮断はありません。').waitFor();
    }
  });
  afterAll(async () => {
    await browser.close();
    await under.stop();
  });

  const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });
  const states = async () => {
    const rows = await under.platform.connection.collection('controls_cutOffs').find().toArray();
    return rows.map(({ state }) => String(state));
  };

  it('cuts only what was counted, and counts again what was changed', async () => {
    const { page } = first;
    const count = page.getByRole('button', { name: '件数を確かめる' });
    await count.click();
    await page.getByText('条件を1つ以上入れるか').waitFor();
    await page.getByLabel('外部ID', { exact: true }).check();
    await count.click();
    await page.getByText('対象は、直近45日のログイン0件、会員0人です。').waitFor();
    await page.getByRole('button', { name: 'いま遮断する' }).waitFor();
    await page.getByLabel('国', { exact: true }).fill('US');
    await count.waitFor(); // another cohort: the count does not hold for it
    await expect.poll(() => page.getByRole('button', { name: 'いま遮断する' }).count()).toBe(0);
    expect(await states()).toEqual([]);
  });

  it('puts a cut of one person in force at once', async () => {
    const { page } = first;
    await page.getByRole('button', { name: '件数を確かめる' }).click();
    const cut = page.getByRole('button', { name: 'いま遮断する' });
    await cut.click();
    await page.getByText('1つ以上選んでください。').waitFor();
    await page.getByLabel('新しいログインを止める').check();
    await page.getByLabel('理由（日本語）').fill('不正なログインの調査のため');
    await page.getByLabel('理由（英語）').fill('Investigating false logins');
    expect(await axeFaults(page)).toEqual([]);
    await cut.click();
    await row(page, '国: US').getByText('遮断中').waitFor();
    expect(await states()).toEqual(['ACTIVE']);
  });

  it('has a mass reset wait for another operator than the one who proposed it', async () => {
    await first.page.getByLabel('国', { exact: true }).fill('FR');
    await first.page.getByRole('button', { name: '件数を確かめる' }).click();
    await first.page.getByLabel('パスワードを設定し直してもらう（2人）').check();
    await first.page.getByLabel('理由（日本語）').fill('流出のおそれ');
    await first.page.getByLabel('理由（英語）').fill('A possible leak');
    await first.page.getByRole('button', { name: '遮断を提案する' }).click();
    const own = row(first.page, '国: FR');
    await own.getByText('別の運用担当を待っています。').waitFor();
    await expect.poll(() => own.getByRole('button').allTextContents()).toEqual(['取り下げる']);
    expect(await states()).toEqual(['ACTIVE', 'PROPOSED']);

    const other = row(second.page, '国: FR');
    await other.getByRole('button', { name: '承認して遮断する' }).click();
    const dialog = second.page.getByRole('dialog');
    expect(await axeFaults(second.page)).toEqual([]);
    await dialog.getByRole('button', { name: '承認して遮断する' }).click();
    await other.getByText('遮断中').waitFor();
    expect(await states()).toEqual(['ACTIVE', 'ACTIVE']);
  });

  it('takes a cut-off back, and ends its blocking, by two', async () => {
    for (const [country, step, gone] of [
      ['US', '停止を終える', '停止を終えました。'],
      ['FR', '取り消す', '取り消しました。'],
    ] as const) {
      await row(first.page, `国: ${country}`).getByRole('button', { name: step }).click();
      await first.page.getByRole('dialog').getByRole('button', { name: '提案する' }).click();
      const own = row(first.page, `国: ${country}`);
      await own.getByText('別の運用担当を待っています。').waitFor();
      await expect.poll(() => own.getByRole('button', { name: step }).count()).toBe(0);

      const other = row(second.page, `国: ${country}`);
      await other.getByText(/を提案$/).waitFor();
      await other.getByRole('button', { name: step }).click();
      const dialog = second.page.getByRole('dialog');
      await dialog.getByRole('button', { name: '2人目として確認する' }).click();
      await second.page.getByText(gone).waitFor();
    }
    expect(await states()).toEqual(['ACTIVE', 'CANCELLED']);
  });

  it('speaks English too, and complains of nothing', async () => {
    const { page } = first;
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Cut-offs' }).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    expect([...first.complaints, ...second.complaints]).toEqual([]);
  });
});
