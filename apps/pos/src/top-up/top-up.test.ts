import type { GraphFault } from '@7pay/ui';
import { describe, expect, it } from 'vitest';
import type { Refusal, TopUp } from '../operations.ts';
import { afterTopUp, openTopUp } from './top-up.ts';

const sent = { topUpId: 'tu-1', amount: 5_000, sentAt: '2026-01-01T00:00:00.000Z' };
const code = 'the-code';
const topUp = (state: TopUp['state']): TopUp => ({
  id: 'top_1',
  amount: 5_000,
  state,
  requestedAt: sent.sentAt,
});
const refusal = (name: string): Refusal => ({ __typename: name, code: name, message: 'm' });
const fault = (kind: GraphFault['kind']): GraphFault => ({ kind, code: 'X', reference: null });

describe('a cash top-up', () => {
  it.each(['SETTLED', 'DECLINED', 'SUSPENSE'] as const)('that is %s is over', (state) => {
    const end = afterTopUp(sent, code, { topUp: topUp(state) }, 'first');
    expect(end).toEqual({ step: 'done', topUp: topUp(state) });
    expect(openTopUp(end)).toBeNull();
  });

  it('that waits for the register network stays open', () => {
    const end = afterTopUp(sent, code, { topUp: topUp('PENDING') }, 'first');
    expect(end).toMatchObject({ step: 'unsure', pending: true });
    expect(openTopUp(end)).toBe(sent);
  });

  it.each([
    ['UNKNOWN_OUTCOME', 'first', 'unsure'],
    ['REFUSED', 'first', 'not-sent'],
    ['REFUSED', 'again', 'unsure'],
    ['UNKNOWN_OUTCOME', 'again', 'unsure'],
  ] as const)('after the fault %s on the %s sending is %s', (kind, again, step) => {
    expect(afterTopUp(sent, code, { fault: fault(kind) }, again).step).toBe(step);
  });

  it.each([
    ['CODE_EXPIRED', 'first', 'refused'],
    ['FUNCTION_CLOSED', 'first', 'refused'],
    ['TOP_UP_ID_REUSED', 'first', 'refused'],
    ['TOP_UP_DECLINED', 'again', 'refused'],
    ['CODE_EXPIRED', 'again', 'refused'],
    // A switch is looked at before the number: it says nothing of what the first sending did.
    ['FUNCTION_CLOSED', 'again', 'unsure'],
    ['CONTROLS_STALE', 'again', 'unsure'],
    ['TOP_UP_ID_REUSED', 'again', 'arrived-before'],
  ] as const)('refused by %s on the %s sending is %s', (name, again, step) => {
    expect(afterTopUp(sent, code, { refusal: refusal(name) }, again).step).toBe(step);
  });
});
