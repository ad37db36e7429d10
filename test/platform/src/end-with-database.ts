import { endProcess } from '@7pay/graphql';
import type { ChosenDatabase } from '@7pay/mongo';
import type { Log } from '@7pay/telemetry';

/**
 * When the database that we started has ended by itself, this process says why and ends with code 1: nothing works
 * without it, and started again it would listen elsewhere.
 */
export function endWithDatabase(
  { ended, description }: Pick<ChosenDatabase, 'ended' | 'description'>,
  { log, stop }: { readonly log: Log; readonly stop: () => Promise<unknown> },
): void {
  void ended.then(({ code, signal, said }) => {
    log.error('database.ended', { database: description, code, signal, reason: said });
    endProcess(async () => {
      await stop();
      throw new Error('the database has ended');
    });
  });
}
