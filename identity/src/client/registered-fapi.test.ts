import { DUTIES, rolesOf, type Viewer } from '@7pay/graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aKey } from '../testing/forged.ts';
import { aPartner } from '../testing/partner.ts';
import { APPS, PASSWORD, runIdentity, type RunningIdentity } from '../testing/running-identity.ts';

const TESTER = { mail: 'tester@test.example', displayName: 'ためし', password: PASSWORD };
let running: RunningIdentity;
beforeAll(async () => {
  running = await runIdentity({ settings: { testPeople: { mailDomains: ['test.example'] } } });
  await running.identity.registerMember(TESTER);
});
afterAll(() => running.stop());

const operator: Viewer = {
  kind: 'member',
  locale: 'en',
  requestId: 'request-1',
  clientId: 'operator-console',
  memberId: 'mem_partner',
  scopes: ['merchant', 'operations'],
  roles: rolesOf(DUTIES),
  acr: 'urn:7id:acr:2',
  authTime: Math.floor(Date.now() / 1_000),
};
const ask = async (query: string, input: object) => {
  const asked = { query, variables: { input } } as never;
  const { data } = await running.identity.subgraph.execute(asked, operator);
  return JSON.parse(JSON.stringify(data?.['result'])) as { client: { id: string }; secret: null };
};

it('an app of the FAPI profile logs a test person in by its own key', async () => {
  const key = await aKey();
  const { client, secret } = await ask(
    'mutation ($input: RegisterClientInput!) { result: registerClient(input: $input) { ... on ClientSecretMade { secret client { id } } } }',
    {
      nameJa: '家計簿',
      nameEn: 'Household book',
      redirectUris: [`${APPS}any/callback`],
      kind: 'FAPI2',
      jwks: JSON.stringify({ keys: [key.jwk] }),
    },
  );
  expect(secret).toBeNull();
  const { id } = client;
  await ask(
    'mutation ($input: ChangeClientRedirectsInput!) { result: changeClientRedirects(input: $input) { ... on ClientChanged { client { id } } } }',
    { id, reason: 'CASE-1', redirectUris: [`${APPS}${id}/callback`] },
  );
  const app = await aPartner(running.issuer, id, { key });
  const asked = await app.authorize(TESTER, { scope: 'openid' });
  const tokens = await asked.redeem(await asked.agree());
  expect(tokens.claims()?.sub).toMatch(/^[\w-]{43}$/);
  expect(tokens.token_type).toBe('dpop');
});
