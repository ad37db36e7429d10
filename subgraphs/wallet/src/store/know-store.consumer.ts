import { consume } from '@7pay/events';
import type { WalletUnitOfWork } from '../unit-of-work.ts';

interface StoreOpened {
  readonly storeId: string;
  readonly merchantId: string;
  readonly opensOn: string;
  readonly storeName?: string;
}

/** Hears that a store was opened: from its first day it may take payments. */
export const knowStore = (unitOfWork: WalletUnitOfWork) =>
  consume<StoreOpened>('merchant.store.opened.v1', ({ body }) =>
    unitOfWork(({ stores }) =>
      stores.note({
        id: body.storeId,
        merchantId: body.merchantId,
        opensOn: body.opensOn,
        selling: true,
        name: body.storeName ?? null,
      }),
    ),
  );
