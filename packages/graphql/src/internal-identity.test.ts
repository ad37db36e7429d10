import { generateKeyPairSync } from 'node:crypto';
import { fixedClock } from '@7pay/time';
import { decodeJwt, importJWK, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import {
  type InternalKey,
  mintInternalToken,
  verifyInternalToken,
  viewerReader,
} from './internal-identity.ts';
import { anonymous } from './testing/shelf.graphql.ts';

const keys = () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    own: privateKey.export({ format: 'jwk' }) as InternalKey,
    open: publicKey.export({ format: 'jwk' }) as InternalKey,
  };
};
const { own, open } = keys();
const NOW = new Date('2019-07-01T00:00:00Z');
const viewer = anonymous();
const mint = (parts: { key?: InternalKey; subgraph?: string; now?: Date } = {}) =>
  mintInternalToken(parts.key ?? own, {
    viewer,
    subgraph: parts.subgraph ?? 'wallet',
    now: parts.now ?? NOW,
  });
const read = (token: string, now = NOW) =>
  verifyInternalToken(open, { token, subgraph: 'wallet', now });
const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000);

describe('an internal token', () => {
  it('tells the subgraph it was made for who asks, for a minute at most', async () => {
    const token = await mint();
    expect(await read(token)).toEqual(viewer);
    expect(await read(token, later(59))).toEqual(viewer);
    const { iat = 0, exp = 0 } = decodeJwt(token);
    expect(exp - iat).toBe(60);
    await expect(read(token, later(60))).rejects.toThrow();
  });

  /** A token signed by our own key, with other claims or another header. */
  const signed = async (claims: object, header: object = {}) =>
    new SignJWT({
      viewer,
      iss: 'urn:7pay:gateway',
      aud: 'urn:7pay:subgraph:wallet',
      iat: NOW.getTime() / 1_000,
      exp: NOW.getTime() / 1_000 + 60,
      ...claims,
    })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'internal+jwt', ...header })
      .sign(await importJWK(own, 'EdDSA'));

  it.each<[string, () => Promise<string>]>([
    ['for another subgraph', () => mint({ subgraph: 'points' })],
    ['of another key', () => mint({ key: keys().own })],
    ['of another type, an access token say', () => signed({}, { typ: 'at+jwt' })],
    ['of no type', () => signed({}, { typ: undefined })],
    ['of another issuer', () => signed({ iss: 'https://id.example' })],
    ['from the future', () => mint({ now: later(120) })],
    ['from the past', () => mint({ now: later(-61) })],
    [
      'that says it lives an hour',
      () => signed({ iat: later(-70).getTime() / 1_000, exp: later(3_600).getTime() / 1_000 }),
    ],
    ['without an end', () => signed({ exp: undefined })],
    ['without a beginning', () => signed({ iat: undefined })],
    ['without a viewer', () => signed({ viewer: undefined })],
    ['that was changed', async () => (await mint()).replace(/\.[\w-]{4}/, '.AAAA')],
    ['that is none', async () => 'x.y.z'],
  ])('%s is refused', async (_, make) => {
    await expect(read(await make())).rejects.toThrow();
  });
});

describe('the reader of a subgraph', () => {
  it('gives the viewer of a token until it ends, and nothing for one that does not hold', async () => {
    const clock = fixedClock(NOW);
    const readViewer = viewerReader(open, { subgraph: 'wallet', clock });
    const token = await mint();
    expect(await readViewer(token)).toEqual(viewer);
    clock.advance(59_000);
    expect(await readViewer(token)).toEqual(viewer); // kept
    clock.advance(1_000);
    expect(await readViewer(token)).toBeUndefined();
    expect(await readViewer(await mint({ subgraph: 'points', now: clock.now() }))).toBeUndefined();
    expect(await readViewer(`${token}x`)).toBeUndefined();
  });
});
