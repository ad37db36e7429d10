import type { GraphFault } from '@7pay/ui';
import type { Payment, Refusal } from '../operations.ts';

/**
 * One sale at the register, from the amount to a final answer. Unknown is a state of its own: nobody is
 * charged again before the first answer is known. The words of PRODUCT P2 to P7 are the steps here.
 */
export type Sale =
  | { readonly step: 'amount' }
  | { readonly step: 'scan'; readonly amount: number }
  | { readonly step: 'sending'; readonly sent: SentPayment }
  /** The register shows a code, `qr`, and waits; empty while the bill is made. */
  | { readonly step: 'bill'; readonly sent: SentPayment; readonly qr: string }
  /** The customer is asked in their app whether it is them; the register is told the end. */
  | { readonly step: 'review'; readonly sent: SentPayment; readonly cancelling: boolean }
  | { readonly step: 'unknown'; readonly sent: SentPayment; readonly inquiry: Inquiry }
  | { readonly step: 'approved'; readonly payment: Payment }
  | { readonly step: 'refused'; readonly refusal: Refusal; readonly amount: number }
  | { readonly step: 'not-sent'; readonly fault: GraphFault; readonly amount: number }
  | { readonly step: 'cancelled'; readonly outcome: CancelOutcome; readonly amount: number };

/** A payment that was sent. The id was made before sending and is kept until the answer is final. */
export interface SentPayment {
  readonly merchantPaymentId: string;
  readonly amount: number;
  readonly sentAt: string;
}

/** NOT_CHARGED: no money moved. REVERSED: it moved and came back. Both are final. */
export type CancelOutcome = 'NOT_CHARGED' | 'REVERSED';

/** How the search for the outcome stands. */
export interface Inquiry {
  /** How often the platform was asked. */
  readonly asked: number;
  readonly doing: 'waiting' | 'asking' | 'cancelling';
  /** What the last question or cancel ended with, when that was not an answer. */
  readonly fault: GraphFault | null;
}

/** What can happen to a sale. */
export type SaleEvent =
  | { readonly kind: 'amount-entered'; readonly amount: number }
  | { readonly kind: 'sent'; readonly sent: SentPayment }
  | { readonly kind: 'billing'; readonly sent: SentPayment }
  | { readonly kind: 'billed'; readonly qr: string }
  | { readonly kind: 'withdrawn' }
  | { readonly kind: 'accepted'; readonly payment: Payment }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'looked-at' }
  | { readonly kind: 'faulted'; readonly fault: GraphFault }
  | { readonly kind: 'asking' }
  | { readonly kind: 'not-there' }
  | { readonly kind: 'cancelling' }
  | { readonly kind: 'cancelled'; readonly outcome: CancelOutcome }
  /** The cancel itself had no clear answer. */
  | { readonly kind: 'not-cancelled'; readonly fault: GraphFault }
  | { readonly kind: 'again' };

const inquiryDelaysMs = [1_000, 3_000, 10_000] as const;

/** How long to wait before asking next; `null` when the register has asked often enough. */
export function inquiryDelayMs({ asked }: Inquiry): number | null {
  return inquiryDelaysMs[asked] ?? null;
}

/** Whether the clerk may end it by a cancel: after all questions, and while nothing else is under way. */
export function mayCancel(inquiry: Inquiry): boolean {
  return inquiryDelayMs(inquiry) === null && inquiry.doing === 'waiting';
}

/** Whether a cancel is under way: until its answer nothing that is heard elsewhere is the end. */
export function isCancelling(sale: Sale): boolean {
  if (sale.step === 'review') return sale.cancelling;
  return sale.step === 'unknown' && sale.inquiry.doing === 'cancelling';
}

/** A sale whose page was left before the answer came: it goes on with the search. */
export function resumeSale(sent: SentPayment): Sale {
  return { step: 'unknown', sent, inquiry: { asked: 0, doing: 'waiting', fault: null } };
}

/** The payment that must be kept over a reload: as long as its outcome is not final. */
export function openPayment(sale: Sale): SentPayment | null {
  switch (sale.step) {
    case 'sending':
    case 'bill':
    case 'review':
    case 'unknown':
      return sale.sent;
    default:
      return null;
  }
}

/** Decides how a sale goes on. An event that does not belong to the step changes nothing. */
export function nextSale(sale: Sale, event: SaleEvent): Sale {
  // An approval that is heard meanwhile is older than the cancel, which may just have given it back.
  const isItsAnswer = event.kind === 'cancelled' || event.kind === 'not-cancelled';
  if (isCancelling(sale) && !isItsAnswer) return sale;
  switch (sale.step) {
    case 'amount':
      return event.kind === 'amount-entered' ? { step: 'scan', amount: event.amount } : sale;
    case 'scan':
      if (event.kind === 'sent') return { step: 'sending', sent: event.sent };
      if (event.kind === 'billing') return { step: 'bill', sent: event.sent, qr: '' };
      return event.kind === 'again' ? { step: 'amount' } : sale;
    case 'sending':
      return afterSending(sale.sent, event) ?? sale;
    case 'bill':
      return afterBilling(sale, event);
    case 'review':
      return whileLookedAt(sale, event);
    case 'unknown':
      return afterAsking(sale, event);
    case 'refused':
    case 'not-sent':
      // The amount stays: a customer who shows another code is not asked to wait for typing.
      if (event.kind === 'amount-entered') return { step: 'scan', amount: event.amount };
      return event.kind === 'again' ? { step: 'amount' } : sale;
    case 'approved':
    case 'cancelled':
      return event.kind === 'again' ? { step: 'amount' } : sale;
  }
}

function afterSending(sent: SentPayment, event: SaleEvent): Sale | null {
  if (event.kind === 'accepted') return { step: 'approved', payment: event.payment };
  if (event.kind === 'refused') {
    return { step: 'refused', refusal: event.refusal, amount: sent.amount };
  }
  if (event.kind === 'looked-at') return { step: 'review', sent, cancelling: false };
  if (event.kind !== 'faulted') return null;
  if (event.fault.kind === 'REFUSED') {
    return { step: 'not-sent', fault: event.fault, amount: sent.amount };
  }
  return resumeSale(sent);
}

function afterBilling(sale: Extract<Sale, { step: 'bill' }>, event: SaleEvent): Sale {
  const { sent, qr } = sale;
  if (event.kind === 'billed') return { ...sale, qr: event.qr };
  // Somebody may be paying it this moment: only a cancel has the last word.
  if (event.kind === 'withdrawn') {
    const inquiry = { asked: inquiryDelaysMs.length, doing: 'cancelling', fault: null } as const;
    return { step: 'unknown', sent, inquiry };
  }
  if (event.kind === 'cancelled') {
    return { step: 'cancelled', outcome: event.outcome, amount: sent.amount };
  }
  // A question that failed while the code is shown is asked again; the code stays.
  if (event.kind === 'faulted' && qr !== '') return sale;
  return afterSending(sent, event) ?? sale;
}

function whileLookedAt(sale: Extract<Sale, { step: 'review' }>, event: SaleEvent): Sale {
  const { sent } = sale;
  if (event.kind === 'accepted') return { step: 'approved', payment: event.payment };
  if (event.kind === 'cancelled') {
    return { step: 'cancelled', outcome: event.outcome, amount: sent.amount };
  }
  if (event.kind === 'cancelling') return { ...sale, cancelling: true };
  // A cancel that failed leaves it waiting: it can be asked and cancelled again.
  return event.kind === 'not-cancelled' ? { ...sale, cancelling: false } : sale;
}

function afterAsking(sale: Extract<Sale, { step: 'unknown' }>, event: SaleEvent): Sale {
  const { sent, inquiry } = sale;
  const on = (change: Partial<Inquiry>): Sale => ({ ...sale, inquiry: { ...inquiry, ...change } });
  switch (event.kind) {
    case 'accepted':
      return { step: 'approved', payment: event.payment };
    case 'refused':
      return { step: 'refused', refusal: event.refusal, amount: sent.amount };
    case 'cancelled':
      return { step: 'cancelled', outcome: event.outcome, amount: sent.amount };
    case 'looked-at':
      return { step: 'review', sent, cancelling: false };
    case 'asking':
      return on({ doing: 'asking' });
    case 'cancelling':
      return mayCancel(inquiry) ? on({ doing: 'cancelling' }) : sale;
    case 'not-there': // it may still be on its way: only a cancel makes "never" final
      return on({ asked: inquiry.asked + 1, doing: 'waiting', fault: null });
    case 'faulted': {
      const asked = inquiry.asked + (inquiry.doing === 'asking' ? 1 : 0);
      return on({ asked, doing: 'waiting', fault: event.fault });
    }
    case 'not-cancelled':
      return on({ doing: 'waiting', fault: event.fault });
    default:
      return sale;
  }
}
