import { calculateJwkThumbprint, decodeJwt, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GRAPH, runIdentity, type RunningIdentity } from '../testing/running-identity.ts';

let running: RunningIdentity;
let keys: Awaited<ReturnType<typeof generateKeyPair>>;
const clientId = 'terminal-ter_0a1b2c3d';

const tell = async (body: unknown, id = 'evt_1') => {
  const [consumer] = running.identity.subgraph.consumers;
  const event = { id, name: 'merchant.terminal.paired.v1', at: '2026-01-01T00:00:00Z', body };
  await consumer?.handle(event as never);
};
const paired = async (publicKey: typeof keys.publicKey) => {
  const { x, y } = await exportJWK(publicKey);
  const where = {
    terminalId: 'ter_0a1b2c3d',
    storeId: 'sto_1',
    merchantId: 'mer_1',
    label: 'レジ1',
  };
  return { ...where, publicKeyX: x, publicKeyY: y };
};

beforeAll(async () => {
  running = await runIdentity();
  keys = await generateKeyPair('ES256', { extractable: true });
  await tell(await paired(keys.publicKey));
});
afterAll(() => running.stop());

const assertion = (key = keys.privateKey, claims: Record<string, unknown> = {}) =>
  new SignJWT({
    jti: crypto.randomUUID(),
    iss: clientId,
    sub: clientId,
    aud: running.issuer,
    ...claims,
  })
    .setProtectedHeader({ alg: 'ES256' })
    .setIssuedAt()
    .setExpirationTime('60s')
    .sign(key);

async function ask(
  signed: string,
  parameters: Record<string, string> = {},
  headers: Record<string, string> = {},
) {
  const response = await fetch(`${running.issuer}/token`, {
    method: 'POST',
    headers,
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'terminal',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: signed,
      ...parameters,
    }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

describe('a paired terminal', () => {
  it('gets a token by its own key, which says where it stands', async () => {
    const { status, body } = await ask(await assertion());
    expect(status).toBe(200);
    expect(decodeJwt(body['access_token'] ?? '')).toMatchObject({
      iss: running.issuer,
      aud: GRAPH,
      sub: clientId,
      client_id: clientId,
      scope: 'terminal',
      terminal_id: 'ter_0a1b2c3d',
      store_id: 'sto_1',
      merchant_id: 'mer_1',
      gen: running.controls.generation,
    });
    expect(body['refresh_token']).toBeUndefined();
  });

  it('gets no other scope than its own', async () => {
    const { body } = await ask(await assertion(), { scope: 'terminal wallet operations' });
    expect(decodeJwt(body['access_token'] ?? '')['scope']).toBe('terminal');
  });

  it('is refused with an assertion that was used before, also when both come at once', async () => {
    const signed = await assertion();
    expect((await ask(signed)).status).toBe(200);
    expect((await ask(signed)).body).toMatchObject({ error: 'invalid_client' });
    for (let round = 0; round < 3; round += 1) {
      const raced = await assertion();
      const outcomes = await Promise.all(Array.from({ length: 8 }, () => ask(raced)));
      expect(outcomes.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(outcomes.filter(({ status }) => status >= 500)).toEqual([]);
    }
  });

  it.each([
    ['signed by another key', async () => assertion((await generateKeyPair('ES256')).privateKey)],
    ['for another issuer', () => assertion(keys.privateKey, { aud: 'https://another.example' })],
    ['without an id', () => assertion(keys.privateKey, { jti: undefined })],
    ['that is over', () => expired()],
  ])('is refused with an assertion %s', async (_, make) => {
    expect((await ask(await make())).body).toMatchObject({ error: 'invalid_client' });
  });
  const expired = () =>
    new SignJWT({ jti: crypto.randomUUID(), iss: clientId, sub: clientId, aud: running.issuer })
      .setProtectedHeader({ alg: 'ES256' })
      .setExpirationTime(Math.floor(Date.now() / 1_000) - 120)
      .sign(keys.privateKey);

  it('can bind its token to another key, and each proof of that key counts once', async () => {
    const bound = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(bound.publicKey);
    const proof = await new SignJWT({
      htm: 'POST',
      htu: `${running.issuer}/token`,
      jti: crypto.randomUUID(),
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
      .setIssuedAt()
      .sign(bound.privateKey);
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, async () => ask(await assertion(), {}, { DPoP: proof })),
    );
    const [given, ...more] = outcomes.filter(({ status }) => status === 200);
    expect(more).toEqual([]);
    expect(outcomes.filter(({ status }) => status >= 500)).toEqual([]);
    expect(decodeJwt(given?.body['access_token'] ?? '')['cnf']).toEqual({
      jkt: await calculateJwkThumbprint(jwk),
    });
    expect((await ask(await assertion(), {}, { DPoP: proof })).status).toBe(400);
  });

  it('may ask from the pages beside the graph and from no other origin', async () => {
    const from = async (origin: string) => {
      const body = new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await assertion(),
      });
      return fetch(`${running.issuer}/token`, { method: 'POST', headers: { origin }, body });
    };
    const own = await from(new URL(GRAPH).origin);
    expect(own.headers.get('access-control-allow-origin')).toBe(new URL(GRAPH).origin);
    expect((await from('https://evil.example')).status).toBe(400);
  });

  it('is registered once however often the event comes, and a new key replaces the old one', async () => {
    await tell(await paired(keys.publicKey), 'evt_1');
    expect((await ask(await assertion())).status).toBe(200);
    const fresh = await generateKeyPair('ES256', { extractable: true });
    await tell(await paired(fresh.publicKey), 'evt_2');
    expect((await ask(await assertion())).status).toBe(401);
    expect((await ask(await assertion(fresh.privateKey))).status).toBe(200);
    await tell(await paired(keys.publicKey), 'evt_3');
  });

  it.each([
    ['an id with a path in it', { terminalId: 'ter_a.b' }],
    ['a key of another length', { publicKeyX: 'AAAA' }],
    ['nothing', null],
  ])('is not made of %s', async (_, wrong) => {
    const body = wrong && { ...(await paired(keys.publicKey)), ...wrong };
    await expect(tell(body)).rejects.toThrow();
  });
});
