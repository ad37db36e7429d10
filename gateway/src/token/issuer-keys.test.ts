import type { RequestListener } from 'node:http';
import { type Log, silentLog } from '@7pay/telemetry';
import { exportJWK, generateKeyPair, type JWK, type JWTVerifyGetKey } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { serve } from '../testing/raw-request.ts';
import { issuerKeys, KeysUnreadable } from './issuer-keys.ts';

const MINUTE = 60_000;
let now = 0;
let asked = 0;
let behave: RequestListener;
let issuer: Awaited<ReturnType<typeof serve>>;
let jwk: JWK;
const told: string[] = [];
const log: Log = { ...silentLog, warn: (event) => void told.push(event) };
const answers: RequestListener = (_request, response) =>
  void response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }));

beforeAll(async () => {
  const { publicKey } = await generateKeyPair('ES256', { extractable: true });
  jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' };
  issuer = await serve((request, response) => {
    asked += 1;
    behave(request, response);
  });
});
afterAll(() => issuer.stop());
beforeEach(() => {
  now = 0;
  asked = 0;
  told.length = 0;
  behave = answers;
});

const opened = () => issuerKeys(issuer.url, { elapsedMs: () => now, log });
const TOKEN: Parameters<JWTVerifyGetKey>[1] = { payload: '', signature: '' };
const find = async (keys: ReturnType<typeof opened>, kid = 'k1') => {
  try {
    await keys.find({ alg: 'ES256', kid }, TOKEN);
    return 'found';
  } catch (error) {
    return (error as Error).name;
  }
};
const away: [string, RequestListener][] = [
  ['breaks off', (_request, response) => void response.destroy()],
  ['answers 503', (_request, response) => void response.writeHead(503).end()],
  ['answers a page', (_request, response) => void response.end('<html>')],
  ['answers what is no set of keys', (_request, response) => void response.end('{"keys":1}')],
];

describe('the keys of 7iD', () => {
  it('are read once for all who wait, and again after ten minutes', async () => {
    const keys = opened();
    expect(await Promise.all([find(keys), find(keys), find(keys)])).toEqual([
      'found',
      'found',
      'found',
    ]);
    now = 10 * MINUTE - 1;
    expect([await find(keys), asked]).toEqual(['found', 1]);
    now = 10 * MINUTE;
    expect([await find(keys), asked]).toEqual(['found', 2]);
  });

  it('do not have the one of a token that somebody else signed: that is the fault of the token', async () => {
    expect(await find(opened(), 'k2')).toBe('JWKSNoMatchingKey');
  });

  it('are read again for a token of a key that is not among them, twice a minute', async () => {
    const keys = opened();
    await find(keys);
    now = MINUTE / 2;
    const first = jwk;
    jwk = { ...jwk, kid: 'k2' };
    expect([await find(keys, 'k2'), asked]).toEqual(['found', 2]);
    jwk = first;
    expect([await find(keys, 'k3'), asked]).toEqual(['JWKSNoMatchingKey', 2]);
    now = MINUTE;
    behave = (_request, response) => void response.destroy();
    expect([await find(keys, 'k3'), await find(keys, 'k3'), asked]).toEqual([
      KeysUnreadable.name, // it may be a new one
      KeysUnreadable.name,
      3,
    ]);
    expect([await find(keys, 'k2'), told.length]).toEqual(['found', 1]);
  });

  it.each(away)('are unreadable, and not the token at fault, while 7iD %s', async (_, away) => {
    behave = away;
    const keys = opened();
    expect(await find(keys)).toBe(KeysUnreadable.name);
    expect(told).toEqual(['issuer_keys.unreadable']);
    behave = answers;
    expect(await find(keys)).toBe('found');
  });

  it.each(away)(
    'that were read last hold for an hour while 7iD %s, which is asked twice a minute',
    async (_, away) => {
      const keys = opened();
      await find(keys);
      behave = away;
      now = 10 * MINUTE;
      asked = 0;
      expect([await find(keys), await find(keys), asked]).toEqual(['found', 'found', 1]);
      now += MINUTE / 2;
      expect([await find(keys), asked]).toEqual(['found', 2]);
      now = 60 * MINUTE;
      expect(await find(keys)).toBe(KeysUnreadable.name);
      behave = answers;
      expect(await find(keys)).toBe('found');
    },
  );

  it('are not there until they were seen once; who asks whether they are has them looked for', async () => {
    behave = (_request, response) => void response.writeHead(503).end();
    const keys = opened();
    expect(keys.wereSeen()).toBe(false);
    await keys.look();
    expect(keys.wereSeen()).toBe(false);
    behave = answers;
    await keys.look();
    expect(keys.wereSeen()).toBe(true);
    asked = 0;
    behave = (_request, response) => void response.destroy();
    now = 30 * MINUTE;
    expect([keys.wereSeen(), asked]).toEqual([true, 0]); // they hold for the others that are out
  });
});
