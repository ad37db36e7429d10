import { describe, expect, it } from 'vitest';
import { earnedPoints } from './earned-points.ts';

describe('what a payment says of its points', () => {
  it.each(['AUTHORIZED', 'UNDER_REVIEW', 'CANCELLED', 'RELEASED'] as const)(
    'is nothing while it is %s, and not that they are on their way',
    (state) => {
      expect(earnedPoints({ state, pointsEarned: 0, pointsState: 'PENDING' }, 'ja')).toBeNull();
    },
  );

  it.each([
    ['PENDING', 0, 'ポイント計算中'],
    ['AWARDED', 5, '5ポイント'],
    ['NONE', 0, '0ポイント'],
    [null, null, 'いま表示できません'],
  ] as const)('of an accepted one is told when they are %s', (pointsState, pointsEarned, told) => {
    expect(earnedPoints({ state: 'ACCEPTED', pointsEarned, pointsState }, 'ja')).toBe(told);
  });
});
