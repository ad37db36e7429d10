import { randomUUID } from 'node:crypto';
import { randomIds } from '@7pay/ids';
import { eventually } from '@7pay/testing';
import { decodeJwt, SignJWT } from 'jose';
import {
  allowInsecureRequests,
  clientCredentialsGrant,
  type Configuration,
  discovery,
  PrivateKeyJwt,
} from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aKey, onboarding } from '../support/onboarding.ts';
import {
  aMemberWith,
  PAY,
  platformUnderTest,
  type PlatformUnderTest,
} from '../support/platform-under-test.ts';

let under: PlatformUnderTest;
let client: Configuration;
let clientId: string;
const { privateKey, publicKey } = aKey();
beforeAll(async () => {
  under = await platformUnderTest('terminal_login');
  const steps = onboarding(under);
  const operator = await under.mint.operator(randomIds.next('mem'));
  const code = await steps.issueCode(operator, under.stores[0]!.id);
  clientId = (await steps.pair(code, publicKey)).clientId!;

  // An ordinary OpenID client, which knows the issuer, its own id and its own key: nothing of ours.
  const key = await crypto.subtle.importKey(
    'pkcs8',
    privateKey.export({ type: 'pkcs8', format: 'der' }),
    { name: 'ECDSA', namedCurve: 'P-256' },
    false,
    ['sign'],
  );
  client = await discovery(
    new URL(under.platform.urls.identity),
    clientId,
    {},
    PrivateKeyJwt(key),
    { execute: [allowInsecureRequests] },
  );
});
afterAll(() => under.stop());

const login = () => clientCredentialsGrant(client, { scope: 'terminal' });
const pay = async (merchantPaymentId: string, code: string, token: string) => {
  const answer = await under.graph.ask<{ result: { __typename: string } }>(
    PAY,
    { input: { merchantPaymentId, code, amount: 120 } },
    token,
  );
  return { status: answer.status, name: answer.data?.result.__typename };
};

/** An assertion made by hand, and what the token endpoint says to it. */
const assertion = (claims: Record<string, unknown> = {}) =>
  new SignJWT({
    jti: randomUUID(),
    iss: clientId,
    sub: clientId,
    aud: under.platform.urls.identity,
    ...claims,
  })
    .setProtectedHeader({ alg: 'ES256' })
    .setIssuedAt()
    .setExpirationTime('60s')
    .sign(privateKey);
const present = async (signed: string, more: Record<string, string> = {}) => {
  const response = await fetch(client.serverMetadata().token_endpoint!, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'terminal',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: signed,
      ...more,
    }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
};

describe('a terminal that was paired through the graph', () => {
  it('logs in at 7iD by its own key and takes a payment with the token it gets', async () => {
    const granted = await eventually(() => login().catch(() => undefined)); // 7iD hears of it in a moment
    expect(granted.token_type).toMatch(/^bearer$/i);
    expect(granted.refresh_token).toBeUndefined();
    expect(decodeJwt(granted.access_token)).toMatchObject({
      aud: `${under.platform.urls.gateway}/graphql`,
      client_id: clientId,
      store_id: under.stores[0]!.id,
      merchant_id: under.stores[0]!.merchantId,
    });
    const member = await aMemberWith(under, 1_000);
    expect(await pay('real-login', await member.code(), granted.access_token)).toEqual({
      status: 200,
      name: 'PaymentAccepted',
    });
    expect(await member.balance()).toBe(880);
    const { data } = await under.graph.ask(
      '{ terminal { label store { id } } }',
      {},
      granted.access_token,
    );
    expect(data).toEqual({ terminal: { label: 'レジ1', store: { id: under.stores[0]!.id } } });
  });

  it('is refused with an assertion that was used before', async () => {
    const signed = await assertion();
    expect((await present(signed)).status).toBe(200);
    const again = await present(signed);
    expect(again.status).toBe(401);
    expect(again.body).toMatchObject({ error: 'invalid_client' });
    expect(again.body['access_token']).toBeUndefined();
  });

  it('is refused with an assertion for somebody else, of somebody else, or without one', async () => {
    const elsewhere = await present(await assertion({ aud: 'https://another.example' }));
    const neighbour = await present(
      await assertion({ iss: under.stores[1]!.clientId, sub: under.stores[1]!.clientId }),
    );
    const naked = await present('', { client_id: clientId });
    for (const { status, body } of [elsewhere, neighbour, naked]) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(body['access_token']).toBeUndefined();
    }
  });

  it('gets no scope but its own, whatever it asks for', async () => {
    const { body } = await present(await assertion(), {
      scope: 'openid wallet operations terminal',
    });
    const token = body['access_token'];
    if (token) expect(decodeJwt(token)['scope']).toBe('terminal');
    const close =
      'mutation { closeSwitch(input: { key: "payment", reasonJa: "x", reasonEn: "x" }) { __typename } }';
    const answer = await under.graph.ask(close, {}, token ?? (await login()).access_token);
    expect(answer.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});
