import { consume, type Inbox } from '@7pay/events';
import type { Controls } from '@7pay/controls';
import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import type { WalletUnitOfWork } from '../unit-of-work.ts';
import { freezeReclaimed } from './freeze-wallet.ts';

interface AccountReclaimed {
  readonly memberId: string;
}

/**
 * Hears that the owner of an address took their account back from whoever opened it: a wallet with money in it is frozen, once for each
 * event. Never stopped by a switch: it only takes away.
 */
export const freezeReclaimedWallet = (
  unitOfWork: WalletUnitOfWork,
  deps: { inbox: Inbox; controls: Pick<Controls, 'generation'>; clock: Clock; log: Log },
) =>
  consume<AccountReclaimed>('identity.account.reclaimed.v1', ({ id, body: { memberId } }) =>
    unitOfWork(async (work) => {
      const { inbox, controls, clock, log } = deps;
      if (!(await inbox.note(work.session, id))) return;
      const at = clock.now();
      const frozen = await freezeReclaimed(work, memberId, { at, generation: controls.generation });
      if (frozen) log.info('wallet.frozen_for_reclaim', { memberId });
    }),
  );
