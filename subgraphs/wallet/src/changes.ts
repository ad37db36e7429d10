import type { ServiceDeps, Worker } from '@7pay/graphql';
import { type ChangeFeed, changeFeed } from '@7pay/mongo';
import { NOTICES } from './notice/notice.store.ts';
import { PAYMENTS } from './payment/payment.store.ts';
import { TOP_UPS } from './top-up/top-up.store.ts';

/** What changes in the wallet while somebody listens. */
export interface WalletChanges {
  readonly payments: ChangeFeed;
  readonly topUps: ChangeFeed;
  readonly notices: ChangeFeed;
}

/** Opens the feeds of the wallet; nothing is followed before the first listener comes. */
export function walletChanges({
  connection,
  log,
}: Pick<ServiceDeps, 'connection' | 'log'>): WalletChanges & { readonly worker: Worker } {
  const feedOf = (collection: string): ChangeFeed =>
    changeFeed(connection, {
      collection,
      fields: ['_id', 'memberId'],
      onBroken: (cause) => log.warn('changes.broken', { collection, cause }),
    });
  const [payments, topUps, notices] = [feedOf(PAYMENTS), feedOf(TOP_UPS), feedOf(NOTICES)];
  const stop = async () => {
    await Promise.all([payments.stop(), topUps.stop(), notices.stop()]);
  };
  return { payments, topUps, notices, worker: { start: () => {}, stop } };
}
