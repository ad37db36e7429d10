import { type UnitOfWork, unitOfWork } from '@7pay/mongo';
import { type TestDatabase, testDatabase } from '@7pay/testing';
import { silentLog } from '@7pay/telemetry';
import { systemClock } from '@7pay/time';
import { consume, type Consumer, type DomainEvent } from '../event.ts';
import { type Inbox, openInbox } from '../inbox.ts';
import { eventFeed, type Feed, openOutbox, prepareEvents } from '../outbox.ts';
import { type Relay, startRelay } from '../relay.ts';

/** An outbox on a database of its own, with relays of any group. */
export interface TestEvents {
  readonly database: TestDatabase;
  readonly inUnit: UnitOfWork;
  /** Appends events `name` numbered from … to …, one after another; returns their ids. */
  append(name: string, from: number, to?: number): Promise<string[]>;
  relay(group: string, consumers: readonly Consumer[], feed?: Feed): Promise<Relay>;
  inbox(group: string): Inbox;
  parked(group: string): Promise<{ _id: string; reason: string }[]>;
}

/** A number in order, the body of every event of these tests. */
export interface Numbered {
  readonly n: number;
}

export async function testEvents(name: string): Promise<TestEvents> {
  const database = await testDatabase(name);
  await prepareEvents(database.connection);
  const outbox = openOutbox(database.connection);
  const inUnit = unitOfWork(database.connection, { deadlineMs: 10_000 });
  return {
    database,
    inUnit,
    append: async (event, from, to = from) => {
      const ids: string[] = [];
      for (let n = from; n <= to; n += 1) {
        const id = `${event}-${n}`;
        const at = systemClock.now().toISOString();
        await inUnit((session) => outbox.append(session, { id, name: event, at, body: { n } }));
        ids.push(id);
      }
      return ids;
    },
    relay: (group, consumers, feed = eventFeed) =>
      startRelay(database.connection, {
        group,
        feeds: [feed],
        consumers,
        clock: systemClock,
        log: silentLog,
      }),
    inbox: (group) => openInbox(database.connection, group, systemClock),
    parked: (group) =>
      database.connection
        .collection<{ _id: string; reason: string; group: string }>('events_parked')
        .find({ group })
        .toArray(),
  };
}

/** A consumer that keeps the numbers it was given, and may object first. */
export function listener(
  event: string,
  before: (event: DomainEvent<Numbered>) => Promise<void> | void = () => {},
): { consumer: Consumer; heard: number[] } {
  const heard: number[] = [];
  const consumer = consume<Numbered>(event, async (each) => {
    await before(each);
    heard.push(each.body.n);
  });
  return { consumer, heard };
}
