import { CommandError, code } from '../values/errors.ts';
import { timestampOf } from '../transactions/cluster-clock.ts';
import type { Handler } from './context.ts';

/**
 * `beginBackup`, the engine's own: brings the main file up to date and keeps it unchanged until
 * `endBackup` or the end of the connection, so that it can be copied while writes go on.
 */
export const beginBackup: Handler = ({ engine, peer }) => {
  if (engine.backupHolder)
    throw new CommandError(code.ConflictingOperationInProgress, 'another backup is under way');
  engine.store.hold();
  engine.backupHolder = peer;
  peer.closed.addEventListener('abort', () => end(engine, peer), { once: true });
  return {
    bytes: BigInt(engine.store.fileBytes()),
    clusterTime: timestampOf(engine.clock.current()),
  };
};

/** `endBackup`, the engine's own. */
export const endBackup: Handler = ({ engine, peer }) => {
  if (engine.backupHolder !== peer)
    throw new CommandError(code.IllegalOperation, 'this connection has begun no backup');
  end(engine, peer);
  return {};
};

function end(engine: Parameters<Handler>[0]['engine'], peer: object): void {
  if (engine.backupHolder !== peer) return;
  engine.backupHolder = null;
  engine.store.release();
}
