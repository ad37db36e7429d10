import {
  CommandError,
  badValue,
  code,
  codeName,
  notImplemented,
  RETRYABLE,
  TRANSIENT,
} from '../values/errors.ts';
import type { Plain } from '../values/encode.ts';
import { toDouble } from '../values/number.ts';
import { isDoc, isNumber, type Doc } from '../values/types.ts';
import { Budget } from './budget.ts';
import { checkConcerns } from './concerns.ts';
import type { Context, Peer, Reply } from './context.ts';
import { checkDb } from '../catalog/namespace.ts';
import type { Engine } from './engine.ts';
import { COMMANDS, GENERIC_FIELDS, REFUSED_COMMANDS, type Command } from './registry.ts';
import { lsidKey } from './sessions.ts';
import type { Session } from '../transactions/sessions.ts';
import type { Transaction } from '../transactions/writer.ts';

/** Codes a driver may retry a write after. */
export const RETRYABLE_CODES: ReadonlySet<number> = new Set([
  6, 7, 89, 91, 134, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436,
]);

/** Codes after which a driver resumes a change stream. */
const RESUMABLE_CODES: ReadonlySet<number> = new Set([
  ...RETRYABLE_CODES,
  63,
  133,
  150,
  234,
  13388,
]);

const TRANSIENT_CODES: ReadonlySet<number> = new Set([
  code.WriteConflict,
  code.LockTimeout,
  code.NoSuchTransaction,
  code.SnapshotUnavailable,
  code.ConflictingOperationInProgress,
  ...RETRYABLE_CODES,
]);

/** Where a command stands in its session; labels depend on it. */
export interface Standing {
  readonly inTransaction: boolean;
  readonly endsTransaction: boolean;
  readonly retryable: boolean;
}

/** The standing a command claims by its own fields. */
export function standingOf(name: string, body: Doc): Standing {
  const endsTransaction = name === 'commitTransaction' || name === 'abortTransaction';
  const numbered = body.has('txnNumber');
  const inTransaction = numbered && body.get('autocommit') === false;
  return {
    inTransaction,
    endsTransaction,
    retryable: numbered && (!inTransaction || endsTransaction),
  };
}

/** The labels of an error: by them alone a driver decides to try again. */
export function labelsFor(errorCode: number, name: string, standing: Standing): string[] {
  if (standing.inTransaction && !standing.endsTransaction)
    return TRANSIENT_CODES.has(errorCode) ? [TRANSIENT] : [];
  if (name === 'commitTransaction' && errorCode === code.NoSuchTransaction) return [TRANSIENT];
  if (name === 'getMore' && RESUMABLE_CODES.has(errorCode)) return ['ResumableChangeStreamError'];
  return standing.retryable && RETRYABLE_CODES.has(errorCode) ? [RETRYABLE] : [];
}

/** Runs one command and gives its whole answer; errors are thrown. */
export async function dispatch(engine: Engine, peer: Peer, body: Doc): Promise<Reply> {
  const [name = ''] = body.keys();
  const command = COMMANDS.get(name);
  if (!command) {
    if (REFUSED_COMMANDS.has(name)) throw notImplemented(`the command '${name}'`);
    throw new CommandError(code.CommandNotFound, `no such command: '${name}'`);
  }
  const db = body.get('$db');
  if (typeof db !== 'string')
    throw new CommandError(
      code.IDLFailedToParse,
      "BSON field '$db' is missing but a required field",
    );
  checkDb(db);
  checkFields(name, command, body);
  const session = body.has('lsid') ? engine.sessions.use(lsidKey(body.get('lsid'))) : null;
  const standing = standingOf(name, body);
  const transaction = beginStatement(engine, { name, command, body, session, standing });
  const snapshot = checkConcerns(engine, { name, body, standing });
  const context: Context = {
    engine,
    peer,
    name,
    db,
    body,
    session,
    transaction,
    snapshot,
    retryable: standing.retryable && command.retryable === true,
    budget: new Budget(engine.now, name === 'getMore' ? null : maxTime(body)),
  };
  try {
    const reply = await command.run(context);
    if (transaction && hasErrors(reply) && session?.transaction === transaction)
      engine.sessions.abort(session);
    return reply;
  } catch (error) {
    // Any error inside a transaction ends it, except one that only tells of a lost cursor.
    if (transaction && session?.transaction === transaction) engine.sessions.abort(session);
    throw error;
  }
}

function checkFields(name: string, command: Command, body: Doc): void {
  for (const field of body.keys()) {
    if (field !== name && !GENERIC_FIELDS.has(field) && !command.fields.includes(field)) {
      throw new CommandError(
        code.IDLUnknownField,
        `BSON field '${name}.${field}' is an unknown field.`,
      );
    }
  }
}

interface Statement {
  readonly name: string;
  readonly command: Command;
  readonly body: Doc;
  readonly session: Session | null;
  readonly standing: Standing;
}

function beginStatement(engine: Engine, statement: Statement): Transaction | null {
  const { name, command, body, session, standing } = statement;
  const txnNumber = body.get('txnNumber');
  if (txnNumber === undefined) {
    if (body.has('autocommit') || body.has('startTransaction'))
      throw new CommandError(
        code.InvalidOptions,
        "'autocommit' and 'startTransaction' need a txnNumber",
      );
    return null;
  }
  if (!session)
    throw new CommandError(
      code.InvalidOptions,
      'Transaction number requires a session ID to also be specified',
    );
  if (typeof txnNumber !== 'bigint' || txnNumber < 0n)
    throw new CommandError(code.InvalidOptions, 'txnNumber must be a long of zero or more');
  if (!standing.inTransaction) {
    if (body.has('autocommit'))
      throw new CommandError(code.InvalidOptions, 'Specifying autocommit=true is not allowed.');
    if (!command.retryable)
      throw new CommandError(
        50768,
        `txnNumber may only be provided for multi-document transactions and retryable write commands. autocommit:false was not provided, and ${name} is not a retryable write command.`,
      );
    engine.sessions.beginRetryable(session, txnNumber);
    return null;
  }
  if (standing.endsTransaction) return null; // the command itself looks at the state
  if (!command.inTransaction) {
    if (session.transaction && body.get('startTransaction') !== true)
      engine.sessions.abort(session);
    throw new CommandError(
      code.OperationNotSupportedInTransaction,
      `Cannot run '${name}' in a multi-document transaction.`,
    );
  }
  if (body.get('startTransaction') === true) return engine.sessions.start(session, txnNumber);
  return engine.sessions.resume(session, txnNumber);
}

function maxTime(body: Doc): number | null {
  const v = body.get('maxTimeMS');
  if (v === undefined) return null;
  const ms = isNumber(v) ? toDouble(v) : Number.NaN;
  if (!Number.isInteger(ms) || ms < 0)
    throw badValue('maxTimeMS must be a whole number of zero or more');
  return ms === 0 ? null : ms;
}

const hasErrors = (reply: Reply): boolean => {
  const { writeErrors, nErrors } = reply;
  return (
    (Array.isArray(writeErrors) && writeErrors.length > 0) ||
    (typeof nErrors === 'number' && nErrors > 0)
  );
};

/** The write concern error of a command that asks for more nodes than the one there is. */
export function writeConcernError(body: Doc): Plain | null {
  const writeConcern = body.get('writeConcern');
  const w = isDoc(writeConcern) ? writeConcern.get('w') : undefined;
  const unknownTag = typeof w === 'string' && w !== 'majority';
  if (!unknownTag && !(isNumber(w) && toDouble(w) > 1)) return null;
  return {
    code: code.UnsatisfiableWriteConcern,
    codeName: 'UnsatisfiableWriteConcern',
    errmsg: 'Not enough data-bearing nodes',
  };
}

/** The answer of a failed command. */
export function errorReply(error: unknown, name: string, standing: Standing): Plain {
  const known =
    error instanceof CommandError
      ? error
      : new CommandError(code.InternalError, `internal error: ${(error as Error).message}`);
  const labels = [...new Set([...known.labels, ...labelsFor(known.code, name, standing)])];
  return {
    ok: 0,
    errmsg: known.message,
    code: known.code,
    codeName: codeName(known.code),
    ...known.extra,
    errorLabels: labels.length > 0 ? labels : undefined,
  };
}
