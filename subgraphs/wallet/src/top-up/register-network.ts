/** What the register network says of cash that a register should have taken. */
export type CashReceipt = 'TAKEN' | 'NOT_TAKEN' | 'UNKNOWN';

/** The network of the stores' registers, an outside party. */
export interface RegisterNetwork {
  /**
   * Asks whether the cash of this top-up lies in the register. Asking again is harmless.
   * UNKNOWN when no reliable answer came: the cash may be there.
   */
  confirmCash(request: {
    topUpId: string;
    storeId: string;
    terminalId: string;
    amount: number;
  }): Promise<CashReceipt>;
}
