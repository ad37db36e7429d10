import { CommitOutcomeUnknown, UnitOfWorkTimedOut } from '@7pay/mongo';
import { eventually } from '@7pay/testing';
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HandlerClosed } from './event.ts';
import { listener, testEvents, type TestEvents } from './testing/test-events.ts';

let events: TestEvents;
beforeAll(async () => {
  events = await testEvents('relay_failures');
});
afterAll(() => events.database.drop());

// They wait a good deal, so they wait together.
describe.concurrent('a consumer', () => {
  it('that fails is given the event again, before any later one', async () => {
    let failures = 2;
    const { consumer, heard } = listener('fails.v1', ({ body }) => {
      if (body.n === 1 && failures > 0) {
        failures -= 1;
        throw new Error('not yet');
      }
    });
    const relay = await events.relay('fails', [consumer]);
    await events.append('fails.v1', 1, 3);
    await eventually(async () => heard.length === 3);
    await relay.stop();
    expect(heard).toEqual([1, 2, 3]);
    expect(failures).toBe(0);
    expect(await events.parked('fails')).toEqual([]);
  });

  it('that fails five times has the event parked with its reason, and the feed goes on', async () => {
    let attempts = 0;
    const { consumer, heard } = listener('parks.v1', ({ body }) => {
      if (body.n !== 2) return;
      attempts += 1;
      throw new Error('never');
    });
    const relay = await events.relay('parks', [consumer]);
    await events.append('parks.v1', 1, 3);
    await eventually(async () => heard.includes(3));
    await relay.stop();
    expect(heard).toEqual([1, 3]);
    expect(attempts).toBe(5);
    expect(await events.parked('parks')).toMatchObject([
      {
        _id: 'parks|parks.v1-2',
        event: { id: 'parks.v1-2', body: { n: 2 } },
        reason: 'Error: never',
      },
    ]);
  });

  it('whose function is closed keeps the event waiting, however long, and then gets it once', async () => {
    let closed = true;
    let tries = 0;
    const { consumer, heard } = listener('waits.v1', () => {
      tries += 1;
      if (closed) throw new HandlerClosed('points.award is closed');
    });
    const relay = await events.relay('waits', [consumer]);
    await events.append('waits.v1', 1, 2);
    await eventually(async () => tries >= 2);
    expect(heard).toEqual([]);
    closed = false;
    await eventually(async () => heard.length === 2);
    await relay.stop();
    expect(heard).toEqual([1, 2]);
    expect(await events.parked('waits')).toEqual([]);
  });

  const transient = new mongoose.mongo.MongoServerError({ message: 'write conflict' });
  transient.addErrorLabel('TransientTransactionError');
  it.each([
    ['late', new UnitOfWorkTimedOut('no commit within 1500 ms')],
    ['open', new CommitOutcomeUnknown('the answer to a commit was lost')],
    ['cut', new mongoose.mongo.MongoNetworkError('socket closed')],
    ['busy', transient],
  ])('whose database is %s keeps the event, however often it tries', async (name, outage) => {
    let left = 6; // one more than the attempts of an event that fails
    const { consumer, heard } = listener(`${name}.v1`, ({ body }) => {
      if (body.n !== 2 || left === 0) return;
      left -= 1;
      throw outage;
    });
    const relay = await events.relay(name, [consumer]);
    await events.append(`${name}.v1`, 1, 3);
    await eventually(async () => heard.includes(3), 15_000);
    await relay.stop();
    expect(heard).toEqual([1, 2, 3]);
    expect(await events.parked(name)).toEqual([]);
  });

  it('that collides for ever has the event parked: no outage, but a bug', async () => {
    const { consumer, heard } = listener('collides.v1', ({ body }) => {
      if (body.n === 2) throw new mongoose.mongo.MongoServerError({ code: 11_000 });
    });
    const relay = await events.relay('collides', [consumer]);
    await events.append('collides.v1', 1, 3);
    await eventually(async () => heard.includes(3), 15_000);
    await relay.stop();
    expect(heard).toEqual([1, 3]);
    expect(await events.parked('collides')).toHaveLength(1);
  });

  it('that was waiting when the relay stopped gets its event at the next start', async () => {
    let closed = true;
    let tries = 0;
    const { consumer, heard } = listener('stopped.v1', () => {
      tries += 1;
      if (closed) throw new HandlerClosed('closed');
    });
    const first = await events.relay('stopped', [consumer]);
    await events.append('stopped.v1', 1, 2);
    await eventually(async () => tries >= 1);
    await first.stop();
    closed = false;
    const second = await events.relay('stopped', [consumer]);
    await eventually(async () => heard.length === 2);
    await second.stop();
    expect(heard).toEqual([1, 2]);
  });

  it('that was failing when the relay stopped gets its event at the next start', async () => {
    let broken = true;
    const { consumer, heard } = listener('broken.v1', ({ body }) => {
      if (broken && body.n === 2) throw new Error('not now');
    });
    const first = await events.relay('broken', [consumer]);
    await events.append('broken.v1', 1, 3);
    await eventually(async () => heard.length === 1);
    await first.stop();
    broken = false;
    const second = await events.relay('broken', [consumer]);
    await eventually(async () => heard.includes(3));
    await second.stop();
    expect([...new Set(heard)]).toEqual([1, 2, 3]);
    expect(await events.parked('broken')).toEqual([]);
  });

  it.each(['from the stream', 'from the past'])(
    'at work on an event %s is waited for when the relay stops',
    async (origin) => {
      const event = `slow-${origin.at(-1)}.v1`;
      const started = Promise.withResolvers<void>();
      const { consumer, heard } = listener(event, async () => {
        started.resolve();
        await new Promise((resolve) => setTimeout(resolve, 150));
      });
      if (origin === 'from the past') await events.append(event, 1);
      const relay = await events.relay(event, [consumer]);
      if (origin === 'from the stream') await events.append(event, 1);
      await started.promise;
      await relay.stop();
      expect(heard).toEqual([1]);
    },
  );

  it('beside one that fails gets every event all the same', async () => {
    const bad = listener('beside.v1', () => {
      throw new Error('always');
    });
    const good = listener('beside.v1');
    const relay = await events.relay('beside', [bad.consumer, good.consumer]);
    await events.append('beside.v1', 1);
    await eventually(async () => good.heard.length === 1);
    await relay.stop();
    expect(bad.heard).toEqual([]);
  });
});
