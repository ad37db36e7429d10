import { eventually } from '@7pay/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HandlerClosed } from './event.ts';
import { eventFeed, openOutbox } from './outbox.ts';
import { listener, type Numbered, testEvents, type TestEvents } from './testing/test-events.ts';

let events: TestEvents;
beforeAll(async () => {
  events = await testEvents('lost_history');
});
afterAll(() => events.database.drop());

const HOUR_MS = 60 * 60_000;
/** A token of another server. */
const OF_ANOTHER = { _data: '00' };
interface Row {
  _id: string;
  name: string;
  at: Date;
  writtenAt: Date;
  body: Numbered;
}
const upTo = (most: number) => Array.from({ length: most }, (_, n) => n + 1);
const positions = () =>
  events.database.connection.collection<{ _id: string; token: object; at: Date }>(
    'events_positions',
  );
const tokenOf = async (group: string) =>
  (await positions().findOne({ _id: `${group}|events_outbox` }))?.token;
/** As if the server had no history of this group's place any more; what else is stored stays. */
const lose = async (group: string) => {
  const _id = `${group}|events_outbox`;
  const lost = await positions().updateOne({ _id }, { $set: { token: OF_ANOTHER } });
  expect(lost.matchedCount).toBe(1);
};

describe('a relay whose place is in no history any more', () => {
  it('reads everything again when its place is of another server, as after a restore elsewhere', async () => {
    const { consumer, heard } = listener('history.v1');
    await events.append('history.v1', 1, 3);
    const place = { token: OF_ANOTHER, at: new Date() };
    await positions().insertOne({ _id: 'history|events_outbox', ...place });
    const relay = await events.relay('history', [consumer]);
    await eventually(async () => heard.length === 3);
    await relay.stop();
    expect(heard).toEqual([1, 2, 3]);
  });

  it('overlooks nothing of a backlog that it was in the middle of', async () => {
    let closed = true;
    let waits = false;
    const { consumer, heard } = listener('backlog.v1', ({ body }) => {
      waits = body.n === 2;
      if (waits && closed) throw new HandlerClosed('not before noon');
    });
    const first = await events.relay('backlog', [consumer]);
    await events.append('backlog.v1', 0);
    await eventually(() => tokenOf('backlog')); // it follows the stream
    const at = (n: number) => new Date(Date.now() - 3 * HOUR_MS + n * 60_000);
    await events.database.connection.collection<Row>('events_outbox').insertMany(
      upTo(150).map((n) => ({
        _id: `backlog-${n}`,
        name: 'backlog.v1',
        at: at(n),
        writtenAt: at(n),
        body: { n },
      })),
    );
    await eventually(async () => waits);
    await first.stop();
    expect(heard).toEqual([0, 1]);
    await lose('backlog');
    closed = false;
    const second = await events.relay('backlog', [consumer]);
    await eventually(async () => heard.includes(150));
    await second.stop();
    expect([...new Set(heard)]).toEqual([0, ...upTo(150)]);
  });

  it('hears what was written late of what happened long before', async () => {
    const { consumer, heard } = listener('late.v1');
    const first = await events.relay('late', [consumer]);
    await events.append('late.v1', 1);
    await eventually(() => tokenOf('late'));
    await first.stop();
    expect(heard).toEqual([1]);
    const outbox = openOutbox(events.database.connection);
    const at = new Date(Date.now() - 3 * HOUR_MS).toISOString();
    await events.inUnit((session) =>
      outbox.append(session, { id: 'late', name: 'late.v1', at, body: { n: 2 } }),
    );
    await lose('late');
    const second = await events.relay('late', [consumer]);
    await eventually(async () => heard.includes(2));
    await second.stop();
  });

  it('does not put back the place that it was about to save', async () => {
    const { consumer, heard } = listener('dead.v1');
    let breaks = true;
    const relay = await events.relay('dead', [consumer], {
      ...eventFeed,
      toEvent: (document) => {
        if (document['_id'] === 'dead.v1-3' && breaks) {
          breaks = false;
          throw Object.assign(new Error('the history is gone'), { code: 286 });
        }
        return eventFeed.toEvent(document);
      },
    });
    await events.append('dead.v1', 1, 3);
    await eventually(async () => heard.includes(3));
    await relay.stop();
    expect(heard).toEqual([1, 2, 1, 2, 3]); // read from the feed again, and not gone on with behind the lost place
  });

  it('reads the past again when reading it failed half-way', async () => {
    await events.append('half.v1', 1, 4);
    const { consumer, heard } = listener('half.v1');
    let readings = 0;
    const relay = await events.relay('half', [consumer], {
      ...eventFeed,
      since: (connection, at) => {
        readings += 1;
        return readings === 1
          ? breaking(eventFeed.since(connection, at))
          : eventFeed.since(connection, at);
      },
    });
    await eventually(async () => heard.includes(4));
    await relay.stop();
    expect([...new Set(heard)]).toEqual(upTo(4));
    expect(readings).toBe(2);
  });
});

/** Gives two documents and breaks. */
async function* breaking<Item>(items: AsyncIterable<Item>): AsyncIterable<Item> {
  let given = 0;
  for await (const item of items) {
    if (given === 2) throw new Error('the line was cut');
    given += 1;
    yield item;
  }
}
