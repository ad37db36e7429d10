import { generateKeyPairSync } from 'node:crypto';
import { type InternalKey, type MemberViewer, verifyInternalToken } from '@7pay/graphql';
import { fixedClock } from '@7pay/time';
import { describe, expect, it } from 'vitest';
import { originOf, viewerOfRequest } from '../viewer-of-request.ts';
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
    ['another app', { ...viewer, clientId: 'other' }, 'wallet'],
    ['a newer login', { ...viewer, authTime: 6 }, 'wallet'],
    ['another generation of the controls', { ...viewer, generation: 7 }, 'wallet'],
    ['names that only look alike', { ...viewer, memberId: 'mem_1","x":"' }, 'wallet'],
    ['another subgraph', viewer, 'points'],
  ])('differ for %s', async (_, other, subgraph) => {
    const tokenFor = internalTokens(key, fixedClock('2019-07-01T00:00:00Z'));
    expect(await tokenFor(other, subgraph)).not.toBe(await tokenFor(viewer, 'wallet'));
  });

  it('are found by what a viewer was made of, and a copy with anything changed has its own', async () => {
    const tokenFor = internalTokens(key, fixedClock('2019-07-01T00:00:00Z'));
    const [one, two] = [viewerOfRequest(viewer, 'r1'), viewerOfRequest(viewer, 'r2')];
    expect([originOf(one), originOf(two)]).toEqual([viewer, viewer]);
    const first = await tokenFor(one, 'wallet');
    expect(await tokenFor(two, 'wallet')).toBe(first);
    expect(await tokenFor({ ...viewer }, 'wallet')).toBe(first);
    const changed = { ...one, memberId: 'mem_2' } as MemberViewer;
    expect(originOf(changed)).toBe(changed);
    expect(await tokenFor(changed, 'wallet')).not.toBe(first);
    expect(await tokenFor(two, 'points')).not.toBe(first);
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

  it('speak for their own viewer and subgraph, however many ask at once and again', async () => {
    const clock = fixedClock('2019-07-01T00:00:00Z');
    const tokenFor = internalTokens(key, clock);
    const subgraphs = ['wallet', 'points', 'refund'];
    const members = Array.from({ length: 60 }, (_, index) => ({
      ...viewer,
      memberId: `mem_${index % 20}`,
      generation: index % 2,
    }));
    const ask = async (who: MemberViewer, subgraph: string) => {
      const at = { token: await tokenFor(who, subgraph), subgraph, now: clock.now() };
      expect(await verifyInternalToken(publicJwk, at)).toEqual({ ...who, requestId: '' });
      const elsewhere = { ...at, subgraph: `${subgraph}2` };
      await expect(verifyInternalToken(publicJwk, elsewhere)).rejects.toThrow();
      return at.token;
    };
    const all = () =>
      Promise.all(members.flatMap((who) => subgraphs.map((name) => ask(who, name))));
    const first = await all();
    expect(new Set(first).size).toBe(20 * subgraphs.length);
    expect(await all()).toEqual(first);
  });

  it('are never sent with less than half of their life left, whenever they are asked for', async () => {
    const clock = fixedClock('2019-07-01T00:00:00Z');
    const tokenFor = internalTokens(key, clock);
    const used = new Set<string>();
    for (let step = 0; step < 120; step += 1) {
      clock.advance(1 + ((step * 7_919) % 4_000));
      const token = await tokenFor(viewer, 'wallet');
      used.add(token);
      const now = new Date(clock.now().getTime() + 29_000);
      await verifyInternalToken(publicJwk, { token, subgraph: 'wallet', now });
    }
    expect(used.size).toBeGreaterThan(4);
    expect(used.size).toBeLessThan(15);
  });

  it('are kept for those who asked last, and no more than there is room for', async () => {
    const tokenFor = internalTokens(key, fixedClock('2019-07-01T00:00:00Z'));
    const signed = { ...viewer, scopes: ['signed'] };
    const first = tokenFor(signed, 'wallet');
    const second = tokenFor(viewer, 'wallet');
    for (let index = 0; index < 19_999; index += 1) {
      void tokenFor({ ...viewer, memberId: `mem_${index + 2}` }, 'wallet');
      if (index === 10_000) expect(tokenFor(signed, 'wallet')).toBe(first);
    }
    expect(tokenFor(signed, 'wallet')).toBe(first);
    expect(tokenFor(viewer, 'wallet')).not.toBe(second);
  });
});
