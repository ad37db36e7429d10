import type { SentPayment } from './sale.ts';

/** A cash top-up that was sent and has no final answer. The customer's code is not among what is kept. */
export interface SentTopUp {
  readonly topUpId: string;
  readonly amount: number;
  readonly sentAt: string;
}

/** What the register sent and has no final answer to; it outlives the page and the browser. */
export interface OpenWork {
  payment(): SentPayment | null;
  keepPayment(sent: SentPayment | null): void;
  topUp(): SentTopUp | null;
  keepTopUp(sent: SentTopUp | null): void;
}

const paymentKey = '7pay.pos.open-payment';
const topUpKey = '7pay.pos.open-top-up';

/** Keeps open work in the store of the browser. */
export function openWorkIn(store: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>): OpenWork {
  const read = (key: string): Record<string, unknown> | null => {
    try {
      const value: unknown = JSON.parse(store.getItem(key) ?? 'null');
      return typeof value === 'object' && value !== null
        ? (value as Record<string, unknown>)
        : null;
    } catch {
      return null;
    }
  };
  const write = (key: string, value: object | null) => {
    if (value === null) store.removeItem(key);
    else store.setItem(key, JSON.stringify(value));
  };
  return {
    payment() {
      const kept = read(paymentKey);
      const id = kept?.['merchantPaymentId'];
      const amount = kept?.['amount'];
      if (typeof id !== 'string' || typeof amount !== 'number') return null;
      return { merchantPaymentId: id, amount, sentAt: String(kept?.['sentAt'] ?? '') };
    },
    keepPayment: (sent) => write(paymentKey, sent),
    topUp() {
      const kept = read(topUpKey);
      const id = kept?.['topUpId'];
      const amount = kept?.['amount'];
      if (typeof id !== 'string' || typeof amount !== 'number') return null;
      return { topUpId: id, amount, sentAt: String(kept?.['sentAt'] ?? '') };
    },
    keepTopUp: (sent) => write(topUpKey, sent),
  };
}
