import type { GraphFault } from '@7pay/ui';
import { describe, expect, it } from 'vitest';
import type { Payment, Refusal } from '../operations.ts';
import {
  type Inquiry,
  inquiryDelayMs,
  isCancelling,
  mayCancel,
  nextSale,
  openPayment,
  resumeSale,
  type Sale,
  type SaleEvent,
  type SentPayment,
} from './sale.ts';

const sent: SentPayment = {
  merchantPaymentId: 'mp-1',
  amount: 648,
  sentAt: '2026-01-01T00:00:00.000Z',
};
const payment: Payment = {
  id: 'pay_1',
  merchantPaymentId: 'mp-1',
  amount: 648,
  state: 'ACCEPTED',
  acceptedAt: sent.sentAt,
  businessDate: '2026-01-01',
  refunded: 0,
};
const refusal: Refusal = { __typename: 'CodeUsed', code: 'CODE_USED', message: 'm' };
const fault = (kind: GraphFault['kind']): GraphFault => ({ kind, code: 'X', reference: null });
const sending: Sale = { step: 'sending', sent };
const unknown = (change: Partial<Inquiry> = {}): Sale => ({
  step: 'unknown',
  sent,
  inquiry: { asked: 0, doing: 'waiting', fault: null, ...change },
});
const play = (start: Sale, ...events: SaleEvent[]): Sale => events.reduce(nextSale, start);

describe('a sale', () => {
  it('goes from the amount over the scan to the approval', () => {
    const end = play(
      { step: 'amount' },
      { kind: 'amount-entered', amount: 648 },
      { kind: 'sent', sent },
      { kind: 'accepted', payment },
    );
    expect(end).toEqual({ step: 'approved', payment });
  });

  it('that is refused keeps the amount for another scan', () => {
    const refused = nextSale(sending, { kind: 'refused', refusal });
    expect(refused).toEqual({ step: 'refused', refusal, amount: 648 });
    expect(nextSale(refused, { kind: 'amount-entered', amount: 648 }).step).toBe('scan');
  });

  it('that is looked at waits for the customer, stays written down, and ends either way', () => {
    const waiting = nextSale(sending, { kind: 'looked-at' });
    expect(waiting).toEqual({ step: 'review', sent, cancelling: false });
    expect(openPayment(waiting)).toBe(sent);
    expect(nextSale(waiting, { kind: 'accepted', payment }).step).toBe('approved');
    const ended = nextSale(waiting, { kind: 'cancelled', outcome: 'NOT_CHARGED' });
    expect(ended).toEqual({ step: 'cancelled', outcome: 'NOT_CHARGED', amount: 648 });
  });

  it('that is looked at is found again after a reload, and a cancel that failed can be sent again', () => {
    const waiting = nextSale(unknown({ doing: 'asking' }), { kind: 'looked-at' });
    const cancelling = nextSale(waiting, { kind: 'cancelling' });
    expect(cancelling).toMatchObject({ step: 'review', cancelling: true });
    expect(nextSale(cancelling, { kind: 'not-cancelled', fault: fault('UNREACHABLE') })).toEqual(
      waiting,
    );
  });

  it('that the platform stopped before running was not sent, and is not unknown', () => {
    const end = nextSale(sending, { kind: 'faulted', fault: fault('REFUSED') });
    expect(end.step).toBe('not-sent');
    expect(openPayment(end)).toBeNull();
  });

  it.each(['UNKNOWN_OUTCOME', 'UNREACHABLE', 'FAILED'] as const)(
    'without a clear answer (%s) is unknown',
    (kind) => {
      expect(nextSale(sending, { kind: 'faulted', fault: fault(kind) })).toEqual(unknown());
    },
  );

  it('is kept over a reload exactly while its outcome is open', () => {
    expect(openPayment(sending)).toBe(sent);
    expect(openPayment(unknown())).toBe(sent);
    expect(openPayment({ step: 'approved', payment })).toBeNull();
    expect(openPayment({ step: 'scan', amount: 1 })).toBeNull();
    expect(resumeSale(sent)).toEqual(unknown());
  });
});

describe('an unknown outcome', () => {
  it('is asked for after 1, 3 and 10 seconds, and then no more by itself', () => {
    const delays = [0, 1, 2, 3].map((asked) =>
      inquiryDelayMs({ asked, doing: 'waiting', fault: null }),
    );
    expect(delays).toEqual([1_000, 3_000, 10_000, null]);
  });

  it.each<[string, SaleEvent, Sale['step']]>([
    ['accepted', { kind: 'accepted', payment }, 'approved'],
    ['refused', { kind: 'refused', refusal }, 'refused'],
    ['cancelled', { kind: 'cancelled', outcome: 'REVERSED' }, 'cancelled'],
  ])('ends when the answer is: %s', (_, event, step) => {
    expect(play(unknown(), { kind: 'asking' }, event).step).toBe(step);
  });

  it('stays unknown when the payment is not there: it may still be on its way', () => {
    const after = play(unknown(), { kind: 'asking' }, { kind: 'not-there' });
    expect(after).toEqual(unknown({ asked: 1 }));
  });

  it('stays unknown when the question fails, and counts it', () => {
    const lost = fault('UNREACHABLE');
    const after = play(unknown(), { kind: 'asking' }, { kind: 'faulted', fault: lost });
    expect(after).toEqual(unknown({ asked: 1, fault: lost }));
  });

  it('can be cancelled after three questions and not before', () => {
    const one = { kind: 'asking' } as const;
    const none = { kind: 'not-there' } as const;
    let sale: Sale = unknown();
    for (let asked = 0; asked < 3; asked += 1) {
      expect(nextSale(sale, { kind: 'cancelling' })).toBe(sale);
      sale = play(sale, one, none);
    }
    expect(sale).toEqual(unknown({ asked: 3 }));
    expect(mayCancel({ asked: 3, doing: 'waiting', fault: null })).toBe(true);
    expect(mayCancel({ asked: 3, doing: 'asking', fault: null })).toBe(false);
    expect(nextSale(sale, { kind: 'cancelling' })).toEqual(
      unknown({ asked: 3, doing: 'cancelling' }),
    );
  });

  it('whose cancel is lost can be cancelled again', () => {
    const lost = fault('UNKNOWN_OUTCOME');
    const cancelling = unknown({ asked: 3, doing: 'cancelling' });
    const after = nextSale(cancelling, { kind: 'not-cancelled', fault: lost });
    expect(after).toEqual(unknown({ asked: 3, fault: lost }));
    expect(nextSale(after, { kind: 'cancelling' })).toMatchObject({
      inquiry: { doing: 'cancelling' },
    });
  });

  it('never leads back to the keypad: nobody is charged again before the answer', () => {
    const events: SaleEvent[] = [
      { kind: 'again' },
      { kind: 'amount-entered', amount: 648 },
      { kind: 'sent', sent: { ...sent, merchantPaymentId: 'mp-2' } },
    ];
    for (const event of events) {
      expect(nextSale(unknown(), event)).toEqual(unknown());
      expect(nextSale(sending, event)).toBe(sending);
    }
  });
});

describe('a bill', () => {
  const bill = (qr: string): Sale => ({ step: 'bill', sent, qr });

  it('goes from the amount over the code to the approval', () => {
    const start: Sale = { step: 'scan', amount: 648 };
    const shown = play(start, { kind: 'billing', sent }, { kind: 'billed', qr: '0002' });
    expect(shown).toEqual(bill('0002'));
    expect(nextSale(shown, { kind: 'accepted', payment })).toEqual({ step: 'approved', payment });
  });

  it('is kept over a reload: somebody may have paid it', () => {
    expect(openPayment(bill(''))).toBe(sent);
    expect(openPayment(bill('0002'))).toBe(sent);
  });

  it('that is withdrawn is unknown until the cancel has the last word', () => {
    const withdrawn = nextSale(bill('0002'), { kind: 'withdrawn' });
    expect(withdrawn).toMatchObject({ step: 'unknown', inquiry: { doing: 'cancelling' } });
    expect(nextSale(withdrawn, { kind: 'cancelled', outcome: 'NOT_CHARGED' }).step).toBe(
      'cancelled',
    );
  });

  it('stays on screen when a question fails, and was not made when the platform refused', () => {
    expect(nextSale(bill('0002'), { kind: 'faulted', fault: fault('UNREACHABLE') })).toEqual(
      bill('0002'),
    );
    expect(nextSale(bill(''), { kind: 'faulted', fault: fault('REFUSED') }).step).toBe('not-sent');
    expect(nextSale(bill(''), { kind: 'faulted', fault: fault('UNKNOWN_OUTCOME') })).toEqual(
      unknown(),
    );
    expect(nextSale(bill(''), { kind: 'refused', refusal }).step).toBe('refused');
  });
});

describe('a sale that is being cancelled', () => {
  const cancelling: [string, Sale][] = [
    ['a bill taken back', nextSale({ step: 'bill', sent, qr: '0002' }, { kind: 'withdrawn' })],
    ['an unknown outcome', nextSale(unknown({ asked: 3 }), { kind: 'cancelling' })],
    ['a payment looked at', { step: 'review', sent, cancelling: true }],
  ];
  const heard: SaleEvent[] = [
    { kind: 'accepted', payment },
    { kind: 'refused', refusal },
    { kind: 'looked-at' },
    { kind: 'not-there' },
    { kind: 'asking' },
    { kind: 'cancelling' },
    { kind: 'faulted', fault: fault('UNREACHABLE') },
  ];

  it.each(cancelling)('(%s) hears the cancel and nothing else', (_, sale) => {
    for (const event of heard) expect(nextSale(sale, event), event.kind).toBe(sale);
    const reversed = { kind: 'cancelled', outcome: 'REVERSED' } as const;
    expect(play(sale, ...heard, reversed)).toEqual({
      step: 'cancelled',
      outcome: 'REVERSED',
      amount: 648,
    });
  });

  it.each(cancelling)('(%s) goes on with the search when the cancel had no answer', (_, sale) => {
    const lost = { kind: 'not-cancelled', fault: fault('UNKNOWN_OUTCOME') } as const;
    const after = nextSale(sale, lost);
    expect(isCancelling(after)).toBe(false);
    expect(openPayment(after)).toBe(sent);
    expect(nextSale(after, { kind: 'accepted', payment }).step).toBe('approved');
  });
});

describe('an ended sale', () => {
  it.each<Sale>([
    { step: 'approved', payment },
    { step: 'cancelled', outcome: 'NOT_CHARGED', amount: 648 },
    { step: 'refused', refusal, amount: 648 },
  ])('of %j makes room for the next customer', (sale) => {
    expect(nextSale(sale, { kind: 'again' })).toEqual({ step: 'amount' });
  });

  it('is not changed by an answer that comes late', () => {
    const cancelled: Sale = { step: 'cancelled', outcome: 'REVERSED', amount: 648 };
    expect(nextSale(cancelled, { kind: 'accepted', payment })).toBe(cancelled);
  });
});
