import { fixedControls } from '@7pay/controls';
import { yen } from '@7pay/money';
import { fixedClock } from '@7pay/time';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Acquirer, Charge } from '../card/acquirer.ts';
import type { WalletUnitOfWork, WalletWork } from '../unit-of-work.ts';
import { settleByCard } from './settle-by-card.ts';
import type { CardTopUp, TopUpState } from './top-up.ts';

const clock = fixedClock('2019-07-02T03:00:00Z');
let kept: CardTopUp;
let posted: string[];
let cases: string[];
let asked: string[];
let charge: Charge;
/** What the acquirer makes of a charge that it is asked to capture or to void. */
let queued: Partial<Record<'capture' | 'void', boolean>>;

beforeEach(() => {
  kept = {
    id: 'top_1',
    source: 'CREDIT',
    walletId: 'wal_1',
    memberId: 'mem_1',
    cardId: 'crd_1',
    challenge: 'NOT_ASKED',
    calledOff: false,
    request: 'r',
    amount: yen(3_000),
    state: 'PENDING',
    requestedAt: clock.now(),
    settledAt: null,
    generation: 1,
  };
  charge = { state: 'AUTHORISED', challenge: 'NOT_ASKED', captured: false };
  [posted, cases, asked, queued] = [[], [], [], {}];
});

const work = {
  session: {},
  ledger: { post: async (_session: unknown, { id }: { id: string }) => void posted.push(id) },
  topUps: {
    find: async () => kept,
    finish: async (_id: string, state: TopUpState) => void (kept = { ...kept, state }),
    callOff: async () => void (kept = { ...kept, calledOff: true }),
    noteChallenge: async () => {},
  },
  topUpCases: { insert: async ({ reason }: { reason: string }) => void cases.push(reason) },
  cards: { notePassed: async () => {} },
} as unknown as WalletWork;
const unitOfWork: WalletUnitOfWork = (body) => body(work);
const acquirer = {
  capture: async () => {
    asked.push('capture');
    if (!queued.capture) charge = { ...charge, state: 'CAPTURED', captured: true };
    return charge;
  },
  void: async () => {
    asked.push('void');
    if (!queued.void) charge = { ...charge, state: 'VOIDED' };
    return charge;
  },
  query: async () => charge,
} as Partial<Acquirer> as Acquirer;
const settling = () => settleByCard(unitOfWork, acquirer, fixedControls(), clock);

describe('a charge', () => {
  it('is captured and booked', async () => {
    await settling().ask(kept);
    expect([kept.state, posted, asked]).toEqual(['SETTLED', ['top_1:settle'], ['capture']]);
  });

  it('whose capture is queued is asked for again later, and not at once for ever', async () => {
    queued = { capture: true };
    expect((await settling().ask(kept)).state).toBe('PENDING');
    expect([posted, asked]).toEqual([[], ['capture']]);
    charge = { ...charge, state: 'CAPTURED', captured: true };
    expect((await settling().ask(kept)).state).toBe('SETTLED');
  });

  it('whose void is queued was not captured: nothing is booked until it is known', async () => {
    kept = { ...kept, calledOff: true };
    queued = { void: true };
    expect((await settling().ask(kept)).state).toBe('PENDING');
    expect([posted, cases]).toEqual([[], []]);
    queued = {};
    expect((await settling().ask(kept)).state).toBe('DECLINED');
  });

  it('that is captured and no longer voided lies in suspense, with a case', async () => {
    kept = { ...kept, calledOff: true };
    queued = { void: true };
    charge = { ...charge, state: 'CAPTURED', captured: true };
    expect((await settling().ask(kept)).state).toBe('SUSPENSE');
    expect(cases).toEqual(['VOID_TOO_LATE']);
  });

  it.each(['AUTHORISED', 'CAPTURED'] as const)(
    'that had to pass a challenge and did not is called off: %s',
    async (state) => {
      kept = { ...kept, challenge: 'WAITING' };
      charge = { state, challenge: 'NOT_ASKED', captured: state === 'CAPTURED' };
      const { state: end } = await settling().ask(kept);
      expect([end, kept.calledOff, posted, asked]).toEqual([
        state === 'CAPTURED' ? 'VOIDED' : 'DECLINED',
        true,
        [],
        ['void'],
      ]);
    },
  );

  it('that passed its challenge is good', async () => {
    kept = { ...kept, challenge: 'WAITING' };
    charge = { ...charge, challenge: 'PASSED' };
    expect((await settling().ask(kept)).state).toBe('SETTLED');
  });

  it('that the acquirer never heard of, and that is called off, is none', async () => {
    kept = { ...kept, calledOff: true };
    queued = { void: true };
    charge = { ...charge, state: 'NONE' };
    expect((await settling().ask(kept)).state).toBe('DECLINED');
    expect(posted).toEqual([]);
  });
});
