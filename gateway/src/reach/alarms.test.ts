import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ALARM_GRAIN_MS, alarmIn } from './alarms.ts';

it('rings once, in the order of their times, and never early', async () => {
  const rung: string[] = [];
  const start = performance.now();
  const early: number[] = [];
  const alarm = (name: string, milliseconds: number) =>
    alarmIn(milliseconds, () => {
      rung.push(name);
      if (performance.now() < start + milliseconds) early.push(milliseconds);
    });
  alarm('c', 120);
  alarm('a', 0);
  alarm('b', 60);
  while (rung.length < 3) await wait(ALARM_GRAIN_MS);
  await wait(3 * ALARM_GRAIN_MS);
  expect([rung, early]).toEqual([['a', 'b', 'c'], []]);
});

it('is silent when it was turned off, and takes no other along', async () => {
  const rung: string[] = [];
  const off = alarmIn(20, () => rung.push('off'));
  alarmIn(20, () => rung.push('on'));
  off();
  off();
  while (rung.length < 1) await wait(ALARM_GRAIN_MS);
  expect(rung).toEqual(['on']);
});

it('rings again after all were silent', async () => {
  const rung: string[] = [];
  alarmIn(1, () => rung.push('first'));
  while (rung.length < 1) await wait(ALARM_GRAIN_MS);
  await wait(3 * ALARM_GRAIN_MS);
  alarmIn(1, () => {
    rung.push('second');
    alarmIn(1, () => rung.push('of an alarm'));
  });
  while (rung.length < 3) await wait(ALARM_GRAIN_MS);
  expect(rung).toEqual(['first', 'second', 'of an alarm']);
});
