import { consume } from '@7pay/events';
import type { Log } from '@7pay/telemetry';
import { z } from 'zod';
import type { coolingStore } from './cooling.store.ts';

const recovered = z.object({
  memberId: z.string().regex(/^mem_[0-9a-z_]{1,64}$/),
  recoveredAt: z.iso.datetime(),
  coolsUntil: z.iso.datetime(),
});

/** Hears that a member's password was recovered: their money stays low for a while. Heard again, it changes nothing. */
export const beginCooling = (coolings: Pick<ReturnType<typeof coolingStore>, 'begin'>, log: Log) =>
  consume<unknown>('identity.password.recovered.v1', async ({ body }) => {
    const { memberId, recoveredAt, coolsUntil } = recovered.parse(body);
    const until = new Date(coolsUntil);
    await coolings.begin({ memberId, since: new Date(recoveredAt), until }, null);
    log.info('cooling.began', { memberId });
  });
