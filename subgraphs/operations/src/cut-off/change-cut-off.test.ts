import { cohortSchema } from '@7pay/controls';
import type { MemberViewer } from '@7pay/graphql';
import { randomIds } from '@7pay/ids';
import { expect, it } from 'vitest';
import { proposeCutOff } from './change-cut-off.ts';

const now = new Date('2019-07-11T08:00:00Z');
const earlier = new Date('2019-07-11T07:59:59Z');
const operator = { kind: 'member', memberId: 'mem_a' } as MemberViewer;

it.each([
  { expiresAt: earlier, until: null },
  { expiresAt: null, until: earlier },
])('a cut-off that is over before it begins is bad input, and nothing is written', async (told) => {
  const never = () => {
    throw new Error('nothing is written or read again');
  };
  const clock = { now: () => now };
  const propose = proposeCutOff(never, { clock, ids: randomIds, refresh: never });
  const request = {
    cohort: cohortSchema.parse({ providers: ['kumo'], until: told.until }),
    effects: ['BLOCK_NEW'] as const,
    scopes: [],
    reason: { ja: '調査', en: 'Investigation' },
    expiresAt: told.expiresAt,
  };
  await expect(propose(operator, request)).rejects.toMatchObject({
    extensions: { code: 'BAD_USER_INPUT' },
  });
});
