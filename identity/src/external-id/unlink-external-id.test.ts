import { fixedControls } from '@7pay/controls';
import { openOutbox, prepareEvents } from '@7pay/events';
import { randomIds } from '@7pay/ids';
import { unitOfWork as openUnitOfWork } from '@7pay/mongo';
import { testDatabase, type TestDatabase } from '@7pay/testing';
import { fixedClock } from '@7pay/time';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openMemberStore } from '../account/member.store.ts';
import { openPasskeyStore } from '../login/passkey.store.ts';
import { prepareIdentity } from '../storage/provider-storage.ts';
import { openExternalIdStore } from './external-id.store.ts';
import { type UnlinkExternalId, unlinkExternalId } from './unlink-external-id.ts';

const clock = fixedClock('2019-07-11T08:00:00Z');
const controls = fixedControls();
let database: TestDatabase;
let unlink: UnlinkExternalId;

beforeAll(async () => {
  database = await testDatabase('unlink');
  await prepareIdentity(database.connection);
  await prepareEvents(database.connection);
  const outbox = openOutbox(database.connection);
  unlink = unlinkExternalId({ ...stores(), controls, outbox, clock, ids: randomIds });
});
afterAll(() => database.drop());

const stores = () => ({
  unitOfWork: openUnitOfWork(database.connection),
  members: openMemberStore(database.connection),
  passkeys: openPasskeyStore(database.connection),
  externalIds: openExternalIdStore(database.connection),
});

interface Ways {
  readonly password?: true;
  readonly passkey?: true;
  readonly providers: readonly string[];
}

async function aMember({ password, passkey, providers }: Ways) {
  const { unitOfWork, members, passkeys, externalIds } = stores();
  const id = randomIds.next('mem');
  const at = clock.now();
  const hash = password
    ? { passwordHash: 'hash', passwordSetAt: at, passwordGeneration: 1 }
    : { passwordHash: null, passwordSetAt: null, passwordGeneration: null };
  const person = { id, mail: null, displayName: 'くも', roles: [], locale: 'ja' as const };
  await unitOfWork(async (session) => {
    await members.insert({ ...person, registeredAt: at, ...hash }, session);
    for (const provider of providers) {
      const link = { issuer: `https://${provider}.example`, subject: id, provider, memberId: id };
      await externalIds.insert({ ...link, linkedAt: at }, session);
    }
    if (passkey) {
      const key = { id: `key-${id}`, memberId: id, publicKey: new Uint8Array(1), counter: 0 };
      const rest = { transports: [], synchronised: true, addedAt: at };
      await passkeys.insert({ ...key, ...rest }, session);
    }
  });
  return {
    id,
    left: async () => (await externalIds.ofMembers([id])).map(({ provider }) => provider),
    endedAt: async () => (await members.find(id))?.loginsEndedAt ?? null,
  };
}

describe('unlinking an external ID', () => {
  it.each<[string, Ways]>([
    ['a password', { password: true, providers: ['kumo'] }],
    ['a passkey', { passkey: true, providers: ['kumo'] }],
    ['another external ID', { providers: ['kumo', 'nami'] }],
  ])('is done where %s is left, and ends every login', async (_, ways) => {
    const member = await aMember(ways);
    expect(await unlink(member.id, 'kumo')).toEqual({ provider: 'kumo' });
    expect(await member.left()).toEqual(ways.providers.filter((one) => one !== 'kumo'));
    expect(await member.endedAt()).toEqual(clock.now());
    const events = database.connection.collection('events_outbox');
    expect(await events.findOne({ 'body.memberId': member.id })).toMatchObject({
      name: 'identity.logins.ended.v1',
      body: { reason: 'EXTERNAL_ID_UNLINKED' },
    });
  });

  it('never takes the last way in, and then ends nothing', async () => {
    const member = await aMember({ providers: ['kumo'] });
    expect(await unlink(member.id, 'kumo')).toMatchObject({ refused: 'LAST_WAY_IN' });
    expect(await member.left()).toEqual(['kumo']);
    expect(await member.endedAt()).toBeNull();
  });

  it('counts no other external ID whose provider is stopped', async () => {
    const member = await aMember({ providers: ['kumo', 'nami'] });
    controls.close('login.external.nami');
    expect(await unlink(member.id, 'kumo')).toMatchObject({ refused: 'LAST_WAY_IN' });
    controls.open('login.external.nami');
    expect(await unlink(member.id, 'kumo')).toEqual({ provider: 'kumo' });
  });

  it('leaves one way when both are unlinked at once', async () => {
    const member = await aMember({ providers: ['kumo', 'nami'] });
    const results = await Promise.all(['kumo', 'nami'].map((one) => unlink(member.id, one)));
    expect(results.filter((result) => 'refused' in result)).toHaveLength(1);
    expect(await member.left()).toHaveLength(1);
  });

  it('refuses what is not linked, and members who are not there', async () => {
    const member = await aMember({ password: true, providers: [] });
    for (const id of [member.id, 'mem_nobody']) {
      expect(await unlink(id, 'kumo')).toMatchObject({ refused: 'EXTERNAL_ID_NOT_LINKED' });
    }
  });
});
