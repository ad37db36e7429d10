import { eventually, type TestDatabase, testDatabase } from '@7pay/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Followed,
  followChanges,
  type FollowOptions,
  type ResumeToken,
} from './follow-changes.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase('follow');
});
afterAll(() => database.drop());

interface Row {
  _id: number;
  kind?: string;
}
const rows = (name: string) => database.connection.collection<Row>(name);

/** Follows a collection until stopped, and keeps what came. */
async function follow(collection: string, options: Partial<FollowOptions> = {}) {
  const seen: Followed[] = [];
  const stopping = new AbortController();
  const open = Promise.withResolvers<void>();
  const running = followChanges(database.connection, {
    collection,
    onOpen: open.resolve,
    onChange: async (change) => void seen.push(change),
    signal: stopping.signal,
    ...options,
  });
  running.catch(open.reject);
  await open.promise;
  return {
    ids: () => seen.map(({ document }) => document?.['_id']),
    tokens: () => seen.map(({ token }) => token),
    instants: () => seen.map(({ at }) => at),
    running,
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

describe('following a collection', () => {
  it('sees every insert from the moment it stands, in order', async () => {
    await rows('order').insertOne({ _id: 0 });
    const follower = await follow('order');
    for (let _id = 1; _id <= 30; _id += 1) await rows('order').insertOne({ _id });
    await eventually(async () => follower.ids().length >= 30);
    await follower.stop();
    expect(follower.ids()).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
  });

  it('goes on behind a token without a gap and without a repetition', async () => {
    const first = await follow('resume');
    for (const _id of [1, 2, 3, 4]) await rows('resume').insertOne({ _id });
    await eventually(async () => first.ids().length === 4);
    await first.stop();
    for (const _id of [5, 6]) await rows('resume').insertOne({ _id }); // while nobody follows
    const second = await follow('resume', { after: first.tokens()[1] as ResumeToken });
    await rows('resume').insertOne({ _id: 7 });
    await eventually(async () => second.ids().length >= 5);
    await second.stop();
    expect(second.ids()).toEqual([3, 4, 5, 6, 7]);
  });

  it('tells when the database wrote each, and not when it was heard of', async () => {
    const first = await follow('instants');
    await rows('instants').insertMany([{ _id: 1 }, { _id: 2 }]);
    await eventually(async () => first.instants().length === 2);
    await first.stop();
    const again = await follow('instants', { after: first.tokens()[0] as ResumeToken });
    await eventually(async () => again.instants().length === 1);
    await again.stop();
    expect(again.instants()).toEqual(first.instants().slice(1));
    expect(Math.abs(Date.now() - Number(first.instants()[0]))).toBeLessThan(60_000);
  });

  it('sees nothing of what was rolled back', async () => {
    await database.connection.createCollection('rolled');
    const follower = await follow('rolled');
    const session = await database.connection.startSession();
    session.startTransaction();
    await rows('rolled').insertOne({ _id: 1 }, { session });
    await session.abortTransaction();
    await session.endSession();
    await rows('rolled').insertOne({ _id: 2 });
    await eventually(async () => follower.ids().length > 0);
    await follower.stop();
    expect(follower.ids()).toEqual([2]);
  });

  it('hears inserts alone, and other changes when they are asked for', async () => {
    const inserts = await follow('kinds');
    const updates = await follow('kinds', { operations: ['update'] });
    await rows('kinds').insertOne({ _id: 1 });
    await rows('kinds').updateOne({ _id: 1 }, { $set: { kind: 'x' } });
    await rows('kinds').insertOne({ _id: 2 });
    await eventually(async () => inserts.ids().length === 2 && updates.ids().length === 1);
    await Promise.all([inserts.stop(), updates.stop()]);
    expect([inserts.ids(), updates.ids()]).toEqual([[1, 2], [1]]);
  });

  it('deals with one change at a time', async () => {
    let inside = 0;
    let most = 0;
    let done = 0;
    const follower = await follow('single', {
      onChange: async () => {
        inside += 1;
        most = Math.max(most, inside);
        await new Promise((resolve) => setTimeout(resolve, 5));
        inside -= 1;
        done += 1;
      },
    });
    await rows('single').insertMany(Array.from({ length: 8 }, (_, _id) => ({ _id })));
    await eventually(async () => done === 8);
    await follower.stop();
    expect(most).toBe(1);
  });

  it('ends at once and without an error when it is stopped, also before it began', async () => {
    const follower = await follow('quiet');
    const start = performance.now();
    await follower.stop();
    expect(performance.now() - start).toBeLessThan(500);
    const onChange = async () => {};
    await followChanges(database.connection, {
      collection: 'quiet',
      onChange,
      signal: AbortSignal.abort(),
    });
  });

  it('throws what its listener throws, and has not passed the change on', async () => {
    const follower = await follow('broken', {
      onChange: async () => {
        throw new Error('listener');
      },
    });
    await rows('broken').insertOne({ _id: 1 });
    await expect(follower.running).rejects.toThrow('listener');
  });

  it('throws when the token is none', async () => {
    const lost = { _data: '00' };
    await expect(follow('lost', { after: lost })).rejects.toThrow();
  });
});
