import type { Ledger } from '@7pay/ledger';
import { type DomainEvent, openOutbox } from '@7pay/events';
import { openLedger } from '@7pay/ledger';
import { unitOfWork } from '@7pay/mongo';
import { businessDate, type Clock } from '@7pay/time';
import type { ClientSession, Connection } from 'mongoose';
import { billStore } from './bill/bill.store.ts';
import { badScansStore } from './payment-code/bad-scans.store.ts';
import { walletCaseStore } from './case/wallet-case.store.ts';
import { coolingStore } from './cooling/cooling.store.ts';
import { freezeRecordStore } from './freeze/freeze-record.store.ts';
import { paymentLimitsStore } from './limits/payment-limits.store.ts';
import { mailChoiceStore } from './notice/mail-choice.store.ts';
import { noticeStore } from './notice/notice.store.ts';
import { cardRegistrationStore } from './card/card-registration.store.ts';
import { cardStore } from './card/card.store.ts';
import { codeStore } from './payment-code/payment-code.store.ts';
import { paymentHandleStore } from './payment-code/payment-handle.store.ts';
import { paymentDeviceStore } from './payment-device/payment-device.store.ts';
import { paymentRefundStore } from './payment/payment-refund.store.ts';
import { paymentStore } from './payment/payment.store.ts';
import { reconciliationStore } from './reconciliation/reconciliation.store.ts';
import { sellingStoreStore } from './store/selling-store.store.ts';
import { topUpCaseStore } from './top-up/top-up-case.store.ts';
import { topUpStore } from './top-up/top-up.store.ts';
import { walletStore } from './wallet/wallet.store.ts';

/** What one unit of work can read and write; all of it together or none. */
export interface WalletWork {
  readonly session: ClientSession;
  readonly ledger: Ledger;
  readonly wallets: ReturnType<typeof walletStore>;
  readonly codes: ReturnType<typeof codeStore>;
  readonly handles: ReturnType<typeof paymentHandleStore>;
  readonly devices: ReturnType<typeof paymentDeviceStore>;
  readonly badScans: ReturnType<typeof badScansStore>;
  readonly bills: ReturnType<typeof billStore>;
  readonly payments: ReturnType<typeof paymentStore>;
  readonly refunds: ReturnType<typeof paymentRefundStore>;
  readonly topUps: ReturnType<typeof topUpStore>;
  readonly reconciliations: ReturnType<typeof reconciliationStore>;
  readonly freezeRecords: ReturnType<typeof freezeRecordStore>;
  readonly limits: ReturnType<typeof paymentLimitsStore>;
  readonly coolings: ReturnType<typeof coolingStore>;
  readonly cases: ReturnType<typeof walletCaseStore>;
  readonly notices: ReturnType<typeof noticeStore>;
  readonly mailChoices: ReturnType<typeof mailChoiceStore>;
  /** Appends an event that is told if the work is committed. */
  readonly outbox: (event: DomainEvent<unknown>) => Promise<void>;
  readonly cards: ReturnType<typeof cardStore>;
  readonly registrations: ReturnType<typeof cardRegistrationStore>;
  readonly topUpCases: ReturnType<typeof topUpCaseStore>;
  readonly stores: ReturnType<typeof sellingStoreStore>;
}

export type WalletUnitOfWork = <Result>(
  body: (work: WalletWork) => Promise<Result>,
) => Promise<Result>;

/** Opens the unit of work of the wallet subgraph. */
export function openWalletUnitOfWork(connection: Connection, clock: Clock): WalletUnitOfWork {
  const run = unitOfWork(connection, { deferring: true });
  const ledger = openLedger(connection);
  const outbox = openOutbox(connection);
  const today = () => businessDate(clock.now());
  return (body) =>
    run((session) =>
      body({
        session,
        ledger,
        wallets: walletStore(connection, session),
        codes: codeStore(connection, session),
        handles: paymentHandleStore(connection, session),
        devices: paymentDeviceStore(connection, session),
        badScans: badScansStore(connection, session),
        bills: billStore(connection, session),
        payments: paymentStore(connection, session),
        refunds: paymentRefundStore(connection, session),
        topUps: topUpStore(connection, session),
        reconciliations: reconciliationStore(connection, session),
        freezeRecords: freezeRecordStore(connection, session),
        limits: paymentLimitsStore(connection, session),
        coolings: coolingStore(connection),
        cases: walletCaseStore(connection, session),
        notices: noticeStore(connection, session),
        mailChoices: mailChoiceStore(connection, session),
        outbox: (event) => outbox.append(session, event),
        cards: cardStore(connection, session),
        registrations: cardRegistrationStore(connection, session),
        topUpCases: topUpCaseStore(connection, session),
        stores: sellingStoreStore(connection, session, today),
      }),
    );
}
