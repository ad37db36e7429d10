import { describe, expect, it } from 'vitest';
import type { Latest } from '../operations.ts';
import { arrivalSince } from './arrivals.ts';

type TopUpRow = Latest['topUps']['nodes'][number];
const latest = (payment: string | null, topUp: TopUpRow | null, balance = 0): Latest => ({
  balance,
  payments: { nodes: payment ? [{ id: payment }] : [] },
  topUps: { nodes: topUp ? [topUp] : [] },
});
const topUp = (id: string, state: TopUpRow['state']): TopUpRow => ({ id, state, amount: 3_000 });

describe('what happened at the register', () => {
  it.each([
    ['nothing', latest(null, null), latest(null, null), null],
    [
      'nothing new',
      latest('p1', topUp('t1', 'SETTLED')),
      latest('p1', topUp('t1', 'SETTLED')),
      null,
    ],
    ['a first payment', latest(null, null), latest('p1', null), { kind: 'payment', id: 'p1' }],
    ['another payment', latest('p1', null), latest('p2', null), { kind: 'payment', id: 'p2' }],
    [
      'a top-up',
      latest(null, null),
      latest(null, topUp('t1', 'SETTLED'), 3_000),
      { kind: 'topUp', amount: 3_000, balance: 3_000 },
    ],
    ['a top-up on its way', latest(null, null), latest(null, topUp('t1', 'PENDING')), null],
    [
      'a top-up that arrives after waiting',
      latest(null, topUp('t1', 'PENDING')),
      latest(null, topUp('t1', 'SETTLED'), 3_000),
      { kind: 'topUp', amount: 3_000, balance: 3_000 },
    ],
    [
      'a top-up that was declined',
      latest(null, topUp('t1', 'PENDING')),
      latest(null, topUp('t1', 'DECLINED')),
      { kind: 'declined' },
    ],
    [
      'a top-up on hold',
      latest(null, null),
      latest(null, topUp('t1', 'SUSPENSE')),
      { kind: 'held', amount: 3_000 },
    ],
  ])('is seen: %s', (_, before, now, arrival) => {
    expect(arrivalSince(before, now)).toEqual(arrival);
  });
});
