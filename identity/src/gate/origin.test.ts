import { classOfPrefix } from '@7pay/controls';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aBrowser } from '../testing/browser.ts';
import { anApp, type App, logIn, PASSWORD, runIdentity } from '../testing/running-identity.ts';
import type { RunningIdentity } from '../testing/running-identity.ts';
import { originSetting } from './origin.ts';

let running: RunningIdentity;
let app: App;
const records = (filter: object) =>
  running.connection.collection('identity_logins').find(filter).toArray();
const devices = async () => new Set((await records({})).map((record) => record['device']));
const PERSON = { mail: 'origin@example.jp' };

beforeAll(async () => {
  running = await runIdentity({ origin: { countryHeader: 'x-country', networks: [] } });
  app = await anApp(running.issuer, 'seven-eleven-app');
  await running.identity.registerMember({ ...PERSON, displayName: 'ば', password: PASSWORD });
});
afterAll(() => running.stop());

describe('the facts of a login', () => {
  it('are kept under its session and carried by its tokens', async () => {
    const scope = 'openid profile wallet';
    const { redeem } = await logIn(app, PERSON, { scope });
    const { access_token: token } = await redeem();
    const claims = decodeJwt(token);
    const [kept] = await records({ sessionUid: claims['sid'] });
    expect(kept).toMatchObject({
      memberId: claims.sub,
      amr: ['pwd'],
      methods: ['PASSWORD'],
      provider: null,
      atSeconds: claims['auth_time'],
      clientId: 'seven-eleven-app',
      passwordGeneration: 1,
      generation: 1,
      country: null,
    });
    const loopbacks = ['127.0.0.0/24', '0:0:0::/48'].map(classOfPrefix);
    expect(loopbacks).toContain(kept?.['network']);
    expect(claims['net']).toBe(kept?.['network']);
    expect(kept?.['device']).toMatch(/^[\w-]{43}$/);
    expect(JSON.stringify(kept)).not.toContain('127.0.0.1');
  });

  it('know the same browser again, and another one as another', async () => {
    const before = await devices();
    const visitor = aBrowser();
    const asked = { prompt: 'login' };
    for (const one of [visitor, visitor, aBrowser()]) await logIn(app, PERSON, asked, one);
    expect((await devices()).size - before.size).toBe(2);
  });
});

describe('the settings of origins', () => {
  it.each([
    [{ countryHeader: 'X Country' }],
    [{ networks: [{ prefix: '203.0.113.0', asn: 64500 }] }],
    [{ networks: [{ prefix: '203.0.113.0/24', asn: 0 }] }],
  ])('refuse %j', (setting) => {
    expect(originSetting.safeParse(setting).success).toBe(false);
  });
});
