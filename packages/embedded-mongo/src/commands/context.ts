import { checkNamespace } from '../catalog/namespace.ts';
import type { Collection } from '../catalog/collection.ts';
import type { Variables } from '../expression/compile.ts';
import { compileExpression } from '../expression/compile.ts';
import { parseCollation, type Collation } from '../query/text-fold.ts';
import type { Session } from '../transactions/sessions.ts';
import type { Transaction } from '../transactions/writer.ts';
import { LATEST, type View } from '../transactions/view.ts';
import { CommandError, code, typeMismatch } from '../values/errors.ts';
import type { Plain } from '../values/encode.ts';
import { truthy } from '../values/make.ts';
import { toDouble } from '../values/number.ts';
import { isDoc, isNumber, typeName, UtcDate, type Doc, type Value } from '../values/types.ts';
import type { Engine } from './engine.ts';

/** What a command knows of its connection. */
export interface Peer {
  readonly id: number;
  /** Ends when the socket closes. */
  readonly closed: AbortSignal;
  /** The address the client dialled, which `hello` gives back. */
  readonly host: string;
  appName: string | null;
  authenticated: boolean;
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
  /** True for a retryable write: results are kept by statement number. */
  readonly retryable: boolean;
  readonly budget: Budget;
}

/** A command's answer, without `ok`. */
export type Reply = Plain;

/** Carries out one command. */
export type Handler = (context: Context) => Reply | Promise<Reply>;

const SLICE_MS = 5;

/** How long a command may run, and when it should let others have a turn. */
export class Budget {
  private readonly now: () => number;
  private readonly deadline: number;
  private sliceEnd: number;

  constructor(now: () => number, maxTimeMs: number | null) {
    this.now = now;
    this.deadline = maxTimeMs === null ? Infinity : now() + maxTimeMs;
    this.sliceEnd = now() + SLICE_MS;
  }

  /** Milliseconds that are left. */
  left(): number {
    return Math.max(0, this.deadline - this.now());
  }

  /** @throws CommandError 50 past the deadline */
  check(): void {
    if (this.now() > this.deadline)
      throw new CommandError(code.MaxTimeMSExpired, 'operation exceeded time limit');
  }

  /** Lets the event loop turn when the slice is used up. */
  async pause(): Promise<void> {
    this.check();
    if (this.now() < this.sliceEnd) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.sliceEnd = this.now() + SLICE_MS;
  }

  /** Waits for a lock owner to end, but not past the deadline. */
  async waitFor(done: Promise<void>): Promise<void> {
    if (this.deadline === Infinity) return done;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, this.left())));
    await Promise.race([done, late]);
    clearTimeout(timer);
    this.check();
  }
}

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
  context.engine.collection(namespaceOf(context), context.transaction);

/** The collation of an operation: the one it asks for, or else that of the collection. */
export const collationOf = (
  collection: Collection | undefined,
  asked: Value | undefined,
): Collation | null => parseCollation(asked ?? collection?.options.get('collation'));

/** What the command may see. */
export const viewOf = (context: Context): View => context.transaction?.view ?? LATEST;

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
