import { isRefused } from '@7pay/refusals';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { openContactStore } from '../contact/contact.store.ts';
import { aListener } from '../testing/listener.ts';
import { APPS, runIdentity, type RunningIdentity } from '../testing/running-identity.ts';
import { basicCases } from './basic-cases.ts';
import { configCases } from './config-cases.ts';
import { DRIVERS } from './driver.ts';
import { AFTER, backChannelCases, rpLogoutCases } from './logout-cases.ts';
import { type Cases, PERSON, PHONE, type Suite } from './suite.ts';

const secret = 'conformance-secret-0123456789-abcdef';
const redirectUri = `${APPS}conformance/callback`;
let running: RunningIdentity;
let ear: Awaited<ReturnType<typeof aListener>>;
const suites = new Map<number, Suite>();

beforeAll(async () => {
  ear = await aListener();
  const client = (clientId: string, method: 'client_secret_basic' | 'client_secret_post') => ({
    kind: 'partner-app' as const,
    clientId,
    name: { ja: '適合性試験', en: 'Conformance' },
    redirectUris: [redirectUri],
    postLogoutRedirectUris: [AFTER],
    backchannelLogoutUri: `${ear.url}/logout`,
    authentication: { method, secret },
    claimScopes: ['profile' as const, 'email' as const, 'phone' as const],
    pkce: 'optional' as const,
  });
  running = await runIdentity({
    settings: { outgoingHosts: [new URL(ear.url).host] },
    clients: [
      client('conformance-basic', 'client_secret_basic'),
      client('conformance-post', 'client_secret_post'),
    ],
  });
  const made = await running.identity.registerMember(PERSON);
  if (isRefused(made)) throw new Error('a person can register');
  const contacts = openContactStore(running.connection);
  const telephone = { memberId: made.memberId, channel: 'sms', address: PHONE } as const;
  await contacts.add({ ...telephone, addedAt: new Date() });
  await contacts.verify(telephone, new Date());
  const { issuer } = running;
  for (const [index, drive] of DRIVERS.entries()) {
    const driven = (clientId: string, method: 'client_secret_basic' | 'client_secret_post') =>
      drive({ issuer, clientId, redirectUri, secret, method });
    suites.set(index, {
      running,
      driver: await driven('conformance-basic', 'client_secret_basic'),
      byPost: await driven('conformance-post', 'client_secret_post'),
      mode: 'query',
    });
  }
});
afterAll(async () => {
  await running.stop();
  await ear.stop();
});

const suiteOf = (index: number): Suite => {
  const suite = suites.get(index);
  if (!suite) throw new Error('no driver');
  return suite;
};
const PLANS: readonly (readonly [string, () => Cases, Suite['mode']])[] = [
  ['oidcc-config-certification-test-plan', () => configCases, 'query'],
  ['oidcc-basic-certification-test-plan', () => basicCases, 'query'],
  ['oidcc-formpost-basic-certification-test-plan', () => basicCases, 'form_post'],
  ['oidcc-rp-initiated-logout-certification-test-plan', () => rpLogoutCases, 'query'],
];

describe.each(DRIVERS.map((drive, index) => [drive.name, index] as const))('%s', (_name, index) => {
  describe.each(PLANS)('%s', (_plan, cases, mode) => {
    it.each(Object.entries(cases()))('%s', async (_module, play) => {
      await play({ ...suiteOf(index), mode });
    });
  });

  describe('oidcc-backchannel-rp-initiated-logout-certification-test-plan', () => {
    it.each(Object.keys(backChannelCases([])))('%s', async (module) => {
      while ((await running.identity.admin.notices.deliver()) > 0); // of the logouts before
      await backChannelCases(ear.heard)[module]?.(suiteOf(index));
    });
  });
});
