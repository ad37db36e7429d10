import { parseYen } from '@7pay/money';
import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import { askParty, type PartySettings } from '@7pay/world';
import { z } from 'zod';
import type { AtmNetwork } from './atm-network.ts';

const answerSchema = z.discriminatedUnion('receipt', [
  z.object({ receipt: z.literal('TAKEN'), amountYen: z.number() }),
  z.object({ receipt: z.enum(['NOT_TAKEN', 'OPEN']) }),
]);

/** The ATM network over signed HTTP: `PUT /atm-receipts/<its transaction>`. */
export function httpAtmNetwork(
  settings: PartySettings,
  { clock, log }: { clock: Clock; log: Log },
): AtmNetwork {
  return {
    receiptOf: async (atmTransactionId) => {
      const path = `/atm-receipts/${atmTransactionId}`;
      const answer = await askParty(settings, clock, { path, body: {} });
      if (answer.outcome === 'UNKNOWN') {
        log.warn('atm_network.unknown', { reason: answer.reason });
        return { receipt: 'UNKNOWN' };
      }
      const read = answerSchema.safeParse(answer.body);
      if (answer.status !== 200 || !read.success) {
        log.warn('atm_network.strange', { status: answer.status });
        return { receipt: 'UNKNOWN' };
      }
      if (read.data.receipt !== 'TAKEN') return { receipt: read.data.receipt };
      const amount = parseYen(read.data.amountYen);
      if (typeof amount !== 'string' && amount > 0) return { receipt: 'TAKEN', amount };
      log.warn('atm_network.strange', { status: answer.status });
      return { receipt: 'UNKNOWN' };
    },
  };
}
