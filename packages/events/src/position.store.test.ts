import { type TestDatabase, testDatabase } from '@7pay/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { prepareEvents } from './outbox.ts';
import { openPositions, type Positions } from './position.store.ts';

let database: TestDatabase;
let positions: Positions;
let serial = 0;
beforeAll(async () => {
  database = await testDatabase('positions');
  await prepareEvents(database.connection);
});
afterAll(() => database.drop());
beforeEach(() => {
  serial += 1;
  positions = openPositions(database.connection, `group-${serial}`, 'feed');
});

const at = (minute: number) => new Date(Date.UTC(2019, 6, 1, 9, minute));
/** The place behind the change of this minute. */
const place = (minute: number) => ({
  token: { _data: `82${String(minute).padStart(14, '0')}00` },
  at: at(minute),
});
const kept = async () => {
  const found = await positions.find();
  return found && { token: found.token, at: found.at };
};

describe('the position of a group', () => {
  it('moves on, and never back to where a process is that lags', async () => {
    await positions.advance(place(5));
    await positions.advance(place(7));
    await positions.advance(place(6));
    expect(await kept()).toEqual(place(7));
    await positions.advance(place(8));
    expect(await kept()).toEqual(place(8));
  });

  it('goes by the order of the changes and not by clocks', async () => {
    await positions.advance(place(7));
    await positions.advance({ ...place(8), at: at(3) });
    expect(await kept()).toEqual({ ...place(8), at: at(3) });
  });

  it('loses a token that is good for nothing, and keeps the instant', async () => {
    await positions.advance(place(5));
    await positions.forget(place(5).token);
    expect(await kept()).toEqual({ token: null, at: at(5) });
    await positions.advance(place(6));
    expect(await kept()).toEqual(place(6));
  });

  it('keeps the token of a process that is further on', async () => {
    await positions.advance(place(7));
    await positions.forget(place(5).token);
    await positions.caughtUp(at(9));
    expect(await kept()).toEqual(place(7));
  });

  it('is the latest instant until which the feed itself was read', async () => {
    await positions.caughtUp(at(5));
    await positions.caughtUp(at(4));
    expect(await kept()).toEqual({ token: null, at: at(5) });
    await positions.caughtUp(at(6));
    expect(await kept()).toEqual({ token: null, at: at(6) });
  });

  it('is there when many begin at once', async () => {
    await Promise.all([1, 2, 3, 4].map((minute) => positions.advance(place(minute))));
    await positions.advance(place(5));
    expect(await kept()).toEqual(place(5));
  });
});
