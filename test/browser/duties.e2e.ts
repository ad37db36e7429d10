import { readFileSync } from 'node:fs';
import { DEMO } from '@7pay/platform';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DUTIES, type Duty } from '../../apps/console/src/entry/duty.ts';
import { type Place, PLACES, placesFor } from '../../apps/console/src/places.ts';
import { platformUnderTest, type PlatformUnderTest } from '../support/platform-under-test.ts';
import { axeFaults } from './axe-faults.ts';
import { chromiumPath, launch, type Person } from './chromium.ts';
import { anOperator } from './console-login.ts';
import { scrollsSideways } from './scrolls-sideways.ts';

const words = JSON.parse(readFileSync('apps/console/src/locales/ja.json', 'utf8')) as Readonly<
  Record<string, string>
>;
const [SATO] = DEMO.members;
/** What changes something, on whichever page; none of it is offered to the auditor. */
const ACTING = [
  'stop',
  'proposeReopen',
  'issuePairing',
  'filePrepare',
  'clientSuspend',
  'keyRotate',
  'keyReplace',
  'dutiesChange',
  'dutiesNewChoose',
  'freeze',
  'endLogins',
].map((word) => words[word]!);

describe.skipIf(chromiumPath === undefined)('the console', () => {
  let under: PlatformUnderTest;
  let browser: Browser;
  beforeAll(async () => {
    [under, browser] = await Promise.all([platformUnderTest('duties'), launch()]);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await under.stop();
  });

  /** As a link on the page would: nothing is loaded anew. */
  const goTo = async (page: Page, { path, word }: Pick<Place, 'path' | 'word'>) => {
    await page.evaluate((to) => {
      const link = document.createElement('a');
      link.href = to;
      document.body.append(link);
      link.click();
      link.remove();
    }, path);
    await page.getByRole('heading', { name: words[word]!, exact: true, level: 1 }).waitFor();
  };
  /** Looked at by people, where a folder is named. */
  const shoot = async (page: Page, name: string) => {
    await page.setViewportSize({ width: 375, height: 900 });
    const wide = await scrollsSideways(page);
    expect(wide, `${name} scrolls sideways`).toBe(false);
    const folder = process.env['SCREENSHOTS'];
    if (folder) await page.screenshot({ path: `${folder}/${name}-375.png`, fullPage: true });
    await page.setViewportSize({ width: 1280, height: 900 });
  };
  const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });
  const answer = async (page: Page, button: string) => {
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('記録する理由').fill('CASE-1');
    expect(await axeFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: button, exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
  };
  // Each comes with a passkey of their own, once: the browser of a second login would not have it.
  const people = new Map<Duty, Promise<Person>>();
  const operatorOf = (duty: Duty): Promise<Person> => {
    const which = DEMO.operators.findIndex(({ mail }) => mail.startsWith(duty));
    const person = people.get(duty) ?? anOperator(browser, under, which);
    people.set(duty, person);
    return person;
  };

  it.each(DUTIES)(
    'shows %s its own pages, says of the others whose they are, and complains of nothing',
    async (duty) => {
      const { page, complaints } = await operatorOf(duty);
      const own = placesFor([duty]);
      const nav = page.getByRole('navigation').first();
      await expect.poll(() => nav.getByRole('link').count()).toBe(own.length + 1); // and the partners' page
      for (const place of Object.values<Place>(PLACES)) {
        await goTo(page, place);
        const isOwn = own.some(({ path }) => path === place.path);
        await expect.poll(() => page.getByText('読み込んでいます…').count()).toBe(0);
        expect(await page.getByText(words['otherDuty']!).count(), place.path).toBe(isOwn ? 0 : 1);
        if (!isOwn) {
          const ways = page.locator('main').getByRole('listitem').getByRole('link');
          expect(await ways.count(), place.path).toBe(own.length);
        }
        const acting = page.locator('main').getByRole('button');
        const offered = (await acting.allTextContents()).filter((name) => ACTING.includes(name));
        const acts: readonly string[] = place.acts;
        if (!acts.includes(duty)) expect(offered, place.path).toEqual([]);
        expect(await page.getByRole('alert').count(), place.path).toBe(0);
        expect(await axeFaults(page), place.path).toEqual([]);
        if (place.path === PLACES.keys.path) await shoot(page, `keys-of-${duty}`);
      }
      expect(complaints).toEqual([]);
    },
    120_000,
  );

  it('has support see why a member is locked out, and unlock the login', async () => {
    await under.platform.connection
      .collection('identity_members')
      .updateOne({ mail: SATO.mail }, { $set: { wrongTries: 10, lastTryAt: new Date() } });
    const { page, complaints } = await operatorOf('support');
    await goTo(page, PLACES.members);
    await page.getByRole('textbox', { name: 'メールアドレス' }).fill(SATO.mail);
    await page.getByLabel('探す理由').fill('CASE-2');
    await page.getByRole('button', { name: '探す', exact: true }).click();
    await row(page, SATO.displayName).getByRole('button', { name: '詳しく見る' }).click();
    await page.getByText('パスワードの間違いが続いたため').waitFor();
    await shoot(page, 'member-locked');
    await page.getByRole('button', { name: 'ログインの停止を解除する' }).click();
    await answer(page, 'ログインの停止を解除する');
    await page.getByText('ログインは止まっていません。').waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await shoot(page, 'member');
    expect(complaints).toEqual([]);
  }, 120_000);

  it('has duties given by two of security, and shows how that came', async () => {
    const first = await anOperator(browser, under, 0);
    const second = await operatorOf('security');
    await goTo(first.page, PLACES.duties);
    await row(first.page, '窓口 山本').getByRole('button', { name: '職務を変更する' }).click();
    const dialog = first.page.getByRole('dialog');
    await dialog.getByLabel('経理').check();
    await shoot(first.page, 'duties-dialog');
    await answer(first.page, '承認を求める');
    await first.page.getByText('別の担当者の承認を待っています').waitFor();
    await row(first.page, '承認待ち').getByText('別の運用担当が承認します').waitFor();

    await goTo(second.page, PLACES.switches); // where they may be already, nothing is read again
    await goTo(second.page, PLACES.duties);
    await row(second.page, '承認待ち').getByRole('button', { name: '承認する' }).click();
    await answer(second.page, '承認する');
    await row(second.page, '変更済み').filter({ hasText: '窓口 → 窓口、経理' }).waitFor();
    await shoot(second.page, 'duties');
    // Whose duties changed begins anew: the token of the page that they have open is over.
    const changed = await operatorOf('support');
    await changed.page.getByRole('textbox', { name: 'メールアドレス' }).fill(SATO.mail);
    await changed.page.getByLabel('探す理由').fill('CASE-3');
    await changed.page.getByRole('button', { name: '探す', exact: true }).click();
    const over = changed.page.getByText('ログインの有効時間が過ぎました');
    const entry = changed.page.getByRole('button', { name: 'ログイン', exact: true });
    await over.or(entry).first().waitFor();
    expect([...first.complaints, ...second.complaints]).toEqual([]);
  }, 120_000);
});
