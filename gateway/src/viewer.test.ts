import { describe, expect, it } from 'vitest';
import type { AccessTokenClaims } from './token/verify-access-token.ts';
import { readViewer } from './viewer.ts';

const member: AccessTokenClaims = {
  sub: 'mem_1',
  client_id: 'seven-eleven-app',
  exp: 0,
  scope: 'openid  wallet',
  acr: 'urn:7id:acr:3',
  auth_time: 1_562_000_000,
  roles: ['operator'],
};
const TOKEN = 'a'.repeat(20);
const read = (
  claims: Partial<AccessTokenClaims> | undefined,
  headers: Record<string, string> = {},
) =>
  readViewer(async (token) => (token === TOKEN && claims ? { ...member, ...claims } : undefined))(
    { authorization: `Bearer ${TOKEN}`, ...headers },
    'request-1',
  );

describe('who asks', () => {
  it('is anonymous without a token', async () => {
    const viewer = await readViewer(async () => member)({}, 'request-1');
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
