import { DUTIES, rolesOf, type Viewer } from '@7pay/graphql';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExternalLogins, runWithExternalIds } from '../testing/external-logins.ts';

let external: ExternalLogins;
let memberId = '';
beforeAll(async () => {
  external = await runWithExternalIds();
  const { access_token: token } = await (await external.logInAs('kumo-1001')).redeem();
  memberId = String(decodeJwt(token).sub);
});
afterAll(() => external.stop());

const aMember = (id: string, more: object = {}): Viewer => ({
  kind: 'member',
  locale: 'ja',
  requestId: 'request-1',
  clientId: 'seven-eleven-app',
  memberId: id,
  scopes: ['account'],
  roles: [],
  acr: 'urn:7id:acr:1',
  authTime: 0,
  ...more,
});
const ask = async (viewer: Viewer, id = memberId) => {
  const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Member { externalIds { provider name linkedAt lastUsedAt isStopped } } } }`;
  const variables = { r: [{ __typename: 'Member', id }] };
  const { subgraph } = external.running.identity;
  const { data } = JSON.parse(JSON.stringify(await subgraph.execute({ query, variables }, viewer)));
  return data._entities[0];
};

describe('the external IDs of a member', () => {
  it('are shown to the member: which, since when and whether they are stopped, and not who one is there', async () => {
    const shown = await ask(aMember(memberId));
    expect(shown.externalIds).toMatchObject([
      { provider: 'kumo', name: 'kumoのID', isStopped: false },
    ]);
    expect(shown.externalIds[0].lastUsedAt).toBeTruthy();
    expect(JSON.stringify(shown)).not.toContain('kumo-1001');
    external.running.controls.close('login.external');
    expect((await ask(aMember(memberId))).externalIds).toMatchObject([{ isStopped: true }]);
    external.running.controls.open('login.external');
  });

  it('are told of each session that one of them opened, to the member and to operators', async () => {
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Member { sessions { way provider } } } }`;
    const variables = { r: [{ __typename: 'Member', id: memberId }] };
    const { subgraph } = external.running.identity;
    const operator = { roles: rolesOf(DUTIES), scopes: ['operations'], acr: 'urn:7id:acr:3' };
    for (const viewer of [aMember(memberId), aMember('mem_op', operator)]) {
      const told = JSON.parse(JSON.stringify(await subgraph.execute({ query, variables }, viewer)));
      expect(told.data._entities[0].sessions).toEqual([{ way: 'EXTERNAL', provider: 'kumo' }]);
    }
  });

  it('are shown to operators, and to nobody else', async () => {
    const operator = { roles: rolesOf(DUTIES), scopes: ['operations'], acr: 'urn:7id:acr:3' };
    expect((await ask(aMember('mem_op', operator))).externalIds).toHaveLength(1);
    expect(await ask(aMember('mem_other'))).toBeNull();
    expect((await ask(aMember(memberId, { scopes: ['points'] }))).externalIds).toBeNull();
  });
});
