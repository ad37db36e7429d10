import type { BankAccount } from '@7pay/zengin';

/** A business that sells with 7pay. */
export interface Merchant {
  readonly id: string;
  readonly name: string;
  readonly nameKana: string;
  readonly state: MerchantState;
  /** First business date of its contract. */
  readonly opensOn: string;
  /** Number of a qualified invoice issuer: T and 13 digits; null when there is none. */
  readonly invoiceNumber: string | null;
  /** Where it is paid; null until one was approved. */
  readonly bankAccount: BankAccount | null;
}
export type MerchantState = 'ACTIVE' | 'SUSPENDED' | 'ENDED';

/** One shop of a merchant. Its code is the number on the receipt. */
export interface Store {
  readonly id: string;
  readonly merchantId: string;
  readonly code: string;
  readonly name: string;
  readonly address: string;
  readonly state: StoreState;
  readonly opensOn: string;
}
export type StoreState = 'SELLING' | 'SUSPENDED';
