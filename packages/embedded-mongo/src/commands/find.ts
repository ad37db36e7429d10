import type { Cursor } from '../cursors/cursors.ts';
import { DocumentSource } from '../cursors/document-source.ts';
import { compileProjection, type Projection } from '../projection/project.ts';
import type { Collection } from '../catalog/collection.ts';
import type { Plan } from '../index/planner.ts';
import { rangePlan } from '../index/range-plan.ts';
import { find as findDocuments, PAUSE, type Execution } from '../query/find.ts';
import { parseFilter } from '../query/parse.ts';
import { valueAt } from '../query/path.ts';
import { parseSort } from '../sort/sort.ts';
import { decode, decodeFields } from '../values/decode.ts';
import { encode } from '../values/encode.ts';
import { badValue, CommandError, code, notImplemented } from '../values/errors.ts';
import { isDoc, type Doc } from '../values/types.ts';
import {
  collationOf,
  countField,
  docField,
  flag,
  namespaceOf,
  targetOf,
  variablesOf,
  viewOf,
  type Context,
  type Handler,
  type Reply,
} from './context.ts';
import { atMoment } from './concerns.ts';
import { resumable } from './labels.ts';
import { FIRST_BATCH, nextBatch, openCursor } from './reply.ts';

/** A find of a command, planned. */
export interface PlannedFind {
  readonly collection: Collection;
  readonly execution: Execution;
  readonly projection: Projection | null;
}

/** Plans the find of a command; null when there is no such collection. */
export function planFind(context: Context, body: Doc): PlannedFind | null {
  for (const name of ['tailable', 'awaitData', 'oplogReplay']) {
    if (body.has(name) && body.get(name) !== false)
      throw notImplemented(`the find option '${name}'`);
  }
  const variables = variablesOf(context, docField(body, 'let'));
  const collection = targetOf(context);
  const collation = collationOf(collection, body.get('collation'));
  const matcher = parseFilter(docField(body, 'filter') ?? new Map(), { collation, variables });
  const spec = docField(body, 'projection');
  const projection =
    spec && spec.size > 0
      ? compileProjection(spec, { kind: 'find', variables, collation, filter: matcher })
      : null;
  if (projection && flag(body, 'returnKey')) throw notImplemented('returnKey with a projection');
  const sortDoc = body.get('sort');
  const sort = parseSort(sortDoc);
  const natural = isDoc(sortDoc) && sortDoc.has('$natural') ? sortDoc : undefined;
  const skip = countField(body, 'skip') ?? 0;
  const limit = countField(body, 'limit') ?? 0;
  const [min, max] = [docField(body, 'min'), docField(body, 'max')];
  if (!collection) return null;
  const hint = body.get('hint') ?? natural;
  const execution = findDocuments({
    collection,
    view: viewOf(context),
    matcher,
    sort,
    collation,
    skip,
    limit,
    hint,
    decoded: false,
    plan: min || max ? rangePlan(collection, { min, max, hint }) : undefined,
    due: () => context.budget.due(),
  });
  return { collection, execution, projection };
}

function* results(planned: PlannedFind, body: Doc): Generator<Uint8Array | null> {
  const { collection, execution, projection } = planned;
  const onlyKey = flag(body, 'returnKey');
  const withId = flag(body, 'showRecordId') && !onlyKey; // as in MongoDB: the key, and nothing else
  const shape = onlyKey ? keyShape(execution.plan) : shapeOf(projection);
  for (const match of execution.matches) {
    if (match === PAUSE) yield null;
    else if (!shape && !withId) yield match.bytes;
    else {
      const doc = shape ? shape(match.bytes) : decode(match.bytes);
      // Record ids of all collections lie on one line; each collection counts from one.
      if (withId) doc.set('$recordId', BigInt(match.rid - collection.from));
      yield encode(doc);
    }
  }
}

function shapeOf(projection: Projection | null): ((bytes: Buffer) => Doc) | null {
  if (!projection) return null;
  const { fields, apply } = projection;
  return (bytes) => new Map(apply(fields ? decodeFields(bytes, fields) : decode(bytes)));
}

// `returnKey`: the fields of the index that found a document, and none when no index did.
function keyShape(plan: Plan): (bytes: Buffer) => Doc {
  if (plan.kind === 'collection') return () => new Map();
  if (plan.kind === 'or' || plan.index.multikey)
    throw notImplemented('returnKey of a multikey index or of several indexes');
  const { parts } = plan.index.definition;
  return (bytes) => {
    const doc = decode(bytes);
    return new Map(parts.map(({ field, path }) => [field, valueAt(doc, path) ?? null]));
  };
}

/** `find` */
export const find: Handler = (context) => {
  const { body } = context;
  const planned = planFind(context, body);
  const batchSize = countField(body, 'batchSize') ?? FIRST_BATCH;
  const docs = planned ? results(planned, body) : [];
  return openCursor(context, {
    ns: namespaceOf(context),
    source: new DocumentSource(docs, context.budget),
    batchSize,
    singleBatch: flag(body, 'singleBatch'),
    noTimeout: flag(body, 'noCursorTimeout'),
  });
};

/** `getMore` */
export const getMore: Handler = async (context) => {
  const { body, engine } = context;
  const id = body.get('getMore');
  if (typeof id !== 'bigint')
    throw new CommandError(
      code.TypeMismatch,
      "BSON field 'getMore.getMore' is the wrong type, expected type 'long'",
    );
  const cursor = engine.cursors.get(id);
  const ns = `${context.db}.${String(body.get('collection'))}`;
  if (ns !== cursor.ns)
    throw new CommandError(
      code.Unauthorized,
      `Requested getMore on namespace '${ns}', but cursor belongs to a different namespace ${cursor.ns}`,
    );
  if (cursor.lsid !== null && cursor.lsid !== (context.session?.lsid ?? null)) {
    throw new CommandError(
      50738,
      'Cannot run getMore on a cursor that was created in another session',
    );
  }
  if (cursor.txnNumber !== (context.transaction?.txnNumber ?? null))
    throw new CommandError(50739, 'Cannot run getMore on a cursor of another transaction');
  if (cursor.busy) throw badValue(`cursor id ${id} is already in use`);
  const waitMs = countField(body, 'maxTimeMS') ?? null;
  if (waitMs !== null && !cursor.stream)
    throw badValue('cannot set maxTimeMS on getMore command for a non-awaitData cursor');
  const { snapshotTs } = cursor;
  return snapshotTs === null
    ? takeBatch(context, cursor, waitMs)
    : atMoment(engine, snapshotTs, () => takeBatch(context, cursor, waitMs));
};

async function takeBatch(context: Context, cursor: Cursor, waitMs: number | null): Promise<Reply> {
  const { body, engine } = context;
  cursor.busy = true;
  try {
    context.peer.faults?.onGetMore(context.peer);
    const batch = await cursor.source.next({
      count: countField(body, 'batchSize') ?? 0,
      waitMs,
      stop: context.peer.closed,
    });
    if (batch.last) engine.cursors.close(cursor.id);
    return nextBatch(batch, batch.last ? 0n : cursor.id, cursor.ns);
  } catch (error) {
    engine.cursors.close(cursor.id);
    throw cursor.stream ? resumable(error) : error;
  } finally {
    cursor.busy = false;
  }
}

/** `killCursors` */
export const killCursors: Handler = (context) => {
  const ids = context.body.get('cursors');
  if (!Array.isArray(ids)) throw badValue("BSON field 'killCursors.cursors' must be an array");
  const cursorsKilled: bigint[] = [];
  const cursorsNotFound: bigint[] = [];
  for (const id of ids) {
    if (typeof id !== 'bigint')
      throw new CommandError(code.TypeMismatch, "BSON field 'killCursors.cursors' must hold longs");
    (context.engine.cursors.close(id) ? cursorsKilled : cursorsNotFound).push(id);
  }
  return { cursorsKilled, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [] };
};
