import { DocumentSource } from '../cursors/document-source.ts';
import { encode, type Plain } from '../values/encode.ts';
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
import { modify, type ModifyResult } from './modify.ts';
import { FIRST_BATCH, openCursor } from './reply.ts';
import { collectionFor, insertDocument, runStep } from './statements.ts';
import { MAX_BATCH, once, statementId, writeError } from './write.ts';

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
  for (const [index, op] of ops.entries()) {
    await context.budget.pause();
    try {
      const row = await runOp(context, { op, index, namespaces, sums, retried });
      if (!flag(body, 'errorsOnly')) shown.push(encode(row));
    } catch (error) {
      const { index: _, ...facts } = writeError(index, error) as Plain;
      sums.nErrors += 1;
      shown.push(encode({ ok: 0, idx: index, ...facts, n: 0 }));
      if (ordered) break;
    }
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
  readonly op: Doc;
  readonly index: number;
  readonly namespaces: readonly string[];
  readonly sums: Sums;
  readonly retried: number[];
}

async function runOp(context: Context, input: OpInput): Promise<Plain> {
  const { op, index, sums } = input;
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
  const place = op.get(kind);
  const ns = isNumber(place) ? input.namespaces[toDouble(place)] : undefined;
  if (ns === undefined || !ns.includes('.'))
    throw badValue(`bulkWrite: operation ${index} names no namespace of nsInfo`);
  const statement = statementId(context, index);
  const { result, retried } = await once(context, statement, (keep) =>
    kind === 'insert'
      ? insertOp(context, { op, ns }, keep)
      : modifyOp(context, { op, ns, kind }, keep),
  );
  if (retried) input.retried.push(statement);
  if (kind === 'insert') {
    sums.nInserted += 1;
    return { ok: 1, idx: index, n: 1 };
  }
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

async function insertOp(
  context: Context,
  input: { readonly op: Doc; readonly ns: string },
  keep: (result: ModifyResult) => void,
): Promise<ModifyResult> {
  const doc = input.op.get('document');
  if (!isDoc(doc)) throw badValue('bulkWrite: an insert needs a document');
  const validate = !flag(context.body, 'bypassDocumentValidation');
  return runStep(
    context,
    (writer) => {
      insertDocument(
        context,
        { collection: collectionFor(context, input.ns, writer), doc, validate },
        writer,
      );
      return { matched: 1, modified: 0 };
    },
    keep,
  );
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
