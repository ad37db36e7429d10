import { refusalSentence } from '@7pay/refusals';
import { describe, expect, it } from 'vitest';
import { type ControlsSnapshot, judgeKeys, type SwitchLook } from './controls.ts';
import { fixedControls } from './fixed-controls.ts';

const closed = (key: string): SwitchLook => ({
  key,
  state: 'CLOSED',
  since: new Date('2019-07-04T05:00:00Z'),
  reason: { ja: '不正利用の調査のため', en: 'Investigating misuse' },
  generation: 4,
});
const snapshot = (...keys: string[]): ControlsSnapshot => ({
  generation: 7,
  closed: new Map(keys.map((key) => [key, closed(key)])),
});

describe('the judgement of a snapshot', () => {
  it('allows when every key is open, and says by which generation', () => {
    expect(judgeKeys(snapshot('top-up.register'), true, ['payment', 'payment.store.x'])).toEqual({
      generation: 7,
    });
  });

  it('refuses by the first key that is closed, with since and why', () => {
    const refused = judgeKeys(snapshot('payment.store.x', 'payment'), true, [
      'payment.store.x',
      'payment',
    ]);
    expect(refused).toEqual({
      refused: 'FUNCTION_CLOSED',
      facts: {
        switch: 'payment.store.x',
        since: '2019-07-04T05:00:00.000Z',
        reasonJa: '不正利用の調査のため',
        reasonEn: 'Investigating misuse',
      },
    });
  });

  it('refuses everything when it has no snapshot, or its lease is over, even with no key', () => {
    expect(judgeKeys(undefined, true, [])).toMatchObject({ refused: 'CONTROLS_STALE' });
    expect(judgeKeys(snapshot(), false, [])).toMatchObject({ refused: 'CONTROLS_STALE' });
    expect(judgeKeys(snapshot('payment'), false, ['payment'])).toMatchObject({
      refused: 'CONTROLS_STALE',
    });
  });

  it('is told to the person with the operators’ reason in their language', () => {
    const { facts } = judgeKeys(snapshot('payment'), true, ['payment']) as unknown as {
      facts: Record<string, string>;
    };
    expect(refusalSentence('FUNCTION_CLOSED', facts, 'ja')).toContain('不正利用の調査のため');
    expect(refusalSentence('FUNCTION_CLOSED', facts, 'en')).toContain('Investigating misuse');
  });
});

describe('controls that stand still', () => {
  it('move only when they are moved, and count it', () => {
    const controls = fixedControls({ closed: ['payment'] });
    expect(controls.guard('payment')).toMatchObject({ refused: 'FUNCTION_CLOSED' });
    expect(controls.look('payment').state).toBe('CLOSED');
    controls.open('payment');
    expect(controls.guard('payment')).toEqual({ generation: 2 });
    controls.close('registration');
    expect(controls.guard('registration')).toMatchObject({ refused: 'FUNCTION_CLOSED' });
    expect(controls.generation).toBe(3);
  });

  it('can be stale from the start', () => {
    expect(fixedControls({ stale: true }).guard()).toMatchObject({ refused: 'CONTROLS_STALE' });
  });
});
