import { describe, expect, it } from 'vitest';
import type { AccessTokenClaims } from './token/verify-access-token.ts';
import { loginOf, readViewer } from './viewer.ts';

const member: AccessTokenClaims = {
  sub: 'mem_1',
  client_id: 'seven-eleven-app',
  exp: 0,
  iat: 0,
  scope: 'openid  wallet',
  acr: 'urn:7id:acr:3',
  auth_time: 1_562_000_000,
  roles: ['operator'],
};
const TOKEN = 'a'.repeat(20);
const PROOF = 'p'.repeat(20);
const JKT = 'k'.repeat(43);
const holders: string[] = [];
const read = (
  claims: Partial<AccessTokenClaims> | undefined,
  headers: Record<string, string> = {},
) =>
  readViewer(
    async (token) => (token === TOKEN && claims ? { ...member, ...claims } : undefined),
    async (proof, { token, thumbprint, holder }) => {
      holders.push(holder);
      return proof === PROOF && token === TOKEN && thumbprint === JKT;
    },
    ({ amr = [], atSeconds = 0, generation = 9, country }) =>
      amr.includes('fed:kumo') && atSeconds < 1_563_000_000 && generation < 9
        ? { holds: false, stop: { by: 'login.external.kumo', since: new Date(0), reason: null } }
        : { holds: true, withoutScopes: country === 'US' ? ['wallet'] : [] },
  )({ authorization: `Bearer ${TOKEN}`, ...headers }, 'request-1');

it('a terminal logs in by its key for each token, which is all the login it has', () => {
  const till = {
    client_id: 'terminal-1',
    sub: 'terminal-1',
    terminal_id: 'ter_1',
    iat: 1_562_000_000,
  };
  expect(loginOf(till)).toMatchObject({ isClientsOwn: true, atSeconds: 1_562_000_000 });
  expect(loginOf(member)).toMatchObject({ isClientsOwn: false, atSeconds: 1_562_000_000 });
});

describe('who asks', () => {
  it('has not the scopes that were taken from their login', async () => {
    expect((await read({ cc: 'US' })).scopes).toEqual(['openid']);
    expect((await read({ cc: 'JP' })).scopes).toEqual(['openid', 'wallet']);
  });

  it('is a partner with one payment for a token that names one, whatever its scopes', async () => {
    const agreed: Partial<AccessTokenClaims> = {
      sub: 'pairwise',
      client_id: 'partner',
      agreed_by: 'mem_1',
      authorization_details: [
        {
          type: 'payment_initiation',
          amount: { currency: 'JPY', value: 1_280 },
          payee: { merchantId: 'mer_1', name: 'Flowers' },
          paymentId: 'pay-0001',
        },
      ],
    };
    const viewer = await read(agreed);
    expect(viewer).toEqual({
      kind: 'agreement',
      memberId: 'mem_1',
      clientId: 'partner',
      scopes: ['openid', 'wallet'],
      acr: 'urn:7id:acr:3',
      authTime: 1_562_000_000,
      locale: 'ja',
      requestId: 'request-1',
      agreed: { paymentId: 'pay-0001', merchantId: 'mer_1', currency: 'JPY', amount: 1_280 },
    });
    expect((await read({ ...agreed, cc: 'US' })).scopes).toEqual(['openid']);
    await expect(read({ ...agreed, agreed_by: undefined })).rejects.toThrow();
    expect((await read({ authorization_details: [] })).kind).toBe('member');
  });

  it('is anonymous without a token', async () => {
    const viewer = await readViewer(
      async () => member,
      async () => true,
      () => ({ holds: true, withoutScopes: [] }),
    )({}, 'request-1');
    expect(viewer).toEqual({
      kind: 'anonymous',
      locale: 'ja',
      requestId: 'request-1',
      clientId: null,
      scopes: [],
    });
  });

  it('is the member of a token that holds, with what it proves', async () => {
    expect(await read({})).toEqual({
      kind: 'member',
      memberId: 'mem_1',
      clientId: 'seven-eleven-app',
      scopes: ['openid', 'wallet'],
      acr: 'urn:7id:acr:3',
      authTime: 1_562_000_000,
      roles: ['operator'],
      locale: 'ja',
      requestId: 'request-1',
    });
  });

  it('comes with how and from where they logged in, by which a login is judged', async () => {
    const told = { amr: ['pwd'], net: 'as:64500', cc: 'JP', gen: 7 };
    expect(await read(told)).toMatchObject({
      amr: ['pwd'],
      network: 'as:64500',
      country: 'JP',
      generation: 7,
      authTime: 1_562_000_000,
      clientId: 'seven-eleven-app',
    });
  });

  it('is nobody when the login has ended since, by what the token says of it', async () => {
    const login = { amr: ['pwd', 'fed:kumo'], gen: 8 };
    await expect(read(login)).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
    await expect(read({ ...login, gen: 9 })).resolves.toMatchObject({ memberId: 'mem_1' });
    await expect(read({ ...login, amr: ['pwd'] })).resolves.toMatchObject({ memberId: 'mem_1' });
  });

  it('counts as weakly proven, long ago and without a role when the token does not say', async () => {
    const bare = { acr: undefined, auth_time: undefined, roles: undefined } as never;
    expect(await read(bare)).toMatchObject({ acr: 'urn:7id:acr:1', authTime: 0, roles: [] });
  });

  it('carries the generation of the controls under which the token was issued', async () => {
    expect(await read({ gen: 7 })).toHaveProperty('generation', 7);
    expect(await read({})).not.toHaveProperty('generation');
  });

  it('is a terminal when the token says where it stands', async () => {
    const place = { terminal_id: 'ter_1', store_id: 'sto_1', merchant_id: 'mer_1' };
    const viewer = await read({ ...place, sub: 'terminal-ter_1', client_id: 'terminal-ter_1' });
    expect(viewer).toMatchObject({
      kind: 'terminal',
      terminalId: 'ter_1',
      storeId: 'sto_1',
      merchantId: 'mer_1',
    });
    expect(viewer).not.toHaveProperty('memberId');
  });

  it.each([
    ['a client that speaks for nobody', { sub: 'x', client_id: 'x' }],
    [
      'a client with half a place',
      { sub: 'x', client_id: 'x', terminal_id: 'ter_1', store_id: 'sto_1' },
    ],
  ])('is nobody for the token of %s', async (_, claims) => {
    await expect(read(claims)).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
  });

  it.each([
    ['does not hold', `Bearer ${'b'.repeat(20)}`],
    ['is too short', 'Bearer abc'],
    ['is too long', `Bearer ${'a'.repeat(4_097)}`],
    ['is of another scheme', `Basic ${TOKEN}`],
    ['holds strange characters', `Bearer ${TOKEN}\u00e9`],
    ['comes twice', `Bearer ${TOKEN}, Bearer ${TOKEN}`],
    ['is empty', ''],
  ])('is refused, never taken as anonymous, when the token %s', async (_, authorization) => {
    await expect(read({}, { authorization })).rejects.toMatchObject({
      extensions: { code: 'UNAUTHENTICATED' },
    });
  });

  it.each([
    ['en', 'en'],
    ['en-US,en;q=0.9,ja;q=0.1', 'en'],
    [' EN', 'en'],
    ['ja,en;q=0.9', 'ja'],
    ['enx', 'ja'],
    ['fr', 'ja'],
    ['', 'ja'],
  ])('is answered, asking for %j, in %s', async (header, locale) => {
    expect(await read({}, { 'accept-language': header })).toMatchObject({ locale });
  });
});

describe('a token that is bound to a key', () => {
  const bound = { cnf: { jkt: JKT } };
  const dpop = (proof?: string, scheme = 'DPoP') => ({
    authorization: `${scheme} ${TOKEN}`,
    ...(proof === undefined ? {} : { dpop: proof }),
  });

  it.each(['DPoP', 'dpop', 'DPOP'])(
    'tells who asks, with a proof, under the scheme %s',
    async (scheme) => {
      expect(await read(bound, dpop(PROOF, scheme))).toMatchObject({ memberId: 'mem_1' });
    },
  );

  it('has a share of the used proofs by what 7iD says of its holder, whatever the key', async () => {
    holders.length = 0;
    await read(bound, dpop(PROOF));
    await read({ ...bound, client_id: 'other-app' }, dpop(PROOF));
    await read({ ...bound, sub: 'mem_2' }, dpop(PROOF));
    expect(holders).toEqual([
      'seven-eleven-app mem_1',
      'other-app mem_1',
      'seven-eleven-app mem_2',
    ]);
  });

  const WRONG_SCHEME = 'DPoP error="invalid_token", algs="ES256 Ed25519 EdDSA"';
  const NO_PROOF = 'DPoP error="invalid_dpop_proof", algs="ES256 Ed25519 EdDSA"';
  it.each<[string, Partial<AccessTokenClaims>, Record<string, string>, string]>([
    ['as a bearer token', bound, {}, WRONG_SCHEME],
    ['as a bearer token, with a proof', bound, { dpop: PROOF }, WRONG_SCHEME],
    ['without a proof', bound, dpop(), NO_PROOF],
    ['with a proof that does not hold', bound, dpop('q'.repeat(20)), NO_PROOF],
    ['with two proofs', bound, dpop(`${PROOF}, ${PROOF}`), NO_PROOF],
    ['with a proof of nothing', bound, dpop(''), NO_PROOF],
    ['of another key', { cnf: { jkt: 'x'.repeat(43) } }, dpop(PROOF), NO_PROOF],
    ['that is not bound at all, with a proof', {}, dpop(PROOF), WRONG_SCHEME],
  ])('is refused %s', async (_, claims, headers, challenge) => {
    await expect(read(claims, headers)).rejects.toMatchObject({
      challenge,
      extensions: { code: 'UNAUTHENTICATED' },
    });
  });
});
