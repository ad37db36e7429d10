import { fixedClock } from '@7pay/time';
import { SignJWT } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { aDevice, type Device, type ProofChange } from '../testing/dpop.ts';
import { verifyDpopProof, type VerifyDpopProof } from './dpop-proof.ts';
import { usedProofs } from './used-proofs.ts';

const URL = 'https://graph.example/graphql';
const TOKEN = 'header.payload.signature';
let clock: ReturnType<typeof fixedClock>;
let device: Device;
let verify: VerifyDpopProof;
beforeEach(async () => {
  clock = fixedClock('2019-07-01T00:00:00Z');
  device = await aDevice(URL, () => clock.now());
  verify = verifyDpopProof({ url: URL, clock });
});
const holds = (proof: string, token = TOKEN, thumbprint = device.thumbprint) =>
  verify(proof, { token, thumbprint, holder: 'app mem_1' });
const seconds = () => Math.floor(clock.now().getTime() / 1_000);

describe('a proof', () => {
  it('holds for the token that is bound to its key', async () => {
    expect(await holds(await device.proof(TOKEN))).toBe(true);
  });

  it.each([`${URL}?operation=Wallet`, `${URL}#top`, 'https://GRAPH.example:443/graphql'])(
    'holds for the same address written as %s',
    async (htu) => {
      expect(await holds(await device.proof(TOKEN, { claims: { htu } }))).toBe(true);
    },
  );

  it.each<[string, () => ProofChange]>([
    ['for another method', () => ({ claims: { htm: 'GET' } })],
    ['for a method in small letters', () => ({ claims: { htm: 'post' } })],
    ['for another host', () => ({ claims: { htu: 'https://other.example/graphql' } })],
    ['for another scheme', () => ({ claims: { htu: 'http://graph.example/graphql' } })],
    ['for another path', () => ({ claims: { htu: 'https://graph.example/token' } })],
    ['for no address', () => ({ claims: { htu: 'graphql' } })],
    ['a minute old', () => ({ claims: { iat: seconds() - 60 } })],
    ['from further ahead than clocks run apart', () => ({ claims: { iat: seconds() + 6 } })],
    ['without a time', () => ({ claims: { iat: undefined } })],
    ['of no whole second', () => ({ claims: { iat: seconds() + 0.5 } })],
    ['expired by its own word', () => ({ claims: { exp: seconds() - 1 } })],
    ['without a number', () => ({ claims: { jti: undefined } })],
    ['with a number too short to be one', () => ({ claims: { jti: '1' } })],
    ['with a number too long to keep', () => ({ claims: { jti: 'x'.repeat(201) } })],
    ['without the digest of a token', () => ({ claims: { ath: undefined } })],
    ['with that of another token', () => ({ claims: { ath: 'x'.repeat(43) } })],
    ['of another type', () => ({ header: { typ: 'JWT' } })],
    ['without a key', () => ({ header: { jwk: undefined } })],
    ['that shows its private key', () => ({ header: { jwk: device.privateJwk } })],
    ['that names a key it did not sign with', () => ({ header: { jwk: OTHER_KEY } })],
  ])('%s is refused', async (_, change) => {
    const proof = await device.proof(TOKEN, change()).catch(() => 'unsignable');
    expect(await holds(proof)).toBe(false);
  });

  it.each([59, -5])('%i seconds old still holds', async (age) => {
    expect(await holds(await device.proof(TOKEN, { claims: { iat: seconds() - age } }))).toBe(true);
  });

  it('of another device is refused, however good', async () => {
    const thief = await aDevice(URL, () => clock.now());
    expect(await holds(await thief.proof(TOKEN))).toBe(false);
    expect(await holds(await thief.proof(TOKEN), TOKEN, thief.thumbprint)).toBe(true);
  });

  it('signed with a shared secret, or not at all, is refused', async () => {
    const claims = { htm: 'POST', htu: URL, iat: seconds(), jti: 'proof-123', ath: 'x' };
    const secret = { kty: 'oct', k: Buffer.from('x'.repeat(32)).toString('base64url') };
    const shared = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: 'dpop+jwt', jwk: secret })
      .sign(Buffer.from('x'.repeat(32)));
    const [, payload = ''] = (await device.proof(TOKEN)).split('.');
    const header = { alg: 'none', typ: 'dpop+jwt', jwk: device.jwk };
    const unsigned = `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}.`;
    expect(await holds(shared)).toBe(false);
    expect(await holds(unsigned)).toBe(false);
    expect(await holds('no.proof.atall')).toBe(false);
  });

  it('holds once, also when it comes eight times at once', async () => {
    const proof = await device.proof(TOKEN);
    const answers = await Promise.all(Array.from({ length: 8 }, () => holds(proof)));
    expect(answers.filter((held) => held)).toHaveLength(1);
    expect(await holds(proof)).toBe(false);
  });

  it('is never heard again, at no instant of its life', async () => {
    const proof = await device.proof(TOKEN, { claims: { iat: seconds() + 5 } });
    expect(await holds(proof)).toBe(true);
    for (let passed = 0; passed < 70_000; passed += 500) {
      clock.advance(500);
      expect(await holds(proof)).toBe(false);
    }
  });

  it('that was refused is not used up', async () => {
    const jti = 'the-same-number';
    expect(await holds(await device.proof('another token', { claims: { jti } }))).toBe(false);
    expect(await holds(await device.proof(TOKEN, { claims: { jti } }))).toBe(true);
  });
});

describe('the memory of used proofs', () => {
  const at = (ms: number) => new Date(1_562_000_000_000 + ms);
  const taking = () => {
    const used = usedProofs(1_000);
    return (thumbprint: string, jti: string, now: Date, holder = 'app mem_1') =>
      used.take({ thumbprint, holder, jti }, now);
  };

  it('keeps the numbers of two keys apart', () => {
    const take = taking();
    expect(take('a', 'n', at(0))).toBe(true);
    expect(take('b', 'n', at(0))).toBe(true);
    expect(take('a', 'n', at(999))).toBe(false);
    expect(take('a', 'n', at(1_000))).toBe(true);
  });

  it('has a bound for each key; beyond it nothing holds, and nothing is forgotten', () => {
    const take = taking();
    const taken = Array.from({ length: 2_500 }, (_, index) => take('a', `${index}`, at(0)));
    expect(taken.filter((held) => held)).toHaveLength(2_000);
    expect(take('a', '0', at(1))).toBe(false);
    expect(take('b', '0', at(1))).toBe(true);
    expect(take('a', 'later', at(1_000))).toBe(true);
  });

  it('has a share for each holder: one who makes many keys leaves the others their room', () => {
    const take = taking();
    let held = 0;
    for (let key = 0; key < 130; key += 1) {
      for (let index = 0; index < 2_000; index += 1) {
        if (take(`key-${key}`, `${index}`, at(0), 'app mem_many')) held += 1;
      }
    }
    expect(held).toBe(4_000);
    expect(take('phone', 'x', at(1), 'app mem_other')).toBe(true);
    expect(take('phone', 'y', at(1), 'other-app mem_many')).toBe(true);
    expect(take('one more', 'x', at(1), 'app mem_many')).toBe(false);
    expect(take('one more', 'x', at(1_000), 'app mem_many')).toBe(true);
  });

  it('has a bound for all of them', () => {
    const take = taking();
    for (let index = 0; index < 250_000; index += 1)
      take(`key-${index >> 8}`, `${index}`, at(0), `app mem_${index >> 8}`);
    expect(take('one more', 'x', at(1))).toBe(false);
    expect(take('one more', 'x', at(1_000))).toBe(true);
  });
});

const OTHER_KEY = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
};
