import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import { askParty, type PartySettings } from '@7pay/world';
import { z } from 'zod';
import type { RegisterNetwork } from './register-network.ts';

const answerSchema = z.object({ topUpId: z.string(), receipt: z.enum(['TAKEN', 'NOT_TAKEN']) });

/** The register network over signed HTTP: `PUT /cash-receipts/<top-up id>`. */
export function httpRegisterNetwork(
  settings: PartySettings,
  { clock, log }: { clock: Clock; log: Log },
): RegisterNetwork {
  return {
    confirmCash: async ({ topUpId, storeId, terminalId, amount }) => {
      const answer = await askParty(settings, clock, {
        path: `/cash-receipts/${topUpId}`,
        body: { storeId, terminalId, amountYen: amount },
      });
      if (answer.outcome === 'UNKNOWN') {
        log.warn('register_network.unknown', { topUpId, reason: answer.reason });
        return 'UNKNOWN';
      }
      const read = answerSchema.safeParse(answer.body);
      if (answer.status !== 200 || !read.success || read.data.topUpId !== topUpId) {
        log.warn('register_network.strange', { topUpId, status: answer.status });
        return 'UNKNOWN';
      }
      return read.data.receipt;
    },
  };
}
