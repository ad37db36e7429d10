import type { RequestListener } from 'node:http';
import { parseYen, type Yen } from '@7pay/money';
import { isRefused, refusalSentence } from '@7pay/refusals';
import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import { answerParty, type PartyCall, type PartyReply } from '@7pay/world';
import { z } from 'zod';
import type { askAtAtm } from './ask-at-atm.ts';
import type { HearFromAtm } from './hear-from-atm.ts';

const amountYen = z.number().transform((given, context): Yen => {
  const amount = parseYen(given);
  if (typeof amount === 'number' && amount > 0) return amount;
  context.addIssue({ code: 'custom', message: 'whole yen above zero' });
  return z.NEVER;
});
const atmId = z.string().regex(/^[\w-]{1,32}$/);
const bodies = {
  ask: z.object({ atmId, code: z.string().max(64), amountYen }),
  took: z.object({ atmId, amountYen }),
  'not-taken': z.object({ atmId }).transform((told) => ({ ...told, amountYen: null })),
};

/** What the ATM network may ask of us: `PUT /atm/top-ups/<its transaction>/ask`, `…/took`, `…/not-taken`. */
export function httpAtmDoor(
  useCases: { ask: ReturnType<typeof askAtAtm>; hear: HearFromAtm },
  { secret, clock, log }: { secret: string; clock: Clock; log: Log },
): RequestListener {
  const wrong: PartyReply = { status: 400, body: { error: 'not the expected members' } };
  const answer = async ({ path, body }: PartyCall): Promise<PartyReply> => {
    const [, atmTransactionId, step] =
      /^\/atm\/top-ups\/([\w-]{1,64})\/(ask|took|not-taken)$/.exec(path) ?? [];
    if (atmTransactionId === undefined) return { status: 404, body: { error: 'no such thing' } };
    if (step === 'ask') {
      const read = bodies.ask.safeParse(body);
      if (!read.success) return wrong;
      const { amountYen: amount, ...rest } = read.data;
      const given = await useCases.ask({ ...rest, amount, atmTransactionId });
      if (!isRefused(given)) return { status: 200, body: { answer: 'MAY_TAKE' } };
      const message = refusalSentence(given.refused, given.facts, 'ja');
      return { status: 200, body: { answer: 'REFUSED', code: given.refused, message } };
    }
    const read =
      step === 'took' ? bodies.took.safeParse(body) : bodies['not-taken'].safeParse(body);
    if (!read.success) return wrong;
    const { atmId: machine, amountYen: taken } = read.data;
    const state = await useCases.hear({ atmTransactionId, atmId: machine, taken });
    log.info('atm.told', { state });
    return { status: 200, body: { state } };
  };
  return answerParty({ secret, clock }, answer, (cause) => log.error('atm.failed', { cause }));
}
