import { describe, expect, it } from 'vitest';
import type { CutOff } from '../cut-off-operations.ts';
import { hasLapsed, nextSteps, standingWish } from './next-steps.ts';

const now = new Date('2019-07-03T01:00:00Z');
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();
const cutOff = (told: Partial<CutOff>): CutOff => ({
  id: 'cut_1',
  state: 'ACTIVE',
  meansEverybody: false,
  cohort: {
    methods: [],
    providers: [],
    clients: [],
    networks: [],
    countries: ['US'],
    from: null,
    until: null,
  },
  effects: ['END_LOGINS'],
  scopes: [],
  reasonJa: '調査',
  reasonEn: 'Inquiry',
  cutAt: minutesAgo(5),
  expiresAt: null,
  proposedAt: minutesAgo(5),
  proposedBy: { id: 'mem_a', displayName: 'A' },
  approvedBy: null,
  takingBackHow: null,
  takingBackProposedAt: null,
  takingBackProposedBy: null,
  ...told,
});
const wish = (minutes: number): Partial<CutOff> => ({
  effects: ['BLOCK_NEW'],
  takingBackHow: 'EXPIRE',
  takingBackProposedAt: minutesAgo(minutes),
  takingBackProposedBy: { id: 'mem_a', displayName: 'A' },
});

describe('the next steps with a cut-off', () => {
  it.each([
    ['a proposal of one’s own is only withdrawn', { state: 'PROPOSED' }, 'mem_a', ['CANCEL']],
    ['another one’s is approved too', { state: 'PROPOSED' }, 'mem_b', ['APPROVE', 'CANCEL']],
    [
      'a lapsed one is only withdrawn',
      { state: 'PROPOSED', proposedAt: minutesAgo(31) },
      'mem_b',
      ['CANCEL'],
    ],
    ['nothing follows a cancelled one', { state: 'CANCELLED' }, 'mem_b', []],
    ['logins that ended do not expire', {}, 'mem_a', ['CANCEL']],
    ['what blocks does', { effects: ['BLOCK_NEW'] }, 'mem_a', ['CANCEL', 'EXPIRE']],
    ['once', { effects: ['BLOCK_NEW'], expiresAt: minutesAgo(1) }, 'mem_a', ['CANCEL']],
    ['nobody confirms their own wish', wish(5), 'mem_a', ['CANCEL']],
    ['somebody else does', wish(5), 'mem_b', ['CANCEL', 'EXPIRE']],
    ['an old wish is made again', wish(31), 'mem_a', ['CANCEL', 'EXPIRE']],
  ] as const)('%s', (_, told, own, steps) => {
    expect(nextSteps(cutOff(told), own, now)).toEqual(steps);
  });

  it('lapse after thirty minutes', () => {
    expect(hasLapsed(cutOff({ state: 'PROPOSED', proposedAt: minutesAgo(30) }), now)).toBe(false);
    expect(hasLapsed(cutOff({ state: 'PROPOSED', proposedAt: minutesAgo(31) }), now)).toBe(true);
    expect(standingWish(cutOff(wish(31)), now)).toBeNull();
  });
});
