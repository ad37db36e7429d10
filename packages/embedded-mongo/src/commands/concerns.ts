import { numberOf } from '../transactions/cluster-clock.ts';
import { SnapshotView } from '../transactions/view.ts';
import {
  badValue,
  code,
  CommandError,
  failedToParse,
  notImplemented,
  typeMismatch,
  unknownField,
} from '../values/errors.ts';
import { toDouble } from '../values/number.ts';
import { isDoc, isNumber, Timestamp, typeName, type Doc, type Value } from '../values/types.ts';
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
  if (writeConcern !== undefined) checkWriteConcern(writeConcern);
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

const MOST_NODES = 50;

function checkWriteConcern(concern: Value): void {
  if (!isDoc(concern))
    throw typeMismatch(
      `BSON field 'writeConcern' is the wrong type '${typeName(concern)}', expected type 'object'`,
    );
  for (const [field, value] of concern) {
    switch (field) {
      case 'w': {
        if (typeof value === 'string' || isDoc(value)) break;
        const w = isNumber(value) ? toDouble(value) : Number.NaN;
        if (!Number.isInteger(w) || w < 0 || w > MOST_NODES)
          throw failedToParse(
            `w has to be a non-negative number and not greater than ${MOST_NODES}`,
          );
        break;
      }
      case 'j':
      case 'fsync':
        if (typeof value !== 'boolean' && !isNumber(value))
          throw typeMismatch(
            `BSON field 'writeConcern.${field}' is the wrong type '${typeName(value)}', expected types '[bool, long, int, decimal, double]'`,
          );
        break;
      case 'wtimeout':
        if (!isNumber(value)) throw failedToParse('wtimeout must be a number');
        break;
      case 'provenance':
        break;
      default:
        throw unknownField('writeConcern', field);
    }
  }
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
  return new SnapshotView(ts);
}

/**
 * Runs a command with the moment it reads kept to its end, however long that takes, and for a while after it.
 * @throws CommandError 239 when it is not kept any longer
 */
export async function atMoment<Result>(
  engine: Engine,
  ts: number,
  run: () => Result | Promise<Result>,
): Promise<Result> {
  holdSnapshot(engine, ts);
  engine.snapshots.acquire(ts);
  try {
    return await run();
  } finally {
    holdSnapshot(engine, ts); // the time of a cursor begins when it rests
    engine.snapshots.release(ts);
  }
}

function holdSnapshot(engine: Engine, ts: number): void {
  if (ts < engine.clock.current() && !engine.snapshots.reaches(ts))
    throw new CommandError(
      code.SnapshotTooOld,
      'Read timestamp is older than the oldest available timestamp.',
    );
  engine.snapshots.lease(ts, engine.now() + engine.settings.snapshotHistoryMs);
}

const invalid = (message: string): CommandError => new CommandError(code.InvalidOptions, message);
