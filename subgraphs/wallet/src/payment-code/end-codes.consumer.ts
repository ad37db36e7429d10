import { consume, type Inbox } from '@7pay/events';
import type { Log } from '@7pay/telemetry';
import type { WalletUnitOfWork } from '../unit-of-work.ts';

interface LoginsEnded {
  readonly memberId: string;
}

/**
 * Hears that the logins of a member ended: codes and handles that were given out in them end too, once for each event.
 * Never stopped by a switch: it only takes away.
 */
export const endCodesWithLogins = (unitOfWork: WalletUnitOfWork, inbox: Inbox, log: Log) =>
  consume<LoginsEnded>('identity.logins.ended.v1', ({ id, body: { memberId } }) =>
    unitOfWork(async ({ session, wallets }) => {
      if (!(await inbox.note(session, id))) return;
      const wallet = await wallets.findByMember(memberId);
      if (!wallet) return; // a member of 7iD without a wallet
      await wallets.endCodes(wallet);
      log.info('codes.ended', { walletId: wallet.id });
    }),
  );
