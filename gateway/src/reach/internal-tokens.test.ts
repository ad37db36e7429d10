import { generateKeyPairSync } from 'node:crypto';
import { type InternalKey, type MemberViewer, verifyInternalToken } from '@7pay/graphql';
import { fixedClock } from '@7pay/time';
import { describe, expect, it } from 'vitest';
import { internalTokens } from './internal-tokens.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const key = privateKey.export({ format: 'jwk' }) as InternalKey;
const publicJwk = publicKey.export({ format: 'jwk' }) as InternalKey;
const viewer: MemberViewer = {
  kind: 'member',
  memberId: 'mem_1',
  clientId: 'app',
  scopes: ['wallet'],
  roles: [],
  acr: 'urn:7id:acr:2',
  authTime: 5,
  locale: 'ja',
  requestId: 'request-1',
};

describe('internal tokens', () => {
  it('are signed once for a viewer and a subgraph, whatever the request', async () => {
    const clock = fixedClock('2019-07-01T00:00:00Z');
    const tokenFor = internalTokens(key, clock);
    const first = await tokenFor(viewer, 'wallet');
    expect(await tokenFor({ ...viewer, requestId: 'request-2' }, 'wallet')).toBe(first);
    const read = await verifyInternalToken(publicJwk, {
      token: first,
      subgraph: 'wallet',
      now: clock.now(),
    });
    expect(read).toEqual({ ...viewer, requestId: '' });
  });

  it.each<[string, MemberViewer, string]>([
    ['another member', { ...viewer, memberId: 'mem_2' }, 'wallet'],
    ['another proof', { ...viewer, acr: 'urn:7id:acr:1' }, 'wallet'],
    ['other scopes', { ...viewer, scopes: ['wallet', 'points'] }, 'wallet'],
    ['another role', { ...viewer, roles: ['operator'] }, 'wallet'],
    ['another language', { ...viewer, locale: 'en' }, 'wallet'],
    ['another subgraph', viewer, 'points'],
  ])('differ for %s', async (_, other, subgraph) => {
    const tokenFor = internalTokens(key, fixedClock('2019-07-01T00:00:00Z'));
    expect(await tokenFor(other, subgraph)).not.toBe(await tokenFor(viewer, 'wallet'));
  });

  it('are renewed at half their life, so that one that is sent still lives a while', async () => {
    const clock = fixedClock('2019-07-01T00:00:00Z');
    const tokenFor = internalTokens(key, clock);
    const first = await tokenFor(viewer, 'wallet');
    clock.advance(29_999);
    expect(await tokenFor(viewer, 'wallet')).toBe(first);
    const at = { token: first, subgraph: 'wallet', now: new Date(clock.now().getTime() + 30_000) };
    await expect(verifyInternalToken(publicJwk, at)).resolves.toBeDefined();
    clock.advance(1);
    expect(await tokenFor(viewer, 'wallet')).not.toBe(first);
  });
});
