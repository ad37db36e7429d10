import { timingSafeEqual } from 'node:crypto';
import { digest, type IdSource } from '@7pay/ids';
import { type Locale, type Refused, refuse } from '@7pay/refusals';
import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import type { Messenger } from '@7pay/world';
import { codeMessage } from './code-message.ts';
import type { BudgetedMessage, MessageBudget } from './message-budget.store.ts';
import {
  CAUSE_OF,
  CODE_DIGITS,
  CODE_SECONDS,
  CODE_TRIES,
  codeHash,
  codeKey,
  type OneTimeCodeRefusal,
  type SentCode,
} from './one-time-code.ts';
import type { OneTimeCodeStore } from './one-time-code.store.ts';

/** Codes that are sent to a contact and come back. */
export interface OneTimeCodes {
  /**
   * Sends a code; the one before is void. Whoever calls has made sure that the contact is the member's own and, unless
   * it is being verified, verified: there is no way to name another one here. `about` is said in the message.
   */
  send(
    to: SentCode,
    locale: Locale,
    about?: { readonly account: string },
  ): Promise<true | Refused<OneTimeCodeRefusal>>;
  /** Whether the code is right; it is used up. */
  prove(to: SentCode, code: string): Promise<true | Refused<'ONE_TIME_CODE_FAILED'>>;
}

/** @param secret names codes in the database */
export function oneTimeCodes(deps: {
  codes: OneTimeCodeStore;
  budget: MessageBudget;
  messenger: Messenger;
  secret: string;
  clock: Clock;
  ids: IdSource;
  log: Log;
}): OneTimeCodes {
  const { codes, budget, messenger, secret, clock, ids, log } = deps;
  return {
    send: async (to, locale, about) => {
      const at = clock.now();
      if (!(await budget.spend(budgeted(to), at))) return refuse('MESSAGE_LIMIT_REACHED');
      const code = ids.digits(CODE_DIGITS);
      const hash = codeHash(to, code, secret);
      const until = new Date(at.getTime() + CODE_SECONDS * 1_000);
      await codes.put(codeKey(to), { hash, tries: CODE_TRIES, at, until });
      const delivery = await messenger.send({
        id: digest(hash),
        channel: to.channel,
        to: to.address,
        ...codeMessage(to.purpose, code, { locale, account: about?.account }),
      });
      if (delivery === 'SENT') return true;
      log.warn('one_time_code.not_sent', { channel: to.channel, delivery });
      if (delivery === 'REFUSED') await codes.forget(codeKey(to), hash);
      return refuse('MESSAGE_NOT_SENT');
    },
    prove: async (to, code) => {
      const at = clock.now();
      const kept = await codes.tryOnce(codeKey(to), at);
      const typed = code.normalize('NFKC').replace(/\s/g, '');
      const given = codeHash(to, typed, secret);
      const right = kept !== null && timingSafeEqual(Buffer.from(kept), Buffer.from(given));
      if (!right || !(await codes.spend(codeKey(to), kept))) return refuse('ONE_TIME_CODE_FAILED');
      await budget.proven(budgeted(to), at);
      return true;
    },
  };
}

const budgeted = ({ memberId, purpose, channel, address }: SentCode): BudgetedMessage => ({
  channel,
  address,
  cause: CAUSE_OF[purpose],
  ...(purpose === 'VERIFY_CONTACT' && { sender: memberId }),
});
