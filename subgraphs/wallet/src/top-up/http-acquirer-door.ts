import type { RequestListener } from 'node:http';
import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import { answerParty } from '@7pay/world';
import type { SettleTopUp } from './settle-top-up.ts';
import type { TopUp } from './top-up.ts';

/**
 * What the acquirer may tell us: `PUT /acquirer/notices/<top-up>`, that something happened. Nothing it says there is
 * believed; it is asked under our id, as the worker does.
 */
export function httpAcquirerDoor(
  deps: { find: (id: string) => Promise<TopUp | null>; settle: SettleTopUp },
  { secret, clock, log }: { secret: string; clock: Clock; log: Log },
): RequestListener {
  return answerParty(
    { secret, clock },
    async ({ path }) => {
      const id = /^\/acquirer\/notices\/(top_[0-9a-z]{1,64})$/.exec(path)?.[1];
      const topUp = id === undefined ? null : await deps.find(id);
      if (!topUp) return { status: 404, body: { error: 'no such thing' } };
      if (topUp.state === 'PENDING') await deps.settle(topUp);
      return { status: 200, body: { heard: true } };
    },
    (cause) => log.error('acquirer.notice_failed', { cause }),
  );
}
