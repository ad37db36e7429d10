import {
  CommandError,
  badValue,
  code,
  codeName,
  notImplemented,
  searchNotEnabled,
  typeMismatch,
} from '../values/errors.ts';
import type { Plain } from '../values/encode.ts';
import { toDouble } from '../values/number.ts';
import { isDoc, isNumber, Timestamp, typeName, type Doc } from '../values/types.ts';
import { Budget } from './budget.ts';
import { atMoment, checkConcerns } from './concerns.ts';
import type { Context, Peer, Reply } from './context.ts';
import { checkDb } from '../catalog/namespace.ts';
import type { Engine } from './engine.ts';
import { labelsFor, standingOf, type Standing } from './labels.ts';
import {
  COMMANDS,
  GENERIC_FIELDS,
  REFUSED_COMMANDS,
  SEARCH_COMMANDS,
  type Command,
} from './registry.ts';
import { lsidKey } from './sessions.ts';
import { checkStableApi } from './stable-api.ts';
import type { Session } from '../transactions/sessions.ts';
import type { Transaction } from '../transactions/writer.ts';

/** Runs one command and gives its whole answer; errors are thrown. */
export async function dispatch(engine: Engine, peer: Peer, body: Doc): Promise<Reply> {
  const [name = ''] = body.keys();
  const command = COMMANDS.get(name);
  if (command || REFUSED_COMMANDS.has(name)) checkStableApi(name, body);
  if (!command) {
    if (SEARCH_COMMANDS.has(name)) throw searchNotEnabled(`the command '${name}'`);
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
  checkClusterTime(body);
  const session = body.has('lsid') ? engine.sessions.use(lsidKey(body.get('lsid'))) : null;
  const standing = standingOf(name, body);
  const transaction = beginStatement(engine, { name, command, body, session, standing });
  try {
    const reply = await run(engine, peer, {
      name,
      command,
      db,
      body,
      session,
      standing,
      transaction,
    });
    transaction?.checkOpen(); // a read that rested meanwhile has seen what nobody kept for it
    if (transaction && hasErrors(reply) && session?.transaction === transaction)
      engine.sessions.abort(session);
    return reply;
  } catch (error) {
    // Any error inside a transaction ends it, except one that only tells of a lost cursor.
    if (transaction && session?.transaction === transaction) engine.sessions.abort(session);
    else transaction?.checkOpen(); // it had ended before, and that is the answer
    throw error;
  }
}

async function run(
  engine: Engine,
  peer: Peer,
  statement: Statement & { readonly db: string; readonly transaction: Transaction | null },
): Promise<Reply> {
  const { name, command, db, body, session, standing, transaction } = statement;
  const snapshot = checkConcerns(engine, { name, body, standing });
  const maxTimeMs = name === 'getMore' ? null : maxTime(body);
  if (maxTimeMs !== null) peer.faults?.onTimeLimit();
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
    budget: new Budget(engine.now, maxTimeMs),
  };
  const operation = engine.operations.begin(peer, db, body);
  try {
    if (!snapshot) return await command.run(context);
    return await atMoment(engine, snapshot.ts, () => command.run(context));
  } finally {
    engine.operations.end(operation);
  }
}

function checkFields(name: string, command: Command, body: Doc): void {
  if (command.fields === 'any') return;
  for (const field of body.keys()) {
    if (field !== name && !GENERIC_FIELDS.has(field) && !command.fields.includes(field)) {
      throw new CommandError(
        code.IDLUnknownField,
        `BSON field '${name}.${field}' is an unknown field.`,
      );
    }
  }
}

// The cluster time of a client is not followed, but one that is none tells of a broken client.
function checkClusterTime(body: Doc): void {
  const gossip = body.get('$clusterTime');
  if (gossip === undefined) return;
  const time = isDoc(gossip) ? gossip.get('clusterTime') : gossip;
  if (!(time instanceof Timestamp))
    throw typeMismatch(
      `BSON field '$clusterTime.clusterTime' is the wrong type '${typeName(time)}', expected type 'timestamp'`,
    );
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
