import { CommandError, code } from '../values/errors.ts';
import type { Encodable } from '../values/encode.ts';
import { toDouble } from '../values/number.ts';
import { isNumber, type Doc, type Value } from '../values/types.ts';
import {
  docField,
  docList,
  flag,
  namespaceOf,
  variablesOf,
  type Context,
  type Handler,
  type Reply,
} from './context.ts';
import { modify, type ModifyResult } from './modify.ts';

/** Most statements in one command. */
export const MAX_BATCH = 100_000;

/** The statements of a command, if their number is allowed. @throws CommandError 16 */
export function checkedBatch(list: readonly Doc[]): readonly Doc[] {
  if (list.length === 0 || list.length > MAX_BATCH) {
    throw new CommandError(
      code.InvalidLength,
      `Write batch sizes must be between 1 and ${MAX_BATCH}. Got ${list.length} operations.`,
    );
  }
  return list;
}

/** The number a statement's result is kept under. */
export function statementId(context: Context, index: number): number {
  const ids = context.body.get('stmtIds');
  const own = Array.isArray(ids) ? ids[index] : undefined;
  if (isNumber(own)) return toDouble(own);
  const base = context.body.get('stmtId');
  return (isNumber(base) ? toDouble(base) : 0) + index;
}

/** The result kept of an earlier try of a retryable statement. */
export const remembered = (context: Context, statement: number): Doc | undefined =>
  context.retryable ? context.session?.retry.results.get(statement) : undefined;

/** Keeps results of retryable statements; in the same turn as the writes. */
export function remember(context: Context, results: readonly (readonly [number, Doc])[]): void {
  if (context.retryable && context.session)
    context.engine.sessions.remember(context.session, results);
}

const ENDS_COMMAND: ReadonlySet<number> = new Set([
  code.WriteConflict,
  code.MaxTimeMSExpired,
  code.NoSuchTransaction,
  code.SnapshotUnavailable,
  code.LockTimeout,
  code.NotImplemented,
]);

/** An error as it stands in `writeErrors`; errors that end the whole command are thrown again. */
export function writeError(index: number, error: unknown): Encodable {
  if (!(error instanceof CommandError)) throw error;
  if (ENDS_COMMAND.has(error.code)) throw error;
  return { index, code: error.code, ...error.extra, errmsg: error.message };
}

/** Sums of a write command. */
export interface Totals {
  n: number;
  modified: number;
  readonly upserted: Encodable[];
  readonly errors: Encodable[];
  readonly retried: number[];
}

/** Sums at the start. */
export const totals = (): Totals => ({ n: 0, modified: 0, upserted: [], errors: [], retried: [] });

/** The answer of a write command. */
export const replyOf = (sum: Totals, more: Reply = {}): Reply => ({
  n: sum.n,
  ...more,
  upserted: sum.upserted.length > 0 ? sum.upserted : undefined,
  writeErrors: sum.errors.length > 0 ? sum.errors : undefined,
  retriedStmtIds: sum.retried.length > 0 ? sum.retried : undefined,
});

/** The compact form of a result that a retry is answered from. */
export function keptResult(result: ModifyResult): Doc {
  const kept: Doc = new Map<string, Value>([
    ['n', result.matched],
    ['m', result.modified],
  ]);
  if (result.upsertedId !== undefined) kept.set('u', result.upsertedId);
  return kept;
}

const asResult = (kept: Doc): ModifyResult => {
  const upsertedId = kept.get('u');
  return {
    matched: Number(kept.get('n')),
    modified: Number(kept.get('m')),
    ...(upsertedId === undefined ? {} : { upsertedId }),
  };
};

/** Runs a retryable statement once, whatever number of times it is sent. */
export async function once(
  context: Context,
  statement: number,
  run: (keep: (result: ModifyResult) => void) => Promise<ModifyResult>,
): Promise<{ readonly result: ModifyResult; readonly retried: boolean }> {
  const earlier = remembered(context, statement);
  if (earlier) return { result: asResult(earlier), retried: true };
  return {
    result: await run((result) => remember(context, [[statement, keptResult(result)]])),
    retried: false,
  };
}

async function eachStatement(
  context: Context,
  list: readonly Doc[],
  run: (statement: Doc, keep: (result: ModifyResult) => void) => Promise<ModifyResult>,
): Promise<Totals> {
  const sum = totals();
  const ordered = flag(context.body, 'ordered', true);
  for (const [index, statement] of list.entries()) {
    try {
      const id = statementId(context, index);
      const { result, retried } = await once(context, id, (keep) => run(statement, keep));
      if (retried) sum.retried.push(id);
      sum.n += result.matched;
      sum.modified += result.modified;
      if (result.upsertedId !== undefined) sum.upserted.push({ index, _id: result.upsertedId });
    } catch (error) {
      sum.errors.push(writeError(index, error));
      if (ordered) break;
    }
  }
  return sum;
}

function refuseUnknown(statement: Doc, known: ReadonlySet<string>, where: string): void {
  for (const name of statement.keys()) {
    if (!known.has(name))
      throw new CommandError(
        code.IDLUnknownField,
        `BSON field '${where}.${name}' is an unknown field.`,
      );
  }
}

const UPDATE_FIELDS = new Set([
  'q',
  'u',
  'c',
  'multi',
  'upsert',
  'collation',
  'arrayFilters',
  'hint',
  'sort',
]);
const DELETE_FIELDS = new Set(['q', 'limit', 'collation', 'hint']);

/** `update` */
export const update: Handler = async (context) => {
  const { body } = context;
  const list = checkedBatch(docList(body, 'updates'));
  const ns = namespaceOf(context);
  const validate = !flag(body, 'bypassDocumentValidation');
  const sum = await eachStatement(context, list, (statement, keep) => {
    refuseUnknown(statement, UPDATE_FIELDS, 'update.updates');
    const multi = flag(statement, 'multi');
    if (multi && context.retryable)
      throw new CommandError(code.InvalidOptions, 'Cannot use retryable writes with multi=true');
    if (multi && statement.has('sort'))
      throw new CommandError(code.FailedToParse, 'Cannot specify sort with multi=true');
    const constants = docField(statement, 'c');
    const variables = new Map([
      ...variablesOf(context),
      ...(constants ? variablesOf(context, constants) : []),
    ]);
    return modify(
      context,
      {
        ns,
        multi,
        validate,
        variables,
        filter: docField(statement, 'q') ?? new Map(),
        update: statement.get('u') ?? new Map(),
        upsert: flag(statement, 'upsert'),
        sort: statement.get('sort'),
        collation: statement.get('collation'),
        hint: statement.get('hint'),
        arrayFilters: statement.has('arrayFilters') ? docList(statement, 'arrayFilters') : [],
      },
      keep,
    );
  });
  return replyOf(sum, { nModified: sum.modified });
};

/** `delete` */
export const remove: Handler = async (context) => {
  const list = checkedBatch(docList(context.body, 'deletes'));
  const ns = namespaceOf(context);
  const variables = variablesOf(context);
  const sum = await eachStatement(context, list, (statement, keep) => {
    refuseUnknown(statement, DELETE_FIELDS, 'delete.deletes');
    const limit = statement.get('limit');
    const count = isNumber(limit) ? toDouble(limit) : Number.NaN;
    if (count !== 0 && count !== 1)
      throw new CommandError(
        code.FailedToParse,
        `The limit field in delete objects must be 0 or 1. Got ${count}`,
      );
    if (count === 0 && context.retryable)
      throw new CommandError(code.InvalidOptions, 'Cannot use retryable writes with limit=0');
    return modify(
      context,
      {
        ns,
        variables,
        multi: count === 0,
        validate: false,
        upsert: false,
        update: null,
        sort: undefined,
        arrayFilters: [],
        filter: docField(statement, 'q') ?? new Map(),
        collation: statement.get('collation'),
        hint: statement.get('hint'),
      },
      keep,
    );
  });
  return replyOf(sum);
};
