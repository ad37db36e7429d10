import { eventually } from '@7pay/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consume } from './event.ts';
import { openOutbox } from './outbox.ts';
import { listener, type Numbered, testEvents, type TestEvents } from './testing/test-events.ts';

let events: TestEvents;
beforeAll(async () => {
  events = await testEvents('relay');
});
afterAll(() => events.database.drop());

const upTo = (most: number) => Array.from({ length: most }, (_, n) => n + 1);

describe('a relay', () => {
  it('brings each event to every group once and in order', async () => {
    const groups = ['points', 'merchant'].map((name) => ({ name, ...listener('order.v1') }));
    const relays = await Promise.all(
      groups.map(({ name, consumer }) => events.relay(name, [consumer])),
    );
    await events.append('order.v1', 1, 25);
    await eventually(async () => groups.every(({ heard }) => heard.length >= 25));
    await Promise.all(relays.map((relay) => relay.stop()));
    for (const { heard } of groups) expect(heard).toEqual(upTo(25));
  });

  it('brings to a consumer the events of its name alone', async () => {
    const { consumer, heard } = listener('mine.v1');
    const relay = await events.relay('names', [consumer]);
    await events.append('other.v1', 1, 3);
    await events.append('mine.v1', 7);
    await eventually(async () => heard.length > 0);
    await relay.stop();
    expect(heard).toEqual([7]);
  });

  it('tells nothing of an event whose transaction was rolled back', async () => {
    const { consumer, heard } = listener('rolled.v1');
    const relay = await events.relay('rolled', [consumer]);
    const outbox = openOutbox(events.database.connection);
    const at = new Date().toISOString();
    const work = events.inUnit(async (session) => {
      await outbox.append(session, { id: 'rolled', name: 'rolled.v1', at, body: { n: 1 } });
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    await events.append('rolled.v1', 2);
    await eventually(async () => heard.length > 0);
    await relay.stop();
    expect(heard).toEqual([2]);
  });

  it('catches up what was written before its first start, then goes on', async () => {
    await events.append('early.v1', 1, 4);
    const { consumer, heard } = listener('early.v1');
    const relay = await events.relay('early', [consumer]);
    await eventually(async () => heard.length === 4);
    await events.append('early.v1', 5, 6);
    await eventually(async () => heard.includes(6));
    await relay.stop();
    expect([...new Set(heard)]).toEqual(upTo(6));
  });

  it('catches up rows that do not tell when they were written', async () => {
    await events.database.connection
      .collection<{ _id: string; name: string; at: Date; body: Numbered }>('events_outbox')
      .insertOne({ _id: 'old', name: 'old.v1', at: new Date(0), body: { n: 1 } });
    await events.append('old.v1', 2);
    const { consumer, heard } = listener('old.v1');
    const relay = await events.relay('old', [consumer]);
    await eventually(async () => heard.length === 2);
    await relay.stop();
    expect(heard).toEqual([1, 2]);
  });

  it('loses nothing over stop and start, and forgets what it had dealt with', async () => {
    const { consumer, heard } = listener('again.v1');
    const first = await events.relay('again', [consumer]);
    await events.append('again.v1', 1, 5);
    await eventually(async () => heard.length === 5);
    await first.stop();
    await events.append('again.v1', 6, 9); // while nobody listens
    const second = await events.relay('again', [consumer]);
    await eventually(async () => heard.includes(9));
    await second.stop();
    expect(heard).toEqual(upTo(9));
  });

  it('makes one effect of each event although it comes again: the inbox', async () => {
    const inbox = events.inbox('effects');
    const effects: number[] = [];
    const consumer = consume<Numbered>('effect.v1', ({ id, body }) =>
      events.inUnit(async (session) => {
        if (await inbox.note(session, id)) effects.push(body.n);
      }),
    );
    await events.append('effect.v1', 1, 6);
    const first = await events.relay('effects', [consumer]);
    await eventually(async () => effects.length === 6);
    await first.stop();
    // As if the position had never been saved: everything comes again.
    const positions = events.database.connection.collection<{ _id: string }>('events_positions');
    await positions.deleteMany({ _id: /^effects\|/ });
    const second = await events.relay('effects', [consumer]);
    await events.append('effect.v1', 7);
    await eventually(async () => effects.includes(7));
    await second.stop();
    expect(effects).toEqual(upTo(7));
  });

  it('notes an event in the inbox or not at all, with its effect', async () => {
    const inbox = events.inbox('together');
    const broken = events.inUnit(async (session) => {
      expect(await inbox.note(session, 'e1')).toBe(true);
      throw new Error('the effect failed');
    });
    await expect(broken).rejects.toThrow('the effect failed');
    expect(await events.inUnit((session) => inbox.note(session, 'e1'))).toBe(true);
    expect(await events.inUnit((session) => inbox.note(session, 'e1'))).toBe(false);
    const other = events.inbox('another');
    expect(await events.inUnit((session) => other.note(session, 'e1'))).toBe(true);
  });
});
