import type { Yen } from '@7pay/money';

/** What the ATM network says of cash. OPEN: the customer still stands there. UNKNOWN: no reliable answer came. */
export type AtmReceipt =
  | { readonly receipt: 'TAKEN'; readonly amount: Yen }
  | { readonly receipt: 'NOT_TAKEN' | 'OPEN' | 'UNKNOWN' };

/** The network of the ATMs, an outside party. It asks us first; this is how we ask when it is silent. */
export interface AtmNetwork {
  /** Whether a machine took the cash of this transaction of the network. Asking again is harmless. */
  receiptOf(atmTransactionId: string): Promise<AtmReceipt>;
}
