import { CommandError, code, notImplemented, TRANSIENT } from '../values/errors.ts';
import { Binary, isDoc, type Doc, type Value } from '../values/types.ts';
import { SESSION_MINUTES } from '../transactions/sessions.ts';
import type { Context, Handler } from './context.ts';

/** The key of a session in the tables: the sixteen bytes of its id as a binary string. */
export function lsidKey(lsid: Value | undefined): string {
  const id = isDoc(lsid) ? lsid.get('id') : undefined;
  if (!(id instanceof Binary) || id.subtype !== 4 || id.bytes.length !== 16) {
    throw new CommandError(code.BadValue, "BSON field 'lsid.id' must be a UUID");
  }
  return Buffer.from(id.bytes).toString('latin1');
}

function endAll(context: Context, list: Value | undefined): void {
  if (!Array.isArray(list))
    throw new CommandError(code.TypeMismatch, `BSON field '${context.name}' must be an array`);
  for (const lsid of list) end(context, lsidKey(lsid));
}

function end(context: Context, lsid: string): void {
  const session = context.engine.sessions.end(lsid);
  for (const id of session?.cursors ?? []) context.engine.cursors.close(id);
}

/** `startSession` */
export const startSession: Handler = (context) => {
  const bytes = context.engine.randomBytes(16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return { id: { id: new Binary(bytes, 4) }, timeoutMinutes: SESSION_MINUTES };
};

/** `refreshSessions` */
export const refreshSessions: Handler = (context) => {
  const list = context.body.get('refreshSessions');
  if (Array.isArray(list)) for (const lsid of list) context.engine.sessions.use(lsidKey(lsid));
  return {};
};

/** `endSessions` and `killSessions` */
export const endSessions: Handler = (context) => {
  endAll(context, context.body.get(context.name));
  return {};
};

/** `killAllSessions` */
export const killAllSessions: Handler = (context) => {
  const list = context.body.get('killAllSessions');
  if (Array.isArray(list) && list.length > 0)
    throw notImplemented('killAllSessions for some users');
  for (const lsid of context.engine.sessions.ids()) end(context, lsid);
  return {};
};

function transactionNumber(body: Doc): bigint {
  const n = body.get('txnNumber');
  if (typeof n !== 'bigint')
    throw new CommandError(code.InvalidOptions, 'Transaction number must be a long');
  return n;
}

/** `commitTransaction`; sent again after a success, even after a crash, it answers success again. */
export const commitTransaction: Handler = (context) => {
  const { session, engine, body } = context;
  if (!session || body.get('autocommit') !== false)
    throw new CommandError(125, 'commitTransaction must be run within a transaction');
  const transaction = session.transaction;
  engine.sessions.commit(session, transactionNumber(body));
  if (transaction) closeCursors(context, transaction.txnNumber);
  return {};
};

/** `abortTransaction` */
export const abortTransaction: Handler = (context) => {
  const { session, engine, body } = context;
  if (!session || body.get('autocommit') !== false)
    throw new CommandError(125, 'abortTransaction must be run within a transaction');
  const txnNumber = transactionNumber(body);
  try {
    engine.sessions.resume(session, txnNumber);
  } catch (error) {
    // An abort that finds nothing to abort is not to be retried as a whole.
    if (error instanceof CommandError && error.labels.includes(TRANSIENT))
      throw new CommandError(error.code, error.message);
    throw error;
  }
  engine.sessions.abort(session);
  closeCursors(context, txnNumber);
  return {};
};

function closeCursors(context: Context, txnNumber: bigint): void {
  const lsid = context.session?.lsid;
  context.engine.cursors.closeWhere(
    (cursor) => cursor.lsid === lsid && cursor.txnNumber === txnNumber,
  );
}
