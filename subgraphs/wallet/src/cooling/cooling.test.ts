import { silentLog } from '@7pay/telemetry';
import { refuse } from '@7pay/refusals';
import { testDatabase, type TestDatabase } from '@7pay/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginCooling } from './begin-cooling.consumer.ts';
import { COOLING_LIMITS, limitsWhile, orCooling, whileCooling } from './cooling.ts';
import { coolingModel, coolingStore } from './cooling.store.ts';

const at = new Date('2019-07-03T01:00:00Z');
const hours = (count: number) => new Date(at.getTime() + count * 3_600_000);
const cooling = { memberId: 'mem_1', since: at, until: hours(24) };
const [{ hours24 }] = COOLING_LIMITS;

describe('a wallet that cools', () => {
  it('pays little in 24 hours and is refused what a card brings; any other has no limit of this kind', () => {
    expect(limitsWhile(cooling, at)).toEqual({ hours24 });
    expect(limitsWhile(null, at)).toEqual({});
    expect(whileCooling(cooling, at)).toMatchObject({
      refused: 'RECOVERY_COOLING',
      facts: { since: at.toISOString(), until: hours(24).toISOString(), limit: hours24 },
    });
    expect(whileCooling(null, at)).toBeNull();
  });

  it('tells the member why, and of another limit as ever', () => {
    const [ours, own] = ['hours24', 'day'].map((period) => refuse('LIMIT_EXCEEDED', { period }));
    expect(orCooling(ours!, cooling, at).refused).toBe('RECOVERY_COOLING');
    expect(orCooling(own!, cooling, at)).toBe(own);
    expect(orCooling(ours!, null, at)).toBe(ours);
  });
});

describe('the news of a recovered password', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase('cooling');
    await coolingModel(database.connection).createCollection();
  });
  afterAll(() => database.drop());

  it('cools the wallet until the latest end, in whatever order and however often it is heard', async () => {
    const store = coolingStore(database.connection);
    const consumer = beginCooling(store, silentLog);
    const hear = (recoveredAt: Date, coolsUntil: Date) =>
      consumer.handle({
        id: 'evt_1',
        name: 'identity.password.recovered.v1',
        at: at.toISOString(),
        body: { memberId: 'mem_1', recoveredAt, coolsUntil, clientId: 'app', by: [] },
      } as never);
    const tell = async (from: number) =>
      hear(hours(from).toISOString() as never, hours(from + 24).toISOString() as never);
    await tell(3);
    await tell(0);
    await tell(3);
    expect(await store.of('mem_1', hours(26))).toEqual({
      memberId: 'mem_1',
      since: hours(3),
      until: hours(27),
    });
    expect(await store.of('mem_1', hours(27))).toBeNull();
    expect(await store.of('mem_2', at)).toBeNull();
  });

  it('that says nothing of it is refused', async () => {
    const consumer = beginCooling(coolingStore(database.connection), silentLog);
    const event = { id: 'evt_2', name: 'identity.password.recovered.v1', at: '', body: {} };
    await expect(consumer.handle(event as never)).rejects.toThrow();
  });
});
