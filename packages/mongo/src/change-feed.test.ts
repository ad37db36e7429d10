import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnEmbeddedMongo } from '@7pay/embedded-mongo';
import { eventually, type TestDatabase, testDatabase } from '@7pay/testing';
import type { Connection } from 'mongoose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ChangeFeed, changeFeed, type ChangeFeedOptions } from './change-feed.ts';
import { type ChangeListener, type Heard, ListenerTooSlow } from './change-listener.ts';
import { connect } from './connect.ts';

let database: TestDatabase;
const feeds: ChangeFeed[] = [];
let watched: Connection;
const dataDir = mkdtempSync(path.join(tmpdir(), '7pay-feed-'));
const commands: string[] = [];
const reasons: unknown[] = [];
beforeAll(async () => {
  database = await testDatabase('feed');
  watched = await connect(database.uri, {
    dbName: database.dbName,
    onCommand: (name) => void commands.push(name),
  });
});
afterEach(async () => {
  for (const feed of feeds.splice(0)) await feed.stop();
});
afterAll(async () => {
  await watched.close();
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

interface Row {
  _id: string;
  owner: string;
  state?: number;
}
const rows = (name: string) => database.connection.collection<Row>(name);
const feedOf = (collection: string, options: Partial<ChangeFeedOptions> = {}) => {
  const feed = changeFeed(watched, {
    collection,
    fields: ['_id', 'owner'],
    onBroken: (cause) => void reasons.push(cause),
    ...options,
  });
  feeds.push(feed);
  return feed;
};
const of = (owner: string) => ({ field: 'owner', value: owner });
const stateOf = (heard: Heard | undefined) =>
  heard === undefined || heard === 'gap' ? heard : heard.document['state'];
const hear = async (listener: ChangeListener, count: number) => {
  const heard: (Heard | undefined)[] = [];
  while (heard.length < count) heard.push(await listener.next());
  return heard;
};

describe('a change stream that is shared', () => {
  it('tells each listener of its own documents, over one stream', async () => {
    const feed = feedOf('shared');
    const [one, two, all] = await Promise.all([
      feed.listen(of('one'), {}),
      feed.listen(of('two'), {}),
      feed.listen('all', {}),
    ]);
    expect(commands.filter((name) => name === 'shared')).toHaveLength(1);
    await rows('shared').insertOne({ _id: 'a', owner: 'one', state: 1 });
    await rows('shared').insertOne({ _id: 'b', owner: 'two', state: 2 });
    await rows('shared').updateOne({ _id: 'a' }, { $set: { state: 3 } });
    expect((await hear(one, 2)).map(stateOf)).toEqual([1, 3]);
    expect((await hear(two, 1)).map(stateOf)).toEqual([2]);
    expect((await hear(all, 3)).map(stateOf)).toEqual([1, 2, 3]);
  });

  it('is closed when nobody listens any more', async () => {
    const feed = feedOf('closed', { lingerMs: 0 });
    const listener = await feed.listen(of('one'), {});
    expect([feed.listeners, feed.isFollowing]).toEqual([1, true]);
    listener.close();
    expect(feed.listeners).toBe(0);
    expect(await listener.next()).toBeUndefined();
    await eventually(async () => !feed.isFollowing);
  });

  it('ends a listener that does not take what it is told, and no other', async () => {
    const feed = feedOf('slow', { room: 3 });
    const slow = await feed.listen(of('one'), {});
    const other = await feed.listen('all', {});
    const heard = hear(other, 5);
    for (let state = 1; state <= 5; state += 1) {
      await rows('slow').insertOne({ _id: `${state}`, owner: 'one', state });
    }
    expect((await heard).map(stateOf)).toEqual([1, 2, 3, 4, 5]);
    await expect(slow.next()).rejects.toThrow(ListenerTooSlow);
    expect(feed.listeners).toBe(1);
  });

  it('tells who comes back what it missed: from memory, and from the history in a new process', async () => {
    const first = feedOf('resumed');
    const listener = await first.listen(of('one'), {});
    const start = listener.position;
    for (const state of [1, 2, 3]) {
      await rows('resumed').insertOne({ _id: `${state}`, owner: 'one', state });
      await rows('resumed').insertOne({ _id: `other ${state}`, owner: 'two' });
    }
    const heard = await hear(listener, 3);
    const afterOne = (heard[0] as { position: string }).position;
    for (const feed of [first, feedOf('resumed')]) {
      const again = await feed.listen(of('one'), { after: afterOne });
      expect((await hear(again, 2)).map(stateOf)).toEqual([2, 3]);
      const fromStart = await feed.listen(of('one'), { after: start });
      expect((await hear(fromStart, 3)).map(stateOf)).toEqual([1, 2, 3]);
    }
    await rows('resumed').insertOne({ _id: '4', owner: 'one', state: 4 });
    expect((await hear(listener, 1)).map(stateOf)).toEqual([4]);
  });

  it('reads the history for a hundred who come back at once to a new process', async () => {
    const before = feedOf('crowd');
    const listener = await before.listen(of('one'), {});
    const after = listener.position;
    for (const state of [1, 2]) {
      await rows('crowd').insertOne({ _id: `${state}`, owner: 'one', state });
    }
    await hear(listener, 2);
    const crowd = feedOf('crowd');
    const heard = await Promise.all(
      Array.from({ length: 100 }, async () => hear(await crowd.listen(of('one'), { after }), 2)),
    );
    for (const each of heard) expect(each.map(stateOf)).toEqual([1, 2]);
  });

  it.each([
    ['is none', 'zz'],
    ['is of another server', '8200'],
    ['is empty', ''],
    ['has not come yet', `82${'f'.repeat(24)}`],
  ])('says that there is a gap when the place to resume from %s', async (_, after) => {
    const feed = feedOf('hostile');
    const listener = await feed.listen(of('one'), { after });
    expect(await listener.next()).toBe('gap');
    listener.close();
    expect(feed.listeners).toBe(0);
  });

  it('goes on behind its last place when the stream breaks', async () => {
    const failing = await spawnEmbeddedMongo({ dataDir, auth: false, testCommands: true });
    const connection = await connect(failing.uri);
    try {
      const feed = changeFeed(connection, {
        collection: 'broken',
        fields: ['owner'],
        onBroken: (cause) => void reasons.push(cause),
      });
      feeds.push(feed);
      const listener = await feed.listen(of('one'), {});
      const insert = (state: number) =>
        connection.collection<Row>('broken').insertOne({ _id: `${state}`, owner: 'one', state });
      await insert(1);
      expect(stateOf(await listener.next())).toBe(1);
      await connection
        .getClient()
        .db('admin')
        .command({
          configureFailPoint: 'failCommand',
          mode: { times: 1 },
          data: { failCommands: ['getMore'], errorCode: 8_000_000 }, // the driver does not resume from it
        });
      await eventually(async () => reasons.length > 0);
      await insert(2);
      expect(stateOf(await listener.next())).toBe(2);
      await feed.stop();
    } finally {
      await connection.close();
      await failing.stop();
    }
  });

  it('says that there is a gap when the stream can never go on from where it was', async () => {
    const feed = feedOf('dropped');
    await rows('dropped').insertOne({ _id: '1', owner: 'one', state: 1 });
    const listener = await feed.listen(of('one'), {});
    await rows('dropped').drop(); // an invalidate ends the stream, and nobody may resume from it
    const heard = await listener.next();
    expect(heard === 'gap' || heard === undefined).toBe(true);
  });
});
