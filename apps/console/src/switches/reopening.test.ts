import { describe, expect, it } from 'vitest';
import { standingReopening } from './reopening.ts';

const now = new Date('2019-07-03T01:00:00Z');
const by = { id: 'mem_a', displayName: 'A' };
const proposed = (minutes: number) => ({
  reopeningProposedBy: by,
  reopeningProposedAt: new Date(now.getTime() - minutes * 60_000).toISOString(),
});

describe('the proposal to reopen a function', () => {
  it('stands for thirty minutes', () => {
    const told = proposed(30);
    expect(standingReopening(told, now)).toEqual({ by, at: told.reopeningProposedAt });
    expect(standingReopening(proposed(31), now)).toBeNull();
  });

  it('is none while nobody proposed', () => {
    const none = { reopeningProposedBy: null, reopeningProposedAt: null };
    expect(standingReopening(none, now)).toBeNull();
  });
});
