import { consume } from '@7pay/events';
import type { BankAccount } from '@7pay/zengin';
import type { SettlementUnitOfWork } from '../settlement/settlement-work.ts';

interface BankAccountApproved {
  readonly merchantId: string;
  readonly account: BankAccount;
}

/** Hears to which account a merchant is to be paid. */
export const knowPayee = (unitOfWork: SettlementUnitOfWork) =>
  consume<BankAccountApproved>('merchant.bank-account.approved.v1', ({ at, body }) =>
    unitOfWork(({ payees }) => payees.note(body.merchantId, body.account, new Date(at))),
  );
