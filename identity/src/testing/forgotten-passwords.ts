import { randomIds } from '@7pay/ids';
import { isRefused } from '@7pay/refusals';
import { createLog, silentLog } from '@7pay/telemetry';
import { fixedClock } from '@7pay/time';
import { expect, vi } from 'vitest';
import { openAccount } from '../account/open-account.ts';
import { openAudit } from '../audit/audit.store.ts';
import { aBrowser, type Browser, type Page } from './browser.ts';
import { anApp, PASSWORD, runIdentity } from './running-identity.ts';

/** 7iD, an app, and members who forget their passwords, on a clock that stands still. */
export async function runWithForgottenPasswords() {
  const clock = fixedClock(new Date());
  const done: string[] = [];
  const write = (line: string) => {
    const event = /"(recovery\.\w+)"/.exec(line)?.[1];
    if (event) done.push(event);
  };
  const log = createLog({ service: 'identity', destination: { write } });
  const running = await runIdentity({ clock, log });
  const app = await anApp(running.issuer, 'seven-eleven-app');
  const { credentialSecrets, messageCarrier } = running.settings;
  const { connection } = running;
  const settings = { credentialSecrets, messageCarrier };
  const account = openAccount({
    connection,
    settings,
    audit: openAudit(connection, { clock, ids: randomIds }),
    clock,
    ids: randomIds,
    log: silentLog,
  });
  let count = 0;

  /** What is left to do when the answer is out is done when it has said so. */
  const workDone = (times: number) =>
    vi.waitFor(() => expect(done.length).toBeGreaterThanOrEqual(times), { timeout: 20_000 });
  const codeFor = (address: string) =>
    /\d{6}/.exec(running.carrier.inbox(address).at(-1)?.text ?? '')?.[0] ?? '';
  const ask = async (mail: string) => {
    const browser = aBrowser();
    const request = await app.request();
    const login = await browser.go(request.url);
    const form = await browser.go(`${login.url}/forgot`);
    const before = done.length;
    const asked = await browser.submit(form, '/forgot', { mail });
    await workDone(before + 1);
    return { browser, request, asked };
  };
  return {
    running,
    app,
    account,
    clock,
    /** What was said to be done after an answer. */
    done,
    workDone,
    codeFor,
    /** Asks for a code, in a browser of its own; what follows the answer is done. */
    ask,
    askAndProve: async (person: { mail: string; address: string }) => {
      const all = await ask(person.mail);
      const proven = await all.browser.submit(all.asked, '/forgot/code', {
        code: codeFor(person.address),
      });
      return { ...all, proven };
    },
    aMember: async (telephone?: string) => {
      const mail = `Forgot-${(count += 1)}@example.jp`;
      const made = await running.identity.registerMember({
        mail,
        displayName: 'みお',
        password: PASSWORD,
      });
      if (isRefused(made)) throw new Error(made.refused);
      const { memberId } = made;
      if (telephone) {
        const contact = { memberId, channel: 'sms', address: telephone } as const;
        await account.contacts.add({ ...contact, addedAt: clock.now() });
        await account.contacts.verify(contact, clock.now());
      }
      return { mail, address: mail.toLowerCase(), memberId };
    },
    setPassword: (browser: Browser, page: Page, password: string) =>
      browser.submit(page, '/reset/password', { password }),
    stop: running.stop,
  };
}
export type ForgottenPasswords = Awaited<ReturnType<typeof runWithForgottenPasswords>>;
