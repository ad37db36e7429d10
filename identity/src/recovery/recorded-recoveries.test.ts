import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type AuditDocument, auditModel } from '../audit/audit.store.ts';
import { verifyAudit } from '../audit/audit-export.ts';
import {
  type ForgottenPasswords,
  runWithForgottenPasswords,
} from '../testing/forgotten-passwords.ts';

let forgotten: ForgottenPasswords;
let seen = new Set<string>();
beforeAll(async () => {
  forgotten = await runWithForgottenPasswords();
});
afterAll(() => forgotten.stop());
const refusals = async () =>
  (
    (await auditModel(forgotten.running.connection)
      .find({ kind: 'LOGIN_REFUSED' })
      .lean()) as AuditDocument[]
  ).filter(({ _id }) => !seen.has(_id));
beforeEach(async () => {
  seen = new Set();
  seen = new Set((await refusals()).map(({ _id }) => _id));
});

it('a code that is wrong is on record, the same for a member and for nobody', async () => {
  const member = await forgotten.aMember();
  for (const mail of [member.mail, 'nobody@example.jp']) {
    const { browser, asked } = await forgotten.ask(mail);
    await browser.submit(asked, '/forgot/code', { code: '12345' });
  }
  const [one, other, ...more] = (await refusals()).map(({ facts }) => facts);
  expect(more).toEqual([]);
  expect(one).toMatchObject({
    method: 'RECOVERY',
    reason: 'RECOVERY_PROOF_WRONG',
    clientId: 'seven-eleven-app',
  });
  expect(one).not.toHaveProperty('memberId');
  expect(other).toEqual(one);
});

it('a second proof that is wrong is on record too', async () => {
  const member = await forgotten.aMember('+819011112222');
  const { browser, proven } = await forgotten.askAndProve(member);
  const sent = await browser.submit(proven, '/forgot/second/send');
  await browser.submit(sent, '/forgot/second/code', { code: '12345' });
  expect((await refusals()).map(({ facts }) => facts.method)).toEqual(['RECOVERY']);
});

it('one that a switch stops is on record when somebody tries, and not when they look', async () => {
  const { browser, asked } = await forgotten.ask('nobody@example.jp');
  forgotten.running.controls.close('recovery');
  await browser.go(asked.url.replace(/\/forgot.*/, '/forgot'));
  expect(await refusals()).toEqual([]);
  await browser.submit(asked, '/forgot/sms');
  forgotten.running.controls.open('recovery');
  expect((await refusals()).map(({ facts }) => facts.reason)).toEqual(['FUNCTION_CLOSED']);
});

it('the record names nobody, and its chains hold', async () => {
  const text = JSON.stringify(await auditModel(forgotten.running.connection).find().lean());
  expect(text).not.toContain('example.jp');
  expect(text).not.toContain('12345');
  expect((await verifyAudit(forgotten.running.connection)).faults).toEqual([]);
});
