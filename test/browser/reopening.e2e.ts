import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformUnderTest, type PlatformUnderTest } from '../support/platform-under-test.ts';
import { chromiumPath, launch } from './chromium.ts';
import { anOperator } from './console-login.ts';

const CLOSE = `mutation { closeSwitch(input: { key: "payment", reasonJa: "調査のため", reasonEn: "Inquiry" }) { __typename } }`;
/** Where pictures of the pages go, to be looked at; nowhere unless told. */
const PICTURES = process.env['PICTURES'];

describe.skipIf(chromiumPath === undefined)('the reopening of a function, at the console', () => {
  let under: PlatformUnderTest;
  let browser: Browser;
  beforeAll(async () => {
    [under, browser] = await Promise.all([platformUnderTest('reopening-page'), launch()]);
  });
  afterAll(async () => {
    await browser.close();
    await under.stop();
  });
  const rowOf = (page: Page) =>
    page.getByRole('row').filter({ has: page.getByText('payment', { exact: true }) });

  const propose = async (page: Page) => {
    const dialog = page.getByRole('dialog');
    await rowOf(page).getByRole('button', { name: '再開を提案する' }).click();
    await dialog.getByText('あなたが一人目です。').waitFor();
    await dialog.getByRole('button', { name: '再開を提案する' }).click();
    await page.getByText('の再開を提案しました。').waitFor();
  };

  it('is proposed anew when the proposal has lapsed', async () => {
    await under.graph.ask(CLOSE, {}, await under.mint.operator('mem_third'));
    const { page } = await anOperator(browser, under, 0);
    await propose(page);
    await rowOf(page).getByText('再開の提案あり').waitFor();

    const switches = under.platform.connection.collection<{ _id: string }>('controls_switches');
    const earlier = new Date(Date.now() - 31 * 60_000);
    await switches.updateOne({ _id: 'payment' }, { $set: { 'reopening.at': earlier } });
    await page.reload();
    await rowOf(page).getByText('停止中').waitFor();
    expect(await rowOf(page).getByText('再開の提案あり').count()).toBe(0);
    if (PICTURES) {
      await page.setViewportSize({ width: 375, height: 844 });
      await page.screenshot({ path: `${PICTURES}/reopening-lapsed.png`, fullPage: true });
    }
    await propose(page);
    const found = await switches.findOne({ _id: 'payment' });
    expect(JSON.stringify(found)).not.toContain(earlier.toISOString());
  });

  it('that somebody proposed ends with another stop, whose reason is shown', async () => {
    await under.graph.ask(CLOSE, {}, await under.mint.operator('mem_third'));
    const { page } = await anOperator(browser, under, 1);
    await propose(page);
    await rowOf(page).getByText('再開の提案あり').waitFor();
    if (PICTURES) {
      await page.setViewportSize({ width: 375, height: 844 });
      await page.screenshot({ path: `${PICTURES}/reopening-proposed.png`, fullPage: true });
    }
    await rowOf(page).getByRole('button', { name: '停止する' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('理由（日本語）').fill('被害の報告が続いたため');
    await dialog.getByLabel('理由（英語）').fill('More reports came in');
    await dialog.getByRole('button', { name: 'いま停止する' }).click();
    await rowOf(page).getByText('被害の報告が続いたため').waitFor();
    await rowOf(page).getByText('停止中').waitFor();
    expect(await rowOf(page).getByText('再開の提案あり').count()).toBe(0);
    expect(await rowOf(page).getByRole('button', { name: '停止する' }).count()).toBe(0);
  });
});
