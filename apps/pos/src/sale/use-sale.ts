import { useLive } from '@7pay/ui';
import { useEffect, useRef, useState } from 'preact/hooks';
import {
  acceptPayment,
  cancelPayment,
  createBill,
  inquiryQuery,
  type PaymentInquiry,
  paymentTold,
} from '../operations.ts';
import { useWorld, type World } from '../world.ts';
import {
  inquiryDelayMs,
  isCancelling,
  nextSale,
  openPayment,
  resumeSale,
  type Sale,
  type SaleEvent,
  type SentPayment,
} from './sale.ts';

/** A sale on screen and what the clerk can do with it. */
export interface SaleAtHand {
  readonly sale: Sale;
  readonly enterAmount: (amount: number) => void;
  readonly sendCode: (code: string) => void;
  /** Shows a code instead of scanning one. */
  readonly showBill: () => void;
  /** Takes it back, whether it was paid or not. */
  readonly withdraw: () => void;
  readonly inquire: () => void;
  readonly cancel: () => void;
  readonly again: () => void;
}

/** How often a register that is not told looks whether its bill was paid, or what the customer answered. */
const billLookMs = 2_000;

/** Drives one sale. Every payment that is sent is written down first and struck out when it is final. */
export function useSale(): SaleAtHand {
  const world = useWorld();
  const [sale, setSale] = useState<Sale>(() => {
    const open = world.openWork.payment();
    return open ? resumeSale(open) : { step: 'amount' };
  });
  const latest = useRef(sale);
  const alive = useRef(true);
  const cancels = useRef(0);
  useEffect(() => () => void (alive.current = false), []);

  const happen = (event: SaleEvent) => {
    if (!alive.current) return; // the page was left: what is open stays written down
    latest.current = nextSale(latest.current, event);
    world.openWork.keepPayment(openPayment(latest.current));
    setSale(latest.current);
  };

  const sendCode = async (code: string) => {
    const now = latest.current;
    if (now.step !== 'scan') return;
    const sent: SentPayment = {
      merchantPaymentId: world.newId(),
      amount: now.amount,
      sentAt: world.clock.now().toISOString(),
    };
    happen({ kind: 'sent', sent });
    happen(await askToAccept(world, sent, code));
  };
  const showBill = async () => {
    const now = latest.current;
    if (now.step !== 'scan') return;
    const merchantPaymentId = world.newId();
    const { amount } = now;
    const sent: SentPayment = {
      merchantPaymentId,
      amount,
      sentAt: world.clock.now().toISOString(),
    };
    happen({ kind: 'billing', sent });
    const answer = await world.graph(createBill, { input: { merchantPaymentId, amount } });
    if ('fault' in answer) return happen({ kind: 'faulted', fault: answer.fault });
    const result = answer.data.createBill;
    if ('qr' in result) happen({ kind: 'billed', qr: result.qr });
    else happen({ kind: 'refused', refusal: result });
  };
  const endBy = async (event: Extract<SaleEvent, { kind: 'withdrawn' | 'cancelling' }>) => {
    const sent = openPayment(latest.current);
    const wasCancelling = isCancelling(latest.current);
    happen(event);
    if (!sent || wasCancelling || !isCancelling(latest.current)) return;
    cancels.current += 1;
    happen(await askToCancel(world, sent));
  };
  const look = async (sent: SentPayment) => {
    const before = cancels.current;
    const event = await askForOutcome(world, sent);
    // Asked before a cancel was sent, it tells how things stood before it.
    if (before === cancels.current) happen(event);
  };
  const inquire = (sent: SentPayment) => {
    happen({ kind: 'asking' });
    return look(sent);
  };

  const billed = sale.step === 'bill' && sale.qr !== '' ? sale.sent : null;
  const shown = sale.step === 'review' ? sale.sent : billed;
  const known = sale.step === 'unknown' ? sale.sent : shown;
  // Told anew after a cancel that had no answer: how it stands then, not how it stood.
  const open = isCancelling(sale) ? null : known;
  const told = useLive(
    world.live,
    {
      operation: paymentTold,
      variables: open && { merchantPaymentId: open.merchantPaymentId },
    },
    ({ paymentChanged }) => void (paymentChanged && happen(outcomeOf(paymentChanged))),
  );

  const waiting = sale.step === 'unknown' && sale.inquiry.doing === 'waiting' ? sale : null;
  useEffect(() => {
    const delay = waiting ? inquiryDelayMs(waiting.inquiry) : null;
    if (!waiting || delay === null) return;
    // Whoever is told need not ask: that nothing was told for so long is the same answer.
    const ask = () => (told === 'live' ? happen({ kind: 'not-there' }) : inquire(waiting.sent));
    const timer = setTimeout(() => void ask(), delay);
    return () => clearTimeout(timer);
  }, [waiting?.inquiry.asked, waiting === null, told]);

  // Whoever is not told asks, as long as the code is shown or the customer is asked.
  useEffect(() => {
    if (!shown || !open || told === 'live') return;
    const timer = setInterval(() => void look(shown), billLookMs);
    return () => clearInterval(timer);
  }, [shown?.merchantPaymentId, open === null, told]);

  return {
    sale,
    enterAmount: (amount) => happen({ kind: 'amount-entered', amount }),
    sendCode: (code) => void sendCode(code),
    showBill: () => void showBill(),
    withdraw: () => void endBy({ kind: 'withdrawn' }),
    inquire: () => void (waiting && inquire(waiting.sent)),
    cancel: () => void endBy({ kind: 'cancelling' }),
    again: () => happen({ kind: 'again' }),
  };
}

async function askToAccept(
  { graph }: World,
  { merchantPaymentId, amount }: SentPayment,
  code: string,
): Promise<SaleEvent> {
  const answer = await graph(acceptPayment, { input: { merchantPaymentId, amount, code } });
  if ('fault' in answer) return { kind: 'faulted', fault: answer.fault };
  const result = answer.data.acceptPayment;
  if (!('payment' in result)) return { kind: 'refused', refusal: result };
  if (result.__typename === 'PaymentAccepted') return { kind: 'accepted', payment: result.payment };
  // Asked again after its end: it was let go.
  return result.payment.state === 'RELEASED'
    ? { kind: 'cancelled', outcome: 'NOT_CHARGED' }
    : { kind: 'looked-at' };
}

async function askForOutcome(
  { graph }: World,
  { merchantPaymentId }: SentPayment,
): Promise<SaleEvent> {
  const answer = await graph(inquiryQuery, { merchantPaymentId });
  if ('fault' in answer) return { kind: 'faulted', fault: answer.fault };
  const found = answer.data.paymentByMerchantId;
  return found ? outcomeOf(found) : { kind: 'not-there' };
}

function outcomeOf(found: PaymentInquiry): SaleEvent {
  if (found.outcome === 'ACCEPTED' && found.payment) {
    return { kind: 'accepted', payment: found.payment };
  }
  if (found.outcome === 'UNDER_REVIEW') return { kind: 'looked-at' };
  if (found.outcome === 'REFUSED') {
    const code = found.refusalCode ?? 'REFUSED';
    return { kind: 'refused', refusal: { __typename: code, code, message: found.message ?? '' } };
  }
  if (found.outcome === 'CANCELLED') return { kind: 'cancelled', outcome: 'REVERSED' };
  return { kind: 'cancelled', outcome: 'NOT_CHARGED' };
}

/** Cancels by the register's own number. Sent again after a lost answer it says the same. */
export async function askToCancel(
  { graph }: Pick<World, 'graph'>,
  { merchantPaymentId }: { merchantPaymentId: string },
): Promise<Extract<SaleEvent, { kind: 'cancelled' | 'not-cancelled' }>> {
  const answer = await graph(cancelPayment, { input: { merchantPaymentId } });
  return 'fault' in answer
    ? { kind: 'not-cancelled', fault: answer.fault }
    : { kind: 'cancelled', outcome: answer.data.cancelPayment.outcome };
}
