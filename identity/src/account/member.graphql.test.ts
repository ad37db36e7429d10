import { rolesOf, type Viewer } from '@7pay/graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, runIdentity, type RunningIdentity } from '../testing/running-identity.ts';

let running: RunningIdentity;
const ids: string[] = [];

beforeAll(async () => {
  running = await runIdentity();
  for (const [mail, duties] of [
    ['hana@example.jp', []],
    ['op@example.jp', ['support']],
  ] as const) {
    const made = await running.identity.registerMember({
      mail,
      displayName: mail.slice(0, 4),
      password: PASSWORD,
      duties,
    });
    if ('memberId' in made) ids.push(made.memberId);
  }
});
afterAll(() => running.stop());

const common = { locale: 'ja', requestId: 'request-1', clientId: 'seven-eleven-app' } as const;
const aMember = (
  memberId: string,
  more: Partial<Extract<Viewer, { kind: 'member' }>> = {},
): Viewer => ({
  kind: 'member',
  ...common,
  memberId,
  scopes: ['wallet'],
  roles: [],
  acr: 'urn:7id:acr:1',
  authTime: 0,
  ...more,
});
const anOperator = (memberId: string, more = {}) =>
  aMember(memberId, {
    roles: rolesOf(['support']),
    scopes: ['operations'],
    acr: 'urn:7id:acr:3',
    ...more,
  });
const nobody: Viewer = { kind: 'anonymous', ...common, scopes: [] };
const aTerminal: Viewer = {
  kind: 'terminal',
  ...common,
  scopes: ['terminal'],
  terminalId: 't',
  storeId: 's',
  merchantId: 'm',
};

const FIELDS = 'id displayName registeredAt roles signInMethods { kind label addedAt }';
const execute = async (query: string, viewer: Viewer, variables = {}) =>
  JSON.parse(JSON.stringify(await running.identity.subgraph.execute({ query, variables }, viewer)));
const me = (viewer: Viewer) => execute(`{ me { ${FIELDS} } }`, viewer);
const entity = (id: string, viewer: Viewer) =>
  execute(
    `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Member { ${FIELDS} } } }`,
    viewer,
    {
      representations: [{ __typename: 'Member', id }],
    },
  );

describe('me', () => {
  it('is the member who asks, with their ways in', async () => {
    const { data, errors } = await me(aMember(ids[0] ?? ''));
    expect(errors).toBeUndefined();
    expect(data.me).toMatchObject({
      id: ids[0],
      displayName: 'hana',
      roles: [],
      signInMethods: [{ kind: 'PASSWORD', label: 'パスワード' }],
    });
    expect(JSON.stringify(data)).not.toContain('@');
  });

  it.each([
    ['a terminal', aTerminal],
    ['nobody', nobody],
    ['a member who is not there', aMember('mem_gone')],
  ])('is null for %s', async (_, viewer) => {
    expect(await me(viewer)).toEqual({ data: { me: null } });
  });
});

describe('a member by id', () => {
  it.each([
    ['the member', () => aMember(ids[0] ?? '')],
    ['an operator', () => anOperator(ids[1] ?? '')],
  ])('is shown to %s', async (_, viewer) => {
    const { data } = await entity(ids[0] ?? '', viewer());
    expect(data._entities[0]).toMatchObject({ id: ids[0], displayName: 'hana' });
  });

  it.each([
    ['another member', () => aMember(ids[1] ?? '')],
    ['a terminal', () => aTerminal],
    ['nobody', () => nobody],
    [
      'an operator without a second factor',
      () => anOperator(ids[1] ?? '', { acr: 'urn:7id:acr:1' }),
    ],
    ['an operator in another app', () => anOperator(ids[1] ?? '', { scopes: ['wallet'] })],
    ['somebody who only asks for the scope', () => anOperator(ids[1] ?? '', { roles: [] })],
  ])('does not exist for %s', async (_, viewer) => {
    expect((await entity(ids[0] ?? '', viewer())).data).toEqual({ _entities: [null] });
    expect((await entity('mem_nobody', viewer())).data).toEqual({ _entities: [null] });
  });
});
