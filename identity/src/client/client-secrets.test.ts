import { openEndedLogins } from '@7pay/controls';
import { DUTIES, rolesOf, type Viewer } from '@7pay/graphql';
import { businessDate, fixedClock } from '@7pay/time';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditModel } from '../audit/audit.store.ts';
import { APPS, PASSWORD, runIdentity, type RunningIdentity } from '../testing/running-identity.ts';
import { CACHE_MS, clientModel } from './client.store.ts';
import { FIRST_SECRET, OLD_SECRET_HOURS, renewSecrets, workingOld } from './client-secrets.ts';

const clock = fixedClock(new Date());
let running: RunningIdentity;
let twin: Awaited<ReturnType<RunningIdentity['twin']>>;
let owners = 0;
beforeAll(async () => {
  running = await runIdentity({ clock });
  twin = await running.twin();
  await running.identity.registerMember({
    mail: 'hana@example.jp',
    displayName: 'はな',
    password: PASSWORD,
  });
});
afterAll(async () => {
  await twin.stop();
  await running.stop();
});
beforeEach(() => void (owners += 1));

const viewer = (more: object = {}): Viewer => ({
  kind: 'member',
  locale: 'en',
  requestId: 'request-1',
  clientId: 'operator-console',
  memberId: `mem_owner${owners}`,
  scopes: ['merchant'],
  roles: [],
  acr: 'urn:7id:acr:2',
  authTime: Math.floor(clock.now().getTime() / 1_000),
  ...more,
});
const operator = () =>
  viewer({ memberId: 'mem_desk', scopes: ['operations', 'merchant'], roles: rolesOf(DUTIES) });
interface Told {
  readonly id: string;
  readonly secretUsedOn: string | null;
  readonly oldSecret: { readonly until: string; readonly usedOn: string | null } | null;
}
interface Result {
  readonly __typename: string;
  readonly code?: string;
  readonly secret: string;
  readonly client: Told;
}
const FIELDS = 'id secretUsedOn oldSecret { until usedOn }';
const MADE = `__typename ... on ClientSecretMade { secret client { ${FIELDS} } } ... on Refusal { code }`;
async function ask<Answer = Result>(query: string, as: Viewer, variables: object = {}) {
  const answer = await running.identity.subgraph.execute({ query, variables } as never, as);
  if (answer.errors) throw new Error(String(answer.errors[0]?.message));
  return JSON.parse(JSON.stringify(answer.data?.['result'])) as Answer;
}
const register = () =>
  ask(
    `mutation ($input: RegisterClientInput!) { result: registerClient(input: $input) { ${MADE} } }`,
    viewer(),
    {
      input: { nameJa: 'あ', nameEn: 'a', redirectUris: [`${APPS}new/callback`], kind: 'CODE' },
    },
  );
const renew = (id: string, as = viewer()) =>
  ask(`mutation ($id: ID!) { result: rotateMyClientSecret(id: $id) { ${MADE} } }`, as, { id });
const endOld = (id: string, as = viewer()) =>
  ask(
    `mutation ($id: ID!) { result: endMyOldClientSecret(id: $id) { __typename ... on OldClientSecretEnded { client { ${FIELDS} } } ... on Refusal { code } } }`,
    as,
    { id },
  );
const replace = (id: string) =>
  ask(
    `mutation ($input: ChangeClientInput!) { result: rotateClientSecret(input: $input) { ${MADE} } }`,
    operator(),
    {
      input: { id, reason: 'CASE-7' },
    },
  );
const shown = async (id: string) =>
  (await ask<Told[]>(`{ result: myClients { ${FIELDS} } }`, viewer())).find((one) => one.id === id);

/** Whether a process takes the secret: it then complains of the code, and not of the client. */
async function takes(id: string, secret: string, url = twin.url): Promise<boolean> {
  const answer = await fetch(`${url}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: 'none',
      redirect_uri: `${APPS}new/callback`,
      code_verifier: 'v'.repeat(43),
    }),
  });
  const { error } = (await answer.json()) as { error: string };
  expect(error).toMatch(/^invalid_(grant|client)$/);
  return error === 'invalid_grant';
}
const later = (ms = CACHE_MS + 1) => clock.advance(ms);
const HOUR = 3_600_000;

describe('a new secret of an app', () => {
  it('works beside the one before for a day, in every process, and alone afterwards', async () => {
    const { client, secret: first } = await register();
    const { secret: second, client: told } = await renew(client.id);
    expect(told.oldSecret).toEqual({
      until: new Date(clock.now().getTime() + OLD_SECRET_HOURS * HOUR).toISOString(),
      usedOn: null,
    });
    later();
    for (const url of [running.url, twin.url]) {
      expect(await takes(client.id, first, url)).toBe(true);
      expect(await takes(client.id, second, url)).toBe(true);
      expect(await takes(client.id, 'x'.repeat(43), url)).toBe(false);
    }
    later(OLD_SECRET_HOURS * HOUR);
    expect(await takes(client.id, first)).toBe(false);
    expect(await takes(client.id, second)).toBe(true);
    expect((await shown(client.id))?.oldSecret).toBeNull();
  });

  it('is the only one as soon as its owner ends the old one, in every process', async () => {
    const { client, secret: first } = await register();
    const { secret: second } = await renew(client.id);
    later();
    expect(await takes(client.id, first)).toBe(true);
    expect(await endOld(client.id, viewer({ memberId: 'mem_stranger' }))).toMatchObject({
      code: 'CLIENT_NOT_FOUND',
    });
    expect(await endOld(client.id)).toMatchObject({ client: { oldSecret: null } });
    expect(await takes(client.id, first)).toBe(false); // this moment
    expect(await takes(client.id, second)).toBe(true);
    expect(await endOld(client.id)).toMatchObject({ code: 'CLIENT_NOT_IN_THIS_STATE' });
  });

  it('leaves two at most: the one before the one before is over', async () => {
    const { client, secret: first } = await register();
    const { secret: second } = await renew(client.id);
    const { secret: third } = await renew(client.id);
    later();
    expect(await takes(client.id, first)).toBe(false);
    expect(await takes(client.id, second)).toBe(true);
    expect(await takes(client.id, third)).toBe(true);
  });

  it('by an operator ends all before within two seconds', async () => {
    const { client, secret: first } = await register();
    const { secret: second } = await renew(client.id);
    const { secret: third, client: told } = await replace(client.id);
    expect(told.oldSecret).toBeNull();
    later();
    expect(await takes(client.id, first)).toBe(false);
    expect(await takes(client.id, second)).toBe(false);
    expect(await takes(client.id, third)).toBe(true);
  });

  it('is nobody else’s to make', async () => {
    const { client } = await register();
    expect(await renew(client.id, viewer({ memberId: 'mem_stranger' }))).toMatchObject({
      code: 'CLIENT_NOT_FOUND',
    });
  });

  it('is on record with what became of the old one, and no secret is anywhere in the clear', async () => {
    const { client, secret: first } = await register();
    const { secret: second } = await renew(client.id);
    await endOld(client.id);
    const ends = async () =>
      (await openEndedLogins(running.connection).all()).map(({ key }) => key);
    expect(await ends()).not.toContain(`client|${client.id}`);
    const { secret: third } = await replace(client.id);
    expect(await ends()).toContain(`client|${client.id}`); // what was given out to whoever knew the one before
    const record = await auditModel(running.connection).find().sort({ at: 1 }).lean();
    const actions = record
      .filter(({ facts }) => facts.clientId === client.id)
      .map(({ facts }) => facts.reason);
    expect(actions.sort()).toEqual([
      'OLD_SECRET_ENDED',
      'REGISTERED',
      'SECRET_REPLACED',
      'SECRET_ROTATED',
    ]);
    await renew(client.id);
    const row = await clientModel(running.connection).findById(client.id).lean();
    for (const secret of [first, second, third]) {
      expect(JSON.stringify([row, record])).not.toContain(secret);
    }
  });
});

describe('the last use of a secret', () => {
  it('is told of each by its day, also when a process has not heard of the new one', async () => {
    const { client, secret: first } = await register();
    expect(await shown(client.id)).toMatchObject({ secretUsedOn: null, oldSecret: null });
    await takes(client.id, first);
    const day = businessDate(clock.now());
    expect(await shown(client.id)).toMatchObject({ secretUsedOn: day });
    later(24 * HOUR);
    await takes(client.id, first); // this process knows the client for two seconds
    const { secret: second } = await renew(client.id);
    const next = businessDate(clock.now());
    expect(await shown(client.id)).toMatchObject({
      secretUsedOn: null,
      oldSecret: { usedOn: next },
    });
    await takes(client.id, first);
    expect((await shown(client.id))?.secretUsedOn).toBeNull();
    later();
    await takes(client.id, second);
    expect(await shown(client.id)).toMatchObject({
      secretUsedOn: next,
      oldSecret: { usedOn: next },
    });
  });

  it('is not told of a secret that was wrong', async () => {
    const { client } = await register();
    await takes(client.id, 'y'.repeat(43));
    expect((await shown(client.id))?.secretUsedOn).toBeNull();
  });
});

describe('the secret before', () => {
  const at = new Date('2026-01-01T00:00:00Z');
  const inADay = renewSecrets(FIRST_SECRET, 'one', { leaving: 'IN_A_DAY', at });
  it.each([
    ['at its last moment', OLD_SECRET_HOURS * HOUR - 1, 'one'],
    ['a moment after', OLD_SECRET_HOURS * HOUR, undefined],
  ])('works or is over: %s', (_, ms, secret) => {
    expect(workingOld(inADay, new Date(at.getTime() + ms))?.secret).toBe(secret);
  });
  it('is none when all end at once', () => {
    const atOnce = renewSecrets(inADay, 'two', { leaving: 'AT_ONCE', at });
    expect(atOnce).toEqual({ madeAt: at, usedOn: null, old: null });
  });
});
