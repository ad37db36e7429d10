import { cohortSchema, CUT_OFFS_MAX, type CutOff, EVERYTHING } from '@7pay/controls';
import { isRefused, type Refused } from '@7pay/refusals';
import { describe, expect, it } from 'vitest';
import {
  approve,
  type CutOffRequest,
  type CutOffStep,
  overAlready,
  propose,
  spentOf,
  takeBack,
} from './cut-off.ts';

const at = (minutes: number) => new Date(Date.UTC(2019, 6, 11, 8, minutes));
const byProvider = cohortSchema.parse({ providers: ['kumo'] });
const request = (told: Partial<CutOffRequest> = {}): CutOffRequest => ({
  cohort: byProvider,
  effects: ['END_LOGINS'],
  scopes: [],
  reason: { ja: '調査', en: 'Investigation' },
  expiresAt: null,
  ...told,
});
const proposed = (told: Partial<CutOffRequest> = {}, standing = 0) =>
  propose(request(told), { id: 'cut_1', by: 'mem_a', at: at(0), standing });
function cutOffOf(step: CutOffStep | Refused): CutOff {
  if (isRefused(step)) throw new Error(step.refused);
  return step.cutOff;
}

describe('a cut-off', () => {
  it.each<[string, Partial<CutOffRequest>, string]>([
    ['of a cohort is in force at once, by one person', {}, 'ACTIVE'],
    ['that blocks is too', { effects: ['BLOCK_NEW'] }, 'ACTIVE'],
    ['through everybody waits for a second one', { cohort: EVERYTHING }, 'PROPOSED'],
    ['that resets passwords waits too', { effects: ['RESET_PASSWORD'] }, 'PROPOSED'],
  ])('%s', (_, told, state) => {
    expect(proposed(told)).toMatchObject({ cutOff: { state }, moves: state === 'ACTIVE' });
  });

  it('is refused when as many stand as can be judged', () => {
    expect(proposed({}, CUT_OFFS_MAX)).toMatchObject({ refused: 'TOO_MANY_CUT_OFFS' });
    expect(proposed({}, CUT_OFFS_MAX - 1)).toMatchObject({ moves: true });
  });

  it('is approved by another person within 30 minutes, and cuts from then on', () => {
    const waiting = cutOffOf(proposed({ cohort: EVERYTHING }));
    expect(approve(waiting, 'mem_a', at(1))).toMatchObject({ refused: 'SECOND_PERSON_REQUIRED' });
    expect(approve(waiting, 'mem_b', at(31))).toMatchObject({ refused: 'CUT_OFF_NOT_OPEN' });
    const approved = approve(waiting, 'mem_b', at(30));
    expect(approved).toMatchObject({
      cutOff: { state: 'ACTIVE', approvedBy: 'mem_b', cutAt: at(30) },
      moves: true,
    });
    expect(approve(cutOffOf(approved), 'mem_c', at(30))).toMatchObject({
      refused: 'CUT_OFF_NOT_OPEN',
    });
    expect(approve(null, 'mem_b', at(1))).toMatchObject({ refused: 'UNKNOWN_CUT_OFF' });
  });

  it.each<[string, Partial<CutOffRequest>, string | null]>([
    ['expires at once', { expiresAt: at(0) }, 'expiresAt'],
    ['has expired', { effects: ['BLOCK_NEW'], expiresAt: at(-1) }, 'expiresAt'],
    [
      'blocks what is past',
      {
        cohort: cohortSchema.parse({ providers: ['kumo'], until: at(-1) }),
        effects: ['BLOCK_NEW'],
      },
      'until',
    ],
    ['ends what is past', { cohort: cohortSchema.parse({ until: at(-1) }) }, null],
    ['expires later', { effects: ['BLOCK_NEW'], expiresAt: at(1) }, null],
  ])('that %s is seen to be over already, or is not', (_, told, over) => {
    expect(overAlready(request(told), at(0))).toBe(over);
  });

  it('that has expired meanwhile cannot be approved', () => {
    const waiting = cutOffOf(proposed({ effects: ['RESET_PASSWORD'], expiresAt: at(10) }));
    expect(approve(waiting, 'mem_b', at(9))).toMatchObject({ moves: true });
    expect(approve(waiting, 'mem_b', at(10))).toMatchObject({ refused: 'CUT_OFF_NOT_OPEN' });
  });

  it.each(['CANCEL', 'EXPIRE'] as const)('in force is taken back by two: %s', (how) => {
    const standing = cutOffOf(proposed({ effects: ['BLOCK_NEW', 'END_LOGINS'] }));
    const wish = takeBack(standing, how, { by: 'mem_a', at: at(5) });
    expect(wish).toMatchObject({ cutOff: { state: 'ACTIVE' }, moves: false });
    const wished = cutOffOf(wish);
    const alone = takeBack(wished, how, { by: 'mem_a', at: at(6) });
    expect(alone).toMatchObject({ refused: 'SECOND_PERSON_REQUIRED' });
    // A wish of the other kind, or one that has lapsed, begins anew.
    const other = how === 'CANCEL' ? 'EXPIRE' : 'CANCEL';
    expect(takeBack(wished, other, { by: 'mem_b', at: at(6) })).toMatchObject({ moves: false });
    expect(takeBack(wished, how, { by: 'mem_b', at: at(36) })).toMatchObject({ moves: false });
    const done = cutOffOf(takeBack(wished, how, { by: 'mem_b', at: at(35) }));
    expect([done.state, done.expiresAt]).toEqual(
      how === 'CANCEL' ? ['CANCELLED', null] : ['ACTIVE', at(35)],
    );
    expect(takeBack(done, how, { by: 'mem_c', at: at(36) })).toMatchObject({
      refused: 'CUT_OFF_NOT_OPEN',
    });
  });

  it('that is only proposed is withdrawn by anybody, and nothing moves', () => {
    const waiting = cutOffOf(proposed({ cohort: EVERYTHING }));
    expect(takeBack(waiting, 'CANCEL', { by: 'mem_a', at: at(1) })).toMatchObject({
      cutOff: { state: 'CANCELLED' },
      moves: false,
    });
  });

  it('makes room when it is spent', () => {
    const waiting = cutOffOf(proposed({ cohort: EVERYTHING }));
    const standing = cutOffOf(proposed());
    expect(spentOf([waiting, standing], at(31))).toEqual([waiting]);
  });
});
