import type { Ledger } from '@7pay/ledger';
import { openLedger } from '@7pay/ledger';
import { unitOfWork } from '@7pay/mongo';
import { businessDate, type Clock } from '@7pay/time';
import type { ClientSession, Connection } from 'mongoose';
import { cardRegistrationStore } from './card/card-registration.store.ts';
import { cardStore } from './card/card.store.ts';
import { codeStore } from './payment-code/payment-code.store.ts';
import { paymentRefundStore } from './payment/payment-refund.store.ts';
import { paymentStore } from './payment/payment.store.ts';
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
  readonly payments: ReturnType<typeof paymentStore>;
  readonly refunds: ReturnType<typeof paymentRefundStore>;
  readonly topUps: ReturnType<typeof topUpStore>;
  readonly cards: ReturnType<typeof cardStore>;
  readonly registrations: ReturnType<typeof cardRegistrationStore>;
  readonly cases: ReturnType<typeof topUpCaseStore>;
  readonly stores: ReturnType<typeof sellingStoreStore>;
}

export type WalletUnitOfWork = <Result>(
  body: (work: WalletWork) => Promise<Result>,
) => Promise<Result>;

/** Opens the unit of work of the wallet subgraph. */
export function openWalletUnitOfWork(connection: Connection, clock: Clock): WalletUnitOfWork {
  const run = unitOfWork(connection, { deferring: true });
  const ledger = openLedger(connection);
  const today = () => businessDate(clock.now());
  return (body) =>
    run((session) =>
      body({
        session,
        ledger,
        wallets: walletStore(connection, session),
        codes: codeStore(connection, session),
        payments: paymentStore(connection, session),
        refunds: paymentRefundStore(connection, session),
        topUps: topUpStore(connection, session),
        cards: cardStore(connection, session),
        registrations: cardRegistrationStore(connection, session),
        cases: topUpCaseStore(connection, session),
        stores: sellingStoreStore(connection, session, today),
      }),
    );
}
