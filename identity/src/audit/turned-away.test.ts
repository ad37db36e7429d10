import { fixedClock } from '@7pay/time';
import { silentLog } from '@7pay/telemetry';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Audit } from './audit.store.ts';
import type { AuditFacts } from './audit-event.ts';
import { openTurnedAway, type TurnedAway } from './turned-away.ts';

const clock = fixedClock('2019-07-03T00:00:30Z');
let appended: AuditFacts[] = [];
let isDown = false;
const audit: Audit = {
  append: async (kind, facts) => {
    if (isDown) throw new Error('no database');
    expect(kind).toBe('LOGIN_REFUSED');
    appended.push(facts);
  },
};
let away: TurnedAway;
beforeEach(() => {
  [appended, isDown] = [[], false];
  away = openTurnedAway(audit, { clock, log: silentLog, countsMax: 3 });
});
const from = (network: string | null, country: string | null = 'JP') => ({ network, country });

describe('tries that were turned away', () => {
  it('are one event for each minute, network and cause, with how many they were', async () => {
    const minute = new Date(Math.floor(clock.now().getTime() / 60_000) * 60_000).toISOString();
    for (let n = 0; n < 500; n += 1) away.note(from('net:a'), 'NETWORK_SPENT');
    away.note(from('net:a'), 'NO_ROOM');
    away.note(from('net:b', null), 'NO_ROOM');
    await away.write();
    expect(appended).toEqual([]); // the minute is not over
    clock.advance(60_000);
    away.note(from('net:a'), 'NO_ROOM');
    await away.write();
    const counted = { method: 'PASSWORD', about: minute };
    const net = { network: 'net:a', country: 'JP' };
    expect(appended).toEqual([
      { ...counted, ...net, reason: 'NETWORK_SPENT', tries: 500 },
      { ...counted, ...net, reason: 'NO_ROOM', tries: 1 },
      { ...counted, network: 'net:b', reason: 'NO_ROOM', tries: 1 },
    ]);
    await away.write();
    expect(appended).toHaveLength(3);
    await away.close();
    expect(appended).toHaveLength(4);
  });

  it('of more networks than are remembered are counted together', async () => {
    for (let n = 0; n < 100; n += 1) away.note(from(`net:${n}`), 'NO_ROOM');
    await away.close();
    expect(appended.map(({ network, tries }) => [network, tries])).toEqual([
      ['net:0', 1],
      ['net:1', 1],
      ['net:2', 1],
      [undefined, 97],
    ]);
  });

  it('are kept while the record cannot be written, and written once', async () => {
    isDown = true;
    for (let n = 0; n < 7; n += 1) away.note(from('net:a'), 'NO_ROOM');
    clock.advance(60_000);
    await away.write();
    isDown = false;
    await away.write();
    await away.close();
    expect(appended.map(({ tries }) => tries)).toEqual([7]);
  });
});
