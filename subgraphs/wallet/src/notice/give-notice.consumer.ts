import { consume, type Consumer } from '@7pay/events';
import { type JournalEntry, walletAccount } from '@7pay/ledger';
import { movementOf } from '../statement/movement.ts';
import type { WalletUnitOfWork } from '../unit-of-work.ts';
import { noticeOf } from './notice.ts';
import { tellMember } from './tell-member.ts';

type StoreNames = (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
type Give = (entry: JournalEntry) => Promise<void>;

/** Makes the notice of an entry that moved a wallet, once: its id follows from the entry. */
export const giveNotice =
  (unitOfWork: WalletUnitOfWork, namesOf: StoreNames): Give =>
  async (entry) => {
    const stand = entry.stands.find(({ account }) => account === walletAccount(entry.wallet));
    const movement = stand && movementOf(entry.wallet, { entry, stand });
    if (!movement) return;
    const { storeId } = movement;
    const storeName = storeId === null ? null : ((await namesOf([storeId])).get(storeId) ?? null);
    await unitOfWork(async (work) => {
      const wallet = await work.wallets.find(entry.wallet);
      if (!wallet) return;
      const { id: walletId, memberId } = wallet;
      // What was not claimed before the end is theirs to claim: words of a claim that was made would be false.
      const kind = entry.kind === 'WALLET_CLOSE' ? 'WALLET_CLOSE' : movement.kind;
      await tellMember(work, noticeOf({ ...movement, kind }, { walletId, memberId, storeName }));
    });
  };

/** Hears all that moves a wallet. The journal entry is the event. */
export const giveNotices = (give: Give): readonly Consumer[] => [
  consume<JournalEntry>('ledger.payment.v1', ({ body }) => give(body)),
  consume<JournalEntry>('ledger.payment-capture.v1', ({ body }) => give(body)),
  consume<JournalEntry>('ledger.payment-refund.v1', ({ body }) => give(body)),
  consume<JournalEntry>('ledger.payment-cancel.v1', ({ body }) => give(body)),
  consume<JournalEntry>('ledger.top-up.v1', ({ body }) => give(body)),
  consume<JournalEntry>('ledger.top-up-reversal.v1', ({ body }) => give(body)),
  consume<JournalEntry>('ledger.points-exchange.v1', ({ body }) => give(body)),
  consume<JournalEntry>('ledger.balance-refund.v1', ({ body }) => give(body)),
  consume<JournalEntry>('ledger.wallet-close.v1', ({ body }) => give(body)),
];
