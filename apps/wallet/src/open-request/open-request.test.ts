import type { Outcome } from '@7pay/ui';
import { describe, expect, it } from 'vitest';
import { isClear, readOpen } from './open-request.ts';

const fault = (kind: 'UNREACHABLE' | 'UNKNOWN_OUTCOME' | 'REFUSED' | 'FAILED') => ({
  fault: { kind, code: 'X', reference: null },
});
const refusal = (__typename: string) => ({ refusal: { __typename, code: 'X', message: 'm' } });

describe('the answer to a request that moves money', () => {
  it.each<[string, Outcome<unknown>, { first: boolean; again: boolean }]>([
    ['done', { done: {} }, { first: true, again: true }],
    ['refused by the wallet', refusal('InsufficientBalance'), { first: true, again: true }],
    ['refused for a weak proof', refusal('StepUpRequired'), { first: true, again: false }],
    ['stopped before it ran', fault('REFUSED'), { first: true, again: false }],
    ['lost', fault('UNKNOWN_OUTCOME'), { first: false, again: false }],
    ['not to be had', fault('UNREACHABLE'), { first: false, again: false }],
  ])('that is %s is clear, or is not', (_, outcome, { first, again }) => {
    expect(isClear(outcome, { sent: 1 })).toBe(first);
    expect(isClear(outcome, { sent: 2 })).toBe(again);
  });

  it.each([null, '', '{', '7', '{"id":"a","sent":1}', '{"sent":1,"what":{}}'])(
    'that was kept and broke is none (%s)',
    (text) => expect(readOpen(text)).toBeNull(),
  );

  it('is asked for again as it was kept', () => {
    const kept = { id: 'a', sent: 1, what: { points: 5 } };
    expect(readOpen(JSON.stringify(kept))).toEqual(kept);
  });
});
