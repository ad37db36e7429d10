import { fixedControls } from '@7pay/controls';
import { DUTIES, rolesOf, type TerminalViewer } from '@7pay/graphql';
import { seededIds } from '@7pay/ids';
import {
  available,
  credit,
  debit,
  openLedger,
  prepareLedger,
  verifyBooks,
  walletAccount,
} from '@7pay/ledger';
import { yen } from '@7pay/money';
import { isRefused, type Refused } from '@7pay/refusals';
import { type TestDatabase, testDatabase } from '@7pay/testing';
import { fixedClock } from '@7pay/time';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issuePaymentCode } from '../payment-code/issue-payment-code.ts';
import { presentCode as codePresenter } from '../payment-code/present-code.ts';
import { deviceVault } from '../payment-device/device-vault.ts';
import { prepareWallet } from '../prepare.ts';
import { sellingStoreStore } from '../store/selling-store.store.ts';
import { confirmMyPayment, decideHeldPayment, denyMyPayment } from '../review/decide-review.ts';
import type { Judge } from '../review/review.ts';
import { openWalletUnitOfWork } from '../unit-of-work.ts';
import { openWallet } from '../wallet/open-wallet.ts';
import { acceptPayment } from './accept-payment.ts';
import { authorizePayment, HELD_MINUTES } from './authorize-payment.ts';
import { cancelPayment } from './cancel-payment.ts';
import { capturePayment } from './capture-payment.ts';
import { paymentStore } from './payment.store.ts';
import { refundPayment } from './refund-payment.ts';
import { releaseOverdue } from './release-payments.worker.ts';

const SEED = 20190703;
const BEGIN = 5_000;
const ANSWER_MINUTES = 10;

let database: TestDatabase;
const clock = fixedClock('2019-07-01T01:00:00Z');
beforeAll(async () => {
  database = await testDatabase('payments_prop');
  await prepareLedger(database.connection);
  await prepareWallet(database.connection);
  await sellingStoreStore(database.connection, null, () => '2019-07-01').note({
    id: 'sto_1',
    merchantId: 'mer_1',
    opensOn: '2019-01-01',
    selling: true,
    name: null,
  });
});
afterAll(() => database.drop());

const common = { locale: 'ja', requestId: 'r', clientId: 'c', scopes: ['wallet'] } as const;
const terminal: TerminalViewer = {
  ...common,
  kind: 'terminal',
  terminalId: 'ter_1',
  storeId: 'sto_1',
  merchantId: 'mer_1',
};

const amount = fc.integer({ min: 1, max: 2_500 });
/** Every second amount is looked at. */
const isLookedAt = (yenAsked: number) => yenAsked % 2 === 0;
const judge: Judge = {
  fromYen: () => 1,
  reviewOf: ({ amountYen }) =>
    isLookedAt(amountYen)
      ? { reasons: ['UNUSUAL_AMOUNT'], rules: '2019-07-01', answerMinutes: ANSWER_MINUTES }
      : null,
};
const which = fc.nat({ max: 3 });
const step = fc.oneof(
  fc.record({ kind: fc.constant('accept' as const), amount }),
  fc.record({ kind: fc.constant('authorize' as const), amount }),
  fc.record({ kind: fc.constant('capture' as const), which, amount: fc.option(amount) }),
  fc.record({ kind: fc.constant('cancel' as const), which }),
  fc.record({ kind: fc.constant('refund' as const), which, amount }),
  fc.record({
    kind: fc.constant('wait' as const),
    minutes: fc.constantFrom(1, ANSWER_MINUTES, HELD_MINUTES),
  }),
  fc.record({
    kind: fc.constant('decide' as const),
    which,
    how: fc.constantFrom(
      'CONFIRMED' as const,
      'DENIED' as const,
      'ALLOWED' as const,
      'REFUSED' as const,
    ),
  }),
  fc.record({ kind: fc.constant('sweep' as const) }),
  fc.record({ kind: fc.constant('again' as const), which }),
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** What became of a number, in the simplest words. */
interface Asked {
  readonly id: string;
  readonly code: string;
  readonly asked: number;
  readonly by: 'accept' | 'authorize';
  /** Until when its money is held, and until when somebody may decide. */
  readonly until: number;
  readonly decideUntil: number;
  /** How its review ended. */
  ended: string | null;
  state: 'review' | 'held' | 'paid' | 'gone' | 'refused';
  amount: number;
  refunded: number;
  /** What was answered first, to be answered again while it is true. */
  first: string;
  /** Whether it was given back, or let go without a review: then nobody hears again that it stands. */
  undone: boolean;
}

describe('whatever is held, paid, captured, refunded and cancelled', () => {
  let runs = 0;
  const tried = new Map<string, number>();

  async function run(steps: readonly Step[]): Promise<void> {
    runs += 1;
    const unitOfWork = openWalletUnitOfWork(database.connection, clock);
    const controls = fixedControls();
    const ids = seededIds(SEED + runs);
    const member = {
      ...common,
      kind: 'member' as const,
      memberId: `mem_${runs}`,
      acr: 'urn:7id:acr:2',
      authTime: 0,
      roles: [],
    };
    const desk = { ...member, memberId: 'mem_desk', roles: rolesOf(DUTIES) };
    const wallet = await openWallet(
      unitOfWork,
      controls,
      clock,
    )(member, {
      termsVersion: '2019-07-01',
    });
    if (isRefused(wallet)) throw new Error(wallet.refused);
    const account = walletAccount(wallet.id);
    await unitOfWork(async ({ session, ledger }) => {
      for (const [origin, value] of [
        ['cash', BEGIN - 1_500],
        ['points', 1_500],
      ] as const) {
        await ledger.post(session, {
          id: `top_${runs}_${origin}`,
          kind: 'TOP_UP',
          wallet: wallet.id,
          at: clock.now(),
          legs: [debit('register-cash:sto_1', value), credit(account, value, { origin })],
          generation: 1,
          ref: {},
        });
      }
    });
    const issue = issuePaymentCode(unitOfWork, controls, clock, ids);
    const presentCode = codePresenter(deviceVault('test '.repeat(8)), controls);
    const use = {
      accept: acceptPayment(unitOfWork, controls, clock, { presentCode, judge }),
      authorize: authorizePayment(unitOfWork, controls, clock, { presentCode, judge }),
      capture: capturePayment(unitOfWork, controls, clock),
      cancel: cancelPayment(unitOfWork, controls, clock),
      refund: refundPayment(unitOfWork, controls, clock),
      confirm: confirmMyPayment(unitOfWork, controls, clock),
      deny: denyMyPayment(unitOfWork, controls, clock),
      desk: decideHeldPayment(unitOfWork, controls, clock),
      release: releaseOverdue(unitOfWork, clock, () => 1),
    };
    const numbers: Asked[] = [];
    const now = () => clock.now().getTime();
    const takesRoom = (each: Asked) =>
      (each.state === 'held' || each.state === 'review') && each.until > now();
    const isHeld = (each: Asked) => each.state === 'held' && each.until > now();
    const free = () =>
      BEGIN -
      numbers.reduce((sum, each) => {
        if (each.state === 'paid') return sum + each.amount - each.refunded;
        return takesRoom(each) ? sum + each.amount : sum;
      }, 0);
    const request = (each: Pick<Asked, 'id' | 'code' | 'asked'>) => ({
      merchantPaymentId: each.id,
      merchantId: 'mer_1',
      storeId: 'sto_1',
      terminalId: 'ter_1',
      code: each.code,
      amount: yen(each.asked),
    });
    const idOf = (answer: { id: string } | Refused<string>) =>
      isRefused(answer) ? answer.refused : answer.id;
    const note = (kind: string, ok: boolean) =>
      tried.set(`${kind} ${ok}`, (tried.get(`${kind} ${ok}`) ?? 0) + 1);

    for (const [index, each] of steps.entries()) {
      const found = 'which' in each ? numbers[each.which % Math.max(1, numbers.length)] : undefined;
      if (each.kind === 'accept' || each.kind === 'authorize') {
        const issued = await issue(member);
        if (isRefused(issued)) throw new Error(issued.refused);
        const made = { id: `${runs}-${index}`, code: issued.code, asked: each.amount };
        const covered = each.amount <= free();
        const answer = await use[each.kind](request(made));
        expect(isRefused(answer), `${each.kind} ${each.amount} of ${free()}`).toBe(!covered);
        note(each.kind, covered);
        const looked = isLookedAt(each.amount);
        if (covered && !isRefused(answer)) {
          const taken = each.kind === 'accept' ? 'ACCEPTED' : 'AUTHORIZED';
          expect(answer.state).toBe(looked ? 'UNDER_REVIEW' : taken);
        }
        const taken = each.kind === 'accept' ? 'paid' : 'held';
        const heldMinutes = looked && each.kind === 'accept' ? ANSWER_MINUTES : HELD_MINUTES;
        numbers.push({
          ...made,
          by: each.kind,
          until: now() + heldMinutes * 60_000,
          decideUntil: now() + ANSWER_MINUTES * 60_000,
          ended: null,
          state: covered ? (looked ? 'review' : taken) : 'refused',
          amount: each.amount,
          refunded: 0,
          first: idOf(answer),
          undone: false,
        });
      } else if (each.kind === 'wait') {
        clock.advance(each.minutes * 60_000);
      } else if (each.kind === 'sweep') {
        const overdue = await paymentStore(database.connection, null).overdue(clock.now(), 50);
        for (const payment of overdue) await use.release(payment);
        for (const number of numbers) {
          if (number.state === 'held' && number.until <= now()) {
            number.state = 'gone';
            number.undone = !isLookedAt(number.asked);
          }
          if (number.state === 'review' && number.decideUntil <= now()) {
            number.state = 'gone';
            number.ended = 'EXPIRED';
          }
        }
      } else if (!found) {
        continue;
      } else if (each.kind === 'again') {
        const answer = await use[found.by](request(found));
        expect(idOf(answer)).toBe(found.undone ? 'PAYMENT_CANCELLED_EARLIER' : found.first);
        note('again', !found.undone);
      } else if (each.kind === 'decide') {
        if (found.state === 'refused' || !isLookedAt(found.asked)) continue;
        const id = { paymentId: found.first };
        const { how } = each;
        const answer =
          how === 'CONFIRMED'
            ? await use.confirm(member, id)
            : how === 'DENIED'
              ? await use.deny(member, { ...id, freeze: false })
              : await use.desk(desk, { ...id, how, note: 'seen' });
        const open = found.state === 'review' && found.decideUntil > now();
        const ok = open || found.ended === how;
        expect(isRefused(answer), `${how} of ${found.state}, ended ${found.ended}`).toBe(!ok);
        note('decide', ok);
        if (open) note(how, true);
        if (open) {
          const taken = found.by === 'accept' ? 'paid' : 'held';
          found.state = how === 'CONFIRMED' || how === 'ALLOWED' ? taken : 'gone';
          found.ended = how;
        }
      } else if (each.kind === 'capture') {
        const asked = each.amount ?? found.amount;
        const answer = await use.capture(terminal, {
          merchantPaymentId: found.id,
          amount: each.amount === null ? null : yen(each.amount),
        });
        const wasHeld = found.by === 'authorize' || isLookedAt(found.asked);
        const again = wasHeld && found.state === 'paid' && asked === found.amount;
        const ok = again || (isHeld(found) && asked <= found.amount);
        expect(isRefused(answer)).toBe(!ok);
        note('capture', ok);
        if (ok) {
          found.state = 'paid';
          found.amount = asked;
        }
      } else if (each.kind === 'refund') {
        const ok = found.state === 'paid' && each.amount <= found.amount - found.refunded;
        const refund = {
          merchantPaymentId: found.id,
          refundId: `${runs}-${index}`,
          amount: yen(each.amount),
        };
        const answer = await use.refund(terminal, refund);
        expect(isRefused(answer)).toBe(!ok);
        note('refund', ok);
        if (ok) {
          found.refunded += each.amount;
          // The same again moves nothing.
          expect(isRefused(await use.refund(terminal, refund))).toBe(false);
        }
      } else {
        const answer = await use.cancel(terminal, { merchantPaymentId: found.id });
        const reversed =
          found.by === 'accept' || found.first === 'captured' || found.state === 'paid';
        if (found.state === 'paid') expect(answer.outcome).toBe('REVERSED');
        if (['review', 'held', 'refused'].includes(found.state)) {
          expect(answer.outcome).toBe('NOT_CHARGED');
        }
        note('cancel', reversed);
        if (found.state === 'review') found.ended = 'CANCELLED';
        if (found.state === 'paid') found.undone = true;
        if (found.state === 'held') found.undone = !isLookedAt(found.asked);
        if (found.state !== 'refused') found.state = 'gone';
      }
      const stored = (await openLedger(database.connection).account(null, account))!;
      expect(available(stored, clock.now())).toBe(free());
    }
  }

  it('what is free is what the simplest model says, and the books are exact', async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), run), {
      numRuns: 80,
      seed: SEED,
    });
    expect((await verifyBooks(database.connection)).faults).toEqual([]);
    const decided = ['CONFIRMED', 'DENIED', 'ALLOWED', 'REFUSED'];
    for (const how of decided) expect(tried.get(`${how} true`) ?? 0, how).toBeGreaterThan(0);
    for (const kind of ['accept', 'authorize', 'capture', 'refund', 'decide', 'again']) {
      for (const ok of [true, false]) {
        expect(tried.get(`${kind} ${ok}`) ?? 0, `${kind} ${ok}`).toBeGreaterThan(0);
      }
    }
  }, 120_000);
});
