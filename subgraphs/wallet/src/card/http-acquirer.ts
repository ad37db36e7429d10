import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import { askParty, type PartySettings } from '@7pay/world';
import { z } from 'zod';
import type { Acquirer, Charge } from './acquirer.ts';

const cardSchema = z.object({
  // Nothing that could be a card number is taken, not even by mistake of the acquirer.
  token: z.string().regex(/^tok_[0-9a-f]{40}$/),
  bin: z.string().regex(/^\d{6}$/),
  lastFour: z.string().regex(/^\d{4}$/),
  brand: z.enum(['VISA', 'MASTERCARD', 'JCB', 'OTHER']),
  funding: z.enum(['CREDIT', 'DEBIT']),
  expires: z.string().regex(/^20\d\d-(0[1-9]|1[0-2])$/),
});
const entrySchema = z.object({ url: z.url() });
const resultSchema = z.discriminatedUnion('state', [
  z.object({ state: z.enum(['OPEN', 'FAILED']) }),
  z.object({ state: z.literal('ENTERED'), card: cardSchema }),
]);
const chargeSchema = z.object({
  state: z.enum(['NONE', 'CHALLENGE', 'AUTHORISED', 'CAPTURED', 'DECLINED', 'VOIDED']),
  challenge: z.enum(['NOT_ASKED', 'WAITING', 'PASSED', 'FAILED']),
  captured: z.boolean(),
  url: z.url().optional(),
});

/** The acquirer over signed HTTP: `PUT /acquirer/entries/…` and `PUT /acquirer/charges/<our id>/…`. */
export function httpAcquirer(
  settings: PartySettings,
  { clock, log }: { clock: Clock; log: Log },
): Acquirer {
  const ask = async <Answer extends z.ZodType>(
    path: string,
    body: object,
    schema: Answer,
  ): Promise<z.infer<Answer> | 'UNKNOWN'> => {
    const answer = await askParty(settings, clock, { path: `/acquirer/${path}`, body });
    if (answer.outcome === 'UNKNOWN') {
      log.warn('acquirer.unknown', { reason: answer.reason });
      return 'UNKNOWN';
    }
    const read = schema.safeParse(answer.body);
    if (answer.status === 200 && read.success) return read.data;
    log.warn('acquirer.strange', { status: answer.status });
    return 'UNKNOWN';
  };
  const charge = (id: string, step: string, body: object = {}): Promise<Charge | 'UNKNOWN'> =>
    ask(`charges/${id}/${step}`, body, chargeSchema);
  return {
    openEntry: (id, returnUrl) => ask(`entries/${id}/entry`, { returnUrl }, entrySchema),
    entryOf: (id) => ask(`entries/${id}/result`, {}, resultSchema),
    authorise: (id, { amount, ...rest }) => charge(id, 'authorise', { ...rest, amountYen: amount }),
    capture: (id) => charge(id, 'capture'),
    void: (id) => charge(id, 'void'),
    query: (id) => charge(id, 'query'),
  };
}
