import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeProtectedHeader, exportJWK, generateKeyPair } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  anApp,
  type App,
  logIn,
  PASSWORD,
  runIdentity,
  type RunningIdentity,
} from '../testing/running-identity.ts';
import { signingKey } from '../settings.ts';
import { openKeySource } from './key-source.ts';
import { OVERLAP_SECONDS, PUBLISHED_FIRST_SECONDS } from './signing-key.ts';

let running: RunningIdentity;
let twin: Awaited<ReturnType<RunningIdentity['twin']>>;
let app: App;
let later = 0;
const person = { mail: 'hana@example.jp' };
const clock = { now: () => new Date(Date.now() + later * 1_000) };
const secret = 'key-secret-for-tests-0123456789-abcdef';

beforeAll(async () => {
  running = await runIdentity({
    clock,
    settings: { keyStore: { kind: 'database', secret } },
  });
  twin = await running.twin();
  app = await anApp(running.issuer, 'seven-eleven-app');
  await running.identity.registerMember({ ...person, displayName: 'はな', password: PASSWORD });
});
afterAll(async () => {
  await twin.stop();
  await running.stop();
});

const both = () => [running.identity.admin.keys, twin.identity.admin.keys];
const follow = async () => {
  for (const keys of both()) await keys.follow();
};
const published = async (url: string): Promise<string[]> => {
  const { keys } = (await (await fetch(`${url}/jwks`)).json()) as { keys: { kid: string }[] };
  return keys.map(({ kid }) => kid);
};
const login = async () => {
  const fresh = await anApp(running.issuer, 'seven-eleven-app');
  const { redeem } = await logIn(fresh, person);
  return redeem();
};
const kidOf = (token: string | undefined) => decodeProtectedHeader(token ?? '').kid;

describe('the keys of a running provider', () => {
  it('are rotated without a restart: published first, then signing, both known for a day', async () => {
    const before = await login();
    expect(kidOf(before.id_token)).toBe('test-1');
    const rotated = await running.identity.admin.keys.rotate?.();
    await follow();
    for (const url of [running.url, twin.url]) {
      expect(await published(url)).toEqual(expect.arrayContaining(['test-1', rotated?.kid]));
    }
    expect(kidOf((await login()).id_token)).toBe('test-1');
    later += PUBLISHED_FIRST_SECONDS + 1;
    await follow();
    const after = await login();
    expect(kidOf(after.id_token)).toBe(rotated?.kid);
    expect(kidOf(after.access_token)).toBe(rotated?.kid);
    // What the old key signed still counts, and so does what it did not sign.
    const again = await oidc.refreshTokenGrant(app.configuration, before.refresh_token ?? '');
    expect(kidOf(again.id_token)).toBe(rotated?.kid);
    const hint = oidc.buildEndSessionUrl(app.configuration, {
      id_token_hint: before.id_token ?? '',
    });
    expect((await fetch(hint)).status).toBe(200);
    later += OVERLAP_SECONDS;
    await follow();
    expect(await published(twin.url)).toEqual([rotated?.kid]);
  });

  it('lose a compromised one at once, in every process, with what it signed', async () => {
    const before = await login();
    const bad = kidOf(before.id_token) ?? '';
    const next = await running.identity.admin.keys.compromised?.(bad);
    await follow();
    for (const url of [running.url, twin.url]) {
      expect(await published(url)).not.toContain(bad);
    }
    const after = await login();
    expect(kidOf(after.id_token)).toBe(typeof next === 'object' ? next.kid : '');
    const hint = oidc.buildEndSessionUrl(app.configuration, {
      id_token_hint: before.id_token ?? '',
    });
    expect((await fetch(hint)).status).toBe(400);
    expect(await running.identity.admin.keys.compromised?.('nobody')).toBe('UNKNOWN_KEY');
  });

  it('are taken over by themselves, while requests go on', async () => {
    const before = await login();
    const bad = kidOf(before.id_token) ?? '';
    const answers: number[] = [];
    await running.identity.admin.keys.compromised?.(bad);
    // A bound far above the half second in which each process looks; what decides is the ring.
    for (let tries = 0; tries < 200 && (await published(twin.url)).includes(bad); tries += 1) {
      answers.push((await fetch(`${twin.url}/.well-known/openid-configuration`)).status);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    expect(await published(twin.url)).not.toContain(bad);
    expect(answers.filter((status) => status !== 200)).toEqual([]);
  });

  it.each([
    [
      'the next one is thrown away before it signs',
      async () => {
        const [keys] = both();
        const next = await keys?.rotate?.();
        await keys?.compromised?.(next?.kid ?? '');
      },
    ],
    ['two processes rotate at once', () => Promise.all(both().map((keys) => keys.rotate?.()))],
  ])('go on signing a day later when %s', async (_, happens) => {
    const at = () => running.identity.admin.keys.list();
    const signed = (await at()).find(({ state }) => state === 'SIGNING')?.kid;
    await happens();
    await follow();
    // Nobody's cache is surprised: the one that signed goes on until the new one is known.
    expect(kidOf((await login()).id_token)).toBe(signed);
    later += PUBLISHED_FIRST_SECONDS + 1;
    await follow();
    const { id_token: token } = await login();
    expect(kidOf(token)).not.toBe(signed);
    later += OVERLAP_SECONDS;
    await follow();
    const [first] = await running.identity.admin.keys.read();
    expect(first).toMatchObject({ kty: 'EC', kid: kidOf(token) });
    expect(kidOf((await login()).id_token)).toBe(first?.kid);
  });

  it('stand in the database so that nobody reads them there', async () => {
    const rows = await running.connection.collection('identity_signingKey').find().toArray();
    expect(rows.length).toBeGreaterThan(2);
    for (const key of running.settings.jwks?.keys ?? []) {
      expect(JSON.stringify(rows)).not.toContain((key as { d: string }).d);
    }
  });

  it('stay as they are when a start has another secret, whatever key that start brings', async () => {
    const { connection } = running;
    const rows = () =>
      connection.collection('identity_signingKey').find().sort({ _id: 1 }).toArray();
    const before = await rows();
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = { ...(await exportJWK(privateKey)), kid: 'stray', alg: 'ES256', use: 'sig' };
    const wrong = {
      jwks: { keys: [signingKey.parse(jwk)] },
      keyStore: { kind: 'database' as const, secret: `another-${secret}` },
    };
    await expect(openKeySource(connection, wrong, clock)).rejects.toThrow('IDENTITY_KEY_SECRET');
    expect(await rows()).toEqual(before);
    expect(await running.identity.admin.keys.read()).not.toEqual([]);
  });

  it('can come from a folder: the last name signs, and a file that goes takes its key along', async () => {
    const path = await mkdtemp(join(tmpdir(), '7id-keys-'));
    const put = async (name: string) => {
      const { privateKey } = await generateKeyPair('ES256', { extractable: true });
      const jwk = { ...(await exportJWK(privateKey)), kid: name, alg: 'ES256', use: 'sig' };
      await writeFile(join(path, `${name}.json`), JSON.stringify(jwk));
    };
    await put('2026-01');
    const folder = await runIdentity({ settings: { keyStore: { kind: 'folder', path } } });
    try {
      expect(await published(folder.url)).toEqual(['2026-01']);
      await put('2026-02');
      await folder.identity.admin.keys.follow();
      expect(await published(folder.url)).toEqual(['2026-02', '2026-01']);
      await rm(join(path, '2026-01.json'));
      await folder.identity.admin.keys.follow();
      expect(await published(folder.url)).toEqual(['2026-02']);
      await rm(join(path, '2026-02.json'));
      await folder.identity.admin.keys.follow();
      expect(await published(folder.url)).toEqual(['2026-02']); // rather the old one than none
    } finally {
      await folder.stop();
      await rm(path, { recursive: true });
    }
  });
});
