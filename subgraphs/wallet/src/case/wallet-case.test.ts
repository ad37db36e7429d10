import { describe, expect, it } from 'vitest';
import { closeCase, openCase } from './wallet-case.ts';

const at = new Date('2019-07-03T01:00:00Z');
const opened = openCase(
  { id: 'cas_1', walletId: 'wal_1', memberId: 'mem_1', subject: 'pay_1', note: 'not me' },
  at,
);

describe('a case', () => {
  it('is open until somebody decides, who is on record', () => {
    expect(opened).toMatchObject({ state: 'OPEN', outcome: null, closedBy: null });
    expect(
      closeCase(opened, { outcome: 'COMPENSATED', note: 'stolen list', by: 'mem_op' }, at),
    ).toEqual({
      ...opened,
      state: 'CLOSED',
      outcome: 'COMPENSATED',
      closingNote: 'stolen list',
      closedBy: 'mem_op',
      closedAt: at,
    });
  });

  it('is decided once', () => {
    const decision = { outcome: 'REJECTED', note: 'x', by: 'mem_op' } as const;
    expect(closeCase({ ...opened, state: 'CLOSED' }, decision, at)).toMatchObject({
      refused: 'CASE_CLOSED',
    });
  });
});
