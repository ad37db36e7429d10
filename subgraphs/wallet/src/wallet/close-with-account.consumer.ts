import { consume, type Consumer } from '@7pay/events';
import { type JournalEntry, walletAccount } from '@7pay/ledger';
import type { WalletUnitOfWork } from '../unit-of-work.ts';
import { closed } from './wallet.ts';

type Close = (entry: JournalEntry) => Promise<void>;

/** Closes the wallet whose account an entry closed for good; heard again, it is closed already. */
export const closeWithAccount =
  (unitOfWork: WalletUnitOfWork): Close =>
  async ({ wallet: walletId, sets }) => {
    if (sets?.account !== walletAccount(walletId) || sets.status !== 'CLOSED') return;
    await unitOfWork(async ({ wallets }) => {
      const wallet = await wallets.find(walletId);
      if (!wallet || wallet.state === 'CLOSED') return;
      await wallets.change(wallet, closed(wallet));
    });
  };

/** Hears of both ways in which an account is closed: with a balance that becomes payable, and empty. */
export const closeWithAccounts = (close: Close): readonly Consumer[] => [
  consume<JournalEntry>('ledger.wallet-close.v1', ({ body }) => close(body)),
  consume<JournalEntry>('ledger.account-set.v1', ({ body }) => close(body)),
];
