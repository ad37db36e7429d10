import type { Controls } from '@7pay/controls';
import { consume, type Inbox } from '@7pay/events';
import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import { z } from 'zod';
import type { WalletUnitOfWork } from '../unit-of-work.ts';
import { freezeAsMember } from './freeze-wallet.ts';

const reported = z.object({ memberId: z.string().regex(/^mem_[0-9a-z_]{1,64}$/) });

/**
 * Hears that a member said “this was not me”: the wallet is frozen as if they had frozen it themselves, once for each report, so
 * that what they lift later stays lifted. No switch stops it: it only takes away.
 */
export const freezeAsReported = (
  unitOfWork: WalletUnitOfWork,
  inbox: Inbox,
  { controls, clock, log }: { controls: Controls; clock: Clock; log: Log },
) =>
  consume<unknown>('identity.not-me.reported.v1', async ({ id, body }) => {
    const { memberId } = reported.parse(body);
    await unitOfWork(async (work) => {
      if (!(await inbox.note(work.session, id))) return;
      const { generation } = controls;
      await freezeAsMember(work, memberId, { at: clock.now(), generation }); // refused without a wallet
      log.info('wallet.frozen_as_reported', { memberId });
    });
  });
