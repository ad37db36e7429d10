import { checkNamespace } from '../catalog/namespace.ts';
import type { Collection } from '../catalog/collection.ts';
import type { Variables } from '../expression/compile.ts';
import { compileExpression } from '../expression/compile.ts';
import { parseCollation, type Collation } from '../query/text-fold.ts';
import type { Session } from '../transactions/sessions.ts';
import type { Transaction } from '../transactions/writer.ts';
import { LATEST, type SnapshotView, type View } from '../transactions/view.ts';
import { CommandError, code, typeMismatch } from '../values/errors.ts';
import type { Plain } from '../values/encode.ts';
import { truthy } from '../values/make.ts';
import { toDouble } from '../values/number.ts';
import { isDoc, isNumber, typeName, UtcDate, type Doc, type Value } from '../values/types.ts';
import type { Budget } from './budget.ts';
import type { Engine } from './engine.ts';

/** Faults that a test has planted inside of commands; an ordinary start has none. */
export interface Faults {
  /** Called before a retryable statement writes. @throws CommandError instead of the write */
  onRetryableWrite(peer: Peer): void;
  /** Called when `getMore` has found its cursor. @throws CommandError instead of the batch */
  onGetMore(peer: Peer): void;
  /** Called for a command with a time limit. @throws CommandError 50 */
  onTimeLimit(): void;
}

/** What a command knows of its connection. */
export interface Peer {
  readonly id: number;
  /** Ends when the socket closes. */
  readonly closed: AbortSignal;
  /** The address the client dialled, which `hello` gives back. */
  readonly host: string;
  readonly faults: Faults | null;
  appName: string | null;
  authenticated: boolean;
  /** True when the command of the moment is to be carried out but not answered. */
  cut: boolean;
}

/** One command on its way. */
export interface Context {
  readonly engine: Engine;
  readonly peer: Peer;
  readonly name: string;
  readonly db: string;
  readonly body: Doc;
  readonly session: Session | null;
  readonly transaction: Transaction | null;
  /** The moment a read outside of a transaction asks for, if any. */
  readonly snapshot: SnapshotView | null;
  /** True for a retryable write: results are kept by statement number. */
  readonly retryable: boolean;
  readonly budget: Budget;
}

/** A command's answer, without `ok`. */
export type Reply = Plain;

/** Carries out one command. */
export type Handler = (context: Context) => Reply | Promise<Reply>;

/** The namespace a command names in its first field. @throws CommandError 73 */
export function namespaceOf(context: Context): string {
  const name = context.body.get(context.name);
  if (typeof name !== 'string')
    throw new CommandError(
      code.InvalidNamespace,
      `collection name has invalid type ${typeName(name)}`,
    );
  return checkNamespace(context.db, name);
}

/** The collection a command names, or undefined. */
export const targetOf = (context: Context): Collection | undefined =>
  collectionOf(context, namespaceOf(context));

/** A collection as the command may see it, or undefined. @throws CommandError 246 */
export function collectionOf(context: Context, ns: string): Collection | undefined {
  const { engine, snapshot, transaction } = context;
  if (snapshot) engine.checkCatalogAt(ns, snapshot.ts);
  return engine.collection(ns, transaction);
}

/** The collation of an operation: the one it asks for, or else that of the collection. */
export const collationOf = (
  collection: Collection | undefined,
  asked: Value | undefined,
): Collation | null => parseCollation(asked ?? collection?.options.get('collation'));

/** What the command may see. */
export const viewOf = (context: Context): View =>
  context.transaction?.view ?? context.snapshot ?? LATEST;

/** A field that must be a document when it is there. */
export function docField(body: Doc, name: string): Doc | undefined {
  const v = body.get(name);
  if (v === undefined || v === null) return undefined;
  if (!isDoc(v))
    throw typeMismatch(
      `BSON field '${name}' is the wrong type '${typeName(v)}', expected type 'object'`,
    );
  return v;
}

/** A field that must be a whole number of zero or more when it is there. */
export function countField(body: Doc, name: string): number | undefined {
  const v = body.get(name);
  if (v === undefined || v === null) return undefined;
  const n = isNumber(v) ? toDouble(v) : Number.NaN;
  if (Number.isNaN(n))
    throw typeMismatch(
      `BSON field '${name}' is the wrong type '${typeName(v)}', expected types '[long, int, decimal, double]'`,
    );
  if (n < 0)
    throw new CommandError(51024, `BSON field '${name}' value must be >= 0, actual value '${n}'`);
  return Math.floor(n);
}

/** A field that must be a list of documents. */
export function docList(body: Doc, name: string): Doc[] {
  const v = body.get(name);
  if (v === undefined)
    throw new CommandError(
      code.IDLFailedToParse,
      `BSON field '${name}' is missing but a required field`,
    );
  if (!Array.isArray(v))
    throw typeMismatch(
      `BSON field '${name}' is the wrong type '${typeName(v)}', expected type 'array'`,
    );
  return v.map((item) => {
    if (!isDoc(item))
      throw typeMismatch(`BSON field '${name}' must hold objects, found ${typeName(item)}`);
    return item;
  });
}

/** A flag; missing is the default. */
export const flag = (body: Doc, name: string, fallback = false): boolean =>
  body.has(name) ? truthy(body.get(name)) : fallback;

/** The variables of a command: NOW, CLUSTER_TIME and those of `let`. */
export function variablesOf(context: Context, lets?: Doc): Variables {
  const base = new Map<string, Value | undefined>([['NOW', new UtcDate(context.engine.now())]]);
  const given = lets ?? docField(context.body, 'let');
  if (!given) return base;
  const out = new Map(base);
  for (const [name, source] of given) out.set(name, compileExpression(source, base)(new Map()));
  return out;
}
