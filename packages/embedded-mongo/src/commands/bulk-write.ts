import { DocumentSource } from '../cursors/document-source.ts';
import { encode, type Encodable, type Plain } from '../values/encode.ts';
import { badValue, CommandError, code } from '../values/errors.ts';
import { toDouble } from '../values/number.ts';
import { isDoc, isNumber, type Doc, type Value } from '../values/types.ts';
import {
  docField,
  docList,
  flag,
  countField,
  variablesOf,
  type Context,
  type Handler,
} from './context.ts';
import { INSERT_UNIT, insertUnit } from './insert.ts';
import { modify, type ModifyResult } from './modify.ts';
import { FIRST_BATCH, openCursor } from './reply.ts';
import { MAX_BATCH, once, statementId, totals, writeError } from './write.ts';

const SUMS = ['nErrors', 'nInserted', 'nMatched', 'nModified', 'nUpserted', 'nDeleted'] as const;
type Sums = Record<(typeof SUMS)[number], number>;

const FIELDS: Readonly<Record<string, ReadonlySet<string>>> = {
  insert: new Set(['insert', 'document']),
  update: new Set([
    'update',
    'filter',
    'updateMods',
    'multi',
    'upsert',
    'arrayFilters',
    'collation',
    'hint',
    'sort',
    'constants',
  ]),
  delete: new Set(['delete', 'filter', 'multi', 'collation', 'hint']),
};

/** `bulkWrite`: writes to several collections in one command. */
export const bulkWrite: Handler = async (context) => {
  const { body } = context;
  const ops = docList(body, 'ops');
  if (ops.length === 0 || ops.length > MAX_BATCH)
    throw new CommandError(
      code.InvalidLength,
      `Write batch sizes must be between 1 and ${MAX_BATCH}. Got ${ops.length} operations.`,
    );
  const namespaces = docList(body, 'nsInfo').map((info) => String(info.get('ns')));
  const ordered = flag(body, 'ordered', true);
  const sums: Sums = {
    nErrors: 0,
    nInserted: 0,
    nMatched: 0,
    nModified: 0,
    nUpserted: 0,
    nDeleted: 0,
  };
  const shown: Uint8Array[] = [];
  const retried: number[] = [];
  for (let index = 0; index < ops.length && !(ordered && sums.nErrors > 0);) {
    await context.budget.pause();
    const input = { ops, index, namespaces, ordered, sums, retried };
    const rows = (await insertOps(context, input)) ?? [await tryOp(context, input)];
    for (const row of rows)
      if (row['ok'] === 0 || !flag(body, 'errorsOnly')) shown.push(encode(row));
    index += rows.length;
  }
  const cursor = docField(body, 'cursor');
  const reply = await openCursor(context, {
    ns: 'admin.$cmd.bulkWrite',
    source: new DocumentSource(shown),
    batchSize: (cursor && countField(cursor, 'batchSize')) ?? Math.max(FIRST_BATCH, shown.length),
  });
  return { ...reply, ...sums, retriedStmtIds: retried.length > 0 ? retried : undefined };
};

interface OpInput {
  readonly ops: readonly Doc[];
  readonly index: number;
  readonly namespaces: readonly string[];
  readonly ordered: boolean;
  readonly sums: Sums;
  readonly retried: number[];
}

const errorRow = (index: number, error: Encodable): Plain => {
  const { index: _, ...facts } = error as Plain;
  return { ok: 0, idx: index, ...facts, n: 0 };
};

/** Inserts into one collection that stand side by side are one unit; null when there is none here. */
async function insertOps(context: Context, input: OpInput): Promise<Plain[] | null> {
  const { ops, index, ordered, sums } = input;
  const place = ops[index]?.get('insert');
  const ns = namespaceAt(input, place);
  const docs: Doc[] = [];
  for (const op of ops.slice(index, index + INSERT_UNIT)) {
    const doc = op.get('document');
    if (ns === undefined || op.size !== 2 || op.get('insert') !== place || !isDoc(doc)) break;
    docs.push(doc);
  }
  if (docs.length === 0 || ns === undefined) return null;
  const sum = totals();
  const validate = !flag(context.body, 'bypassDocumentValidation');
  await insertUnit(context, { ns, docs, ordered, validate, first: index }, 0, sum);
  input.retried.push(...sum.retried);
  sums.nInserted += sum.n;
  sums.nErrors += sum.errors.length;
  const errors = new Map(sum.errors.map((error) => [(error as Plain)['index'], error] as const));
  const done = docs.slice(0, ordered ? sum.n + sum.errors.length : docs.length);
  return done.map((_, i) => {
    const error = errors.get(i);
    return error ? errorRow(index + i, error) : { ok: 1, idx: index + i, n: 1 };
  });
}

function namespaceAt(input: OpInput, place: Value | undefined): string | undefined {
  const ns = isNumber(place) ? input.namespaces[toDouble(place)] : undefined;
  return ns?.includes('.') ? ns : undefined;
}

async function tryOp(context: Context, input: OpInput): Promise<Plain> {
  try {
    return await runOp(context, input, input.ops[input.index] as Doc);
  } catch (error) {
    const row = errorRow(input.index, writeError(input.index, error));
    input.sums.nErrors += 1;
    return row;
  }
}

async function runOp(context: Context, input: OpInput, op: Doc): Promise<Plain> {
  const { index, sums } = input;
  const [kind = ''] = op.keys();
  const known = Object.hasOwn(FIELDS, kind) ? FIELDS[kind] : undefined;
  if (!known) throw badValue(`bulkWrite: unknown operation '${kind}'`);
  for (const name of op.keys()) {
    if (!known.has(name))
      throw new CommandError(
        code.IDLUnknownField,
        `BSON field 'bulkWrite.${kind}.${name}' is an unknown field.`,
      );
  }
  const ns = namespaceAt(input, op.get(kind));
  if (ns === undefined)
    throw badValue(`bulkWrite: operation ${index} names no namespace of nsInfo`);
  if (kind === 'insert') throw badValue('bulkWrite: an insert needs a document');
  const statement = statementId(context, index);
  const { result, retried } = await once(context, statement, (keep) =>
    modifyOp(context, { op, ns, kind }, keep),
  );
  if (retried) input.retried.push(statement);
  if (kind === 'delete') {
    sums.nDeleted += result.matched;
    return { ok: 1, idx: index, n: result.matched };
  }
  if (result.upsertedId === undefined) {
    sums.nMatched += result.matched;
    sums.nModified += result.modified;
    return { ok: 1, idx: index, n: result.matched, nModified: result.modified };
  }
  sums.nUpserted += 1;
  return { ok: 1, idx: index, n: 1, nModified: 0, upserted: { _id: result.upsertedId } };
}

function modifyOp(
  context: Context,
  input: { readonly op: Doc; readonly ns: string; readonly kind: string },
  keep: (result: ModifyResult) => void,
): Promise<ModifyResult> {
  const { op, ns, kind } = input;
  const multi = flag(op, 'multi');
  if (multi && context.retryable)
    throw new CommandError(code.InvalidOptions, 'Cannot use retryable writes with multi=true');
  const constants = docField(op, 'constants');
  const variables = new Map([
    ...variablesOf(context),
    ...(constants ? variablesOf(context, constants) : []),
  ]);
  return modify(
    context,
    {
      ns,
      multi,
      variables,
      filter: docField(op, 'filter') ?? new Map(),
      update: kind === 'delete' ? null : ((op.get('updateMods') ?? new Map()) as Value),
      upsert: kind === 'update' && flag(op, 'upsert'),
      sort: op.get('sort'),
      collation: op.get('collation'),
      hint: op.get('hint'),
      arrayFilters: op.has('arrayFilters') ? docList(op, 'arrayFilters') : [],
      validate: !flag(context.body, 'bypassDocumentValidation'),
    },
    keep,
  );
}
