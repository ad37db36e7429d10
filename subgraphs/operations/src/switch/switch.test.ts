import { describe, expect, it } from 'vitest';
import { close, reopen, type SwitchStanding } from './switch.ts';

const at = (minutes: number) => new Date(Date.UTC(2019, 6, 3, 1, minutes));
const request = { key: 'payment', reason: { ja: '被害の報告', en: 'More reports' } };
const closed = (reopening: { by: string; at: Date } | null = null): SwitchStanding => ({
  key: 'payment',
  state: 'CLOSED',
  since: at(0),
  reason: { ja: '調査', en: 'Investigation' },
  actor: 'mem_a',
  generation: 2,
  reopening,
});
const proposal = { by: 'mem_b', at: at(10) };

describe('a stop', () => {
  it.each<[string, SwitchStanding]>([
    ['that never moved', null],
    ['that is open', { ...closed()!, state: 'OPEN', reason: null }],
  ])('closes a switch %s, by one person', (_, standing) => {
    expect(close(standing, request, 'mem_c', at(20))).toEqual({
      ...request,
      state: 'CLOSED',
      since: at(20),
      actor: 'mem_c',
      reopening: null,
    });
  });

  it.each([closed(), closed({ ...proposal, at: at(-11) })])(
    'of what is closed and nobody is about to reopen changes nothing',
    (standing) => {
      expect(close(standing, request, 'mem_c', at(20))).toBe('ALREADY');
    },
  );

  it.each(['mem_c', proposal.by])(
    'of what is about to be reopened ends the proposal, and says why and who: %s',
    (operator) => {
      const change = close(closed(proposal), request, operator, at(20));
      expect(change).toEqual({
        ...request,
        state: 'CLOSED',
        since: at(0), // closed it was all the time
        actor: operator,
        reopening: null,
      });
    },
  );
});

describe('a reopening', () => {
  it('changes nothing of what is open', () => {
    expect(reopen(null, 'mem_b', at(0))).toEqual({ step: 'ALREADY_OPEN' });
    expect(reopen({ ...closed()!, state: 'OPEN' }, 'mem_b', at(0))).toEqual({
      step: 'ALREADY_OPEN',
    });
  });

  it('is proposed by one and made so by another within 30 minutes', () => {
    expect(reopen(closed(), 'mem_b', at(10))).toEqual({ step: 'PROPOSED', ...proposal });
    const waiting = closed(proposal);
    expect(reopen(waiting, 'mem_b', at(11))).toMatchObject({ refused: 'SECOND_PERSON_REQUIRED' });
    expect(reopen(waiting, 'mem_c', at(40))).toMatchObject({
      step: 'OPENED',
      change: { key: 'payment', state: 'OPEN', actor: 'mem_c', reason: null, reopening: null },
    });
    expect(reopen(waiting, 'mem_c', at(41))).toMatchObject({ step: 'PROPOSED', by: 'mem_c' });
  });
});
