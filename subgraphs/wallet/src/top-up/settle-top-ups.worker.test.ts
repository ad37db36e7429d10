import { silentLog } from '@7pay/telemetry';
import { eventually } from '@7pay/testing';
import { systemClock } from '@7pay/time';
import { expect, it } from 'vitest';
import { settleTopUps } from './settle-top-ups.worker.ts';
import type { TopUp } from './top-up.ts';

it('one that fails keeps none behind it waiting', async () => {
  const settled: string[] = [];
  const worker = settleTopUps({
    sources: ['ATM'],
    pending: async () => [{ id: 'top_1' }, { id: 'top_2' }] as TopUp[],
    settle: async (topUp) => {
      if (topUp.id === 'top_1') throw new Error('a party that says something strange');
      settled.push(topUp.id);
      return topUp;
    },
    clock: systemClock,
    log: silentLog,
  });
  worker.start();
  await eventually(async () => settled.length > 0);
  await worker.stop();
  expect(settled).toContain('top_2');
});
