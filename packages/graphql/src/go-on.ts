import type { Log } from '@7pay/telemetry';

/**
 * Lets the process go on when a promise rejects and nobody listens: it belongs to one request, and must not end those of
 * everybody else. Logged as `rejection.unhandled`, it is a bug to be found. An exception that nobody catches still ends
 * the process: what it left half done is not known.
 */
export function goOnAfterRejections(log: Pick<Log, 'error'>): void {
  process.on('unhandledRejection', (cause) => log.error('rejection.unhandled', { cause }));
}
