import { systemClock } from '@7pay/time';
import { errors } from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '@7pay/testing';
import { INTERACTION_SECONDS } from '../lifetimes.ts';
import {
  type ArtifactName,
  ARTIFACTS,
  artifactModel,
  GRANTABLE,
  openArtifactStore,
} from './artifact.store.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase('artifacts');
  for (const name of Object.keys(ARTIFACTS) as ArtifactName[]) {
    const model = artifactModel(database.connection, name);
    await model.createCollection();
    await model.createIndexes();
  }
});
afterAll(() => database.drop());

const store = (name: ArtifactName) => openArtifactStore(database.connection, name, systemClock);

describe('a stored thing of the protocol', () => {
  it('is consumed by exactly one of eight, and the others are told invalid_grant', async () => {
    const tokens = store('RefreshToken');
    await tokens.upsert('rt-1', { kind: 'RefreshToken', jti: 'rt-1' }, 60);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, () => tokens.consume('rt-1')),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(errors.InvalidGrant);
    }
    await expect(tokens.consume('never-there')).rejects.toBeInstanceOf(errors.InvalidGrant);
  });

  it.each(GRANTABLE)(
    'that is a %s is found by its grant through an index, and goes with it',
    async (name) => {
      const indexes = await artifactModel(database.connection, name).collection.indexes();
      expect(indexes.map(({ key }) => Object.keys(key).join())).toContain('grantId');
      await store(name).upsert('with-grant', { kind: name, jti: 'with-grant', grantId: 'g-7' }, 60);
      await store(name).revokeByGrantId('g-7');
      expect(await store(name).find('with-grant')).toBeUndefined();
    },
  );

  it('that was pushed is used once, and the rest are told that the address is spent', async () => {
    const pushed = store('PushedAuthorizationRequest');
    await pushed.upsert('par-1', { kind: 'PushedAuthorizationRequest', jti: 'par-1' }, 60);
    await pushed.consume('par-1');
    await expect(pushed.consume('par-1')).rejects.toBeInstanceOf(errors.InvalidRequestUri);
  });

  it('that was pushed is kept for the pages that it leads to: gone, it would be used once more', async () => {
    const exp = Math.floor(Date.now() / 1_000) + 60;
    const keptFor = async (name: ArtifactName) => {
      await store(name).upsert('led', { kind: name, jti: 'led', exp }, 60);
      const kept = { payload: { $regex: `"exp":${exp}` } };
      const row = await artifactModel(database.connection, name).findOne(kept).lean();
      return (row?.expiresAt?.getTime() ?? 0) / 1_000 - exp;
    };
    expect(await keptFor('PushedAuthorizationRequest')).toBe(2 * INTERACTION_SECONDS);
    expect(await keptFor('AuthorizationCode')).toBe(0);
  });

  it.each(Object.keys(ARTIFACTS) as ArtifactName[])(
    'that is a %s is kept and forgotten',
    async (name) => {
      await store(name).upsert('kept', { kind: name, jti: 'kept' }, 60);
      expect(await store(name).find('kept')).toMatchObject({ kind: name, jti: 'kept' });
      await store(name).destroy('kept');
      expect(await store(name).find('kept')).toBeUndefined();
    },
  );

  it('stays consumed when it is saved again', async () => {
    const tokens = store('RefreshToken');
    await tokens.upsert('rt-2', { kind: 'RefreshToken', jti: 'rt-2' }, 60);
    await tokens.consume('rt-2');
    await tokens.upsert('rt-2', { kind: 'RefreshToken', jti: 'rt-2', scope: 'openid' }, 60);
    expect(await tokens.find('rt-2')).toMatchObject({
      scope: 'openid',
      consumed: expect.any(Number),
    });
    await expect(tokens.consume('rt-2')).rejects.toBeInstanceOf(errors.InvalidGrant);
  });

  it('is seen for the first time by exactly one of eight', async () => {
    const seen = store('ReplayDetection');
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, () => seen.upsert('proof-1', { kind: 'ReplayDetection' }, 60)),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('keeps names with dots and dollars, as others choose them', async () => {
    const grants = store('Grant');
    const resources = { 'https://graph.example/a.b': 'wallet', $where: 'x', __proto__: null };
    await grants.upsert('g-1', { kind: 'Grant', jti: 'g-1', resources } as never, 60);
    expect(await grants.find('g-1')).toMatchObject({
      resources: { 'https://graph.example/a.b': 'wallet', $where: 'x' },
    });
  });

  it('is found by its user code and goes with its grant', async () => {
    const codes = store('DeviceCode');
    await codes.upsert('d-1', { kind: 'DeviceCode', userCode: 'ABCD', grantId: 'g-9' }, 60);
    expect(await codes.findByUserCode('ABCD')).toMatchObject({ grantId: 'g-9' });
    await codes.revokeByGrantId('g-9');
    expect(await codes.find('d-1')).toBeUndefined();
  });
});
