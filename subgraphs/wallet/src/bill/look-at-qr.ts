import { type QrScheme, readMerchantQr } from '@7pay/emv-qr';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import { paymentIdOf } from '../payment/accept-payment.ts';
import type { WalletUnitOfWork } from '../unit-of-work.ts';
import { settledUnder } from './pay-due.ts';
import { type Bill, billIdOf, type BillRefusal, payable } from './bill.ts';

/** What a scanned code stands for. */
export type ScannedQr = { readonly bill: Bill } | { readonly storeId: string };

export type ScanRefusal =
  | BillRefusal
  | 'QR_UNREADABLE'
  | 'STORE_NOT_SELLING'
  | 'PAYMENT_CANCELLED_EARLIER';

/**
 * Tells what a scanned text stands for, before anything is paid. Store and amount come from the platform’s own books; a code that says
 * something else than they do is refused.
 */
export const lookAtQr =
  (unitOfWork: WalletUnitOfWork, clock: Clock, scheme: QrScheme) =>
  (text: string): Promise<ScannedQr | Refused<ScanRefusal>> => {
    const qr = readMerchantQr(text, scheme);
    return unitOfWork(async ({ bills, payments, stores }) => {
      if ('fault' in qr) return refuse('QR_UNREADABLE', { fault: qr.fault });
      if (qr.bill === null) {
        if (!(await stores.isSelling(qr.storeId))) return refuse('STORE_NOT_SELLING');
        return { storeId: qr.storeId };
      }
      const bill = payable(await bills.find(billIdOf(qr.bill)), clock.now());
      if (isRefused(bill)) return bill;
      const saysSame =
        qr.storeId === bill.storeId && (qr.amount === null || qr.amount === bill.amount);
      if (!saysSame) return refuse('QR_UNREADABLE', { fault: 'OTHER_BILL' });
      const id = paymentIdOf(bill.merchantId, bill.merchantPaymentId);
      return settledUnder(await payments.find(id)) ?? { bill };
    });
  };
