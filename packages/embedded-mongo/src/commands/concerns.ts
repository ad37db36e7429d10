import { numberOf } from '../transactions/cluster-clock.ts';
import { SnapshotView } from '../transactions/view.ts';
import { badValue, code, CommandError, notImplemented } from '../values/errors.ts';
import { isDoc, Timestamp, type Doc } from '../values/types.ts';
import type { Standing } from './labels.ts';
import type { Engine } from './engine.ts';

const LEVELS = new Set(['local', 'majority', 'available', 'linearizable', 'snapshot']);
const OPTIONS = new Set(['level', 'afterClusterTime', 'atClusterTime', 'provenance']);
const SNAPSHOT_COMMANDS = new Set(['find', 'aggregate', 'distinct']);

/**
 * Checks the read and write concern of a command. With one node every level but `snapshot` reads the
 * same; `snapshot` outside of a transaction reads one moment, which the answer names.
 * @returns the moment to read, or null for what is newest (or for the transaction's own)
 * @throws CommandError 2, 72, 238, 239
 */
export function checkConcerns(
  engine: Engine,
  input: { readonly name: string; readonly body: Doc; readonly standing: Standing },
): SnapshotView | null {
  const { body, standing } = input;
  const writeConcern = body.get('writeConcern');
  if (isDoc(writeConcern) && standing.inTransaction && !standing.endsTransaction)
    throw invalid('writeConcern is not allowed within a multi-statement transaction');
  const readConcern = body.get('readConcern');
  if (!isDoc(readConcern)) return null;
  for (const field of readConcern.keys())
    if (!OPTIONS.has(field)) throw notImplemented(`the readConcern option '${field}'`);
  const level = readConcern.get('level') ?? 'local';
  if (typeof level !== 'string' || !LEVELS.has(level))
    throw badValue(
      `Enumeration value '${String(level)}' for field 'readConcern.level' is not a valid value.`,
    );
  if (standing.inTransaction) {
    if (level === 'linearizable' || level === 'available')
      throw invalid(`readConcern level ${level} is not supported in a transaction`);
    if (readConcern.has('atClusterTime')) throw notImplemented('atClusterTime in a transaction');
    return null;
  }
  if (level !== 'snapshot') {
    if (readConcern.has('atClusterTime'))
      throw invalid('readConcern atClusterTime is only allowed with the level snapshot');
    return null;
  }
  if (input.name === 'getMore') return null; // its cursor knows the moment
  if (!SNAPSHOT_COMMANDS.has(input.name))
    throw invalid(`Command ${input.name} does not support { readConcern: { level: "snapshot" } }`);
  return snapshotOf(engine, readConcern);
}

function snapshotOf(engine: Engine, readConcern: Doc): SnapshotView {
  const at = readConcern.get('atClusterTime');
  if (at !== undefined && !(at instanceof Timestamp))
    throw new CommandError(code.TypeMismatch, 'readConcern.atClusterTime must be a timestamp');
  const current = engine.clock.current();
  const ts = at ? numberOf(at) : current;
  if (ts > current)
    throw invalid(
      'readConcern atClusterTime value must not be greater than the current clusterTime',
    );
  holdSnapshot(engine, ts);
  return new SnapshotView(ts);
}

/** Keeps a moment readable for a while more. @throws CommandError 239 when it is not any longer */
export function holdSnapshot(engine: Engine, ts: number): void {
  if (ts < engine.clock.current() && !engine.snapshots.reaches(ts))
    throw new CommandError(
      code.SnapshotTooOld,
      'Read timestamp is older than the oldest available timestamp.',
    );
  engine.snapshots.lease(ts, engine.now() + engine.settings.snapshotHistoryMs);
}

const invalid = (message: string): CommandError => new CommandError(code.InvalidOptions, message);
