import { pino } from 'pino';
import { redact } from './redact.ts';

/** Facts of one log line; see redact.ts for the fields that are kept. */
export type LogFacts = Readonly<Record<string, unknown>>;

/** Writes one event and its facts per line: `log.info('payment.accepted', { paymentId, amount })`. */
export interface Log {
  info(event: string, facts?: LogFacts): void;
  warn(event: string, facts?: LogFacts): void;
  /** Put the error itself in `cause`: its message, stack and causes are kept, redacted. */
  error(event: string, facts?: LogFacts): void;
  child(facts: LogFacts): Log;
}

type Level = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** A JSON log on standard output, or on another stream. */
export function createLog(options: {
  service: string;
  level?: Level;
  destination?: { write(line: string): void };
}): Log {
  const settings = { level: options.level ?? 'info', base: { service: options.service } };
  return wrap(options.destination ? pino(settings, options.destination) : pino(settings));
}

/** A log that says nothing, for tests of other things. */
export const silentLog: Log = {
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silentLog,
};

function wrap(logger: pino.Logger): Log {
  return {
    info: (event, facts = {}) => logger.info(redact(facts), event),
    warn: (event, facts = {}) => logger.warn(redact(facts), event),
    error: (event, facts = {}) => logger.error(redact(facts), event),
    child: (facts) => wrap(logger.child(redact(facts))),
  };
}
