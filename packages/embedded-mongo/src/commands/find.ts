import { DocumentSource } from '../cursors/document-source.ts';
import { compileProjection, type Projection } from '../projection/project.ts';
import { find as findDocuments, PAUSE, type Execution, type Match } from '../query/find.ts';
import { parseFilter } from '../query/parse.ts';
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
} from './context.ts';
import { FIRST_BATCH, nextBatch, openCursor } from './reply.ts';

/** A find of a command, planned; null when there is no such collection. */
export function planFind(
  context: Context,
  body: Doc,
): { readonly execution: Execution; readonly projection: Projection | null } | null {
  for (const name of [
    'tailable',
    'awaitData',
    'returnKey',
    'showRecordId',
    'min',
    'max',
    'oplogReplay',
  ]) {
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
  const sortDoc = body.get('sort');
  const sort = parseSort(sortDoc);
  const natural = isDoc(sortDoc) && sortDoc.has('$natural') ? sortDoc : undefined;
  const skip = countField(body, 'skip') ?? 0;
  const limit = countField(body, 'limit') ?? 0;
  if (!collection) return null;
  const execution = findDocuments({
    collection,
    view: viewOf(context),
    matcher,
    sort,
    collation,
    skip,
    limit,
    decoded: false,
    hint: body.get('hint') ?? natural,
  });
  return { execution, projection };
}

function* results(
  matches: Iterable<Match | typeof PAUSE>,
  projection: Projection | null,
): Generator<Uint8Array | null> {
  for (const match of matches) {
    if (match === PAUSE || !projection) yield match && match.bytes;
    else {
      const { fields } = projection;
      yield encode(
        projection.apply(fields ? decodeFields(match.bytes, fields) : decode(match.bytes)),
      );
    }
  }
}

/** `find` */
export const find: Handler = (context) => {
  const { body } = context;
  const planned = planFind(context, body);
  const batchSize = countField(body, 'batchSize') ?? FIRST_BATCH;
  const docs = planned ? results(planned.execution.matches, planned.projection) : [];
  return openCursor(context, {
    ns: namespaceOf(context),
    source: new DocumentSource(docs, () => context.budget.pause()),
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
  cursor.busy = true;
  try {
    const batch = await cursor.source.next({
      count: countField(body, 'batchSize') ?? 0,
      waitMs,
      stop: context.peer.closed,
    });
    if (batch.last) engine.cursors.close(id);
    return nextBatch(batch, batch.last ? 0n : id, cursor.ns);
  } catch (error) {
    engine.cursors.close(id);
    throw error;
  } finally {
    cursor.busy = false;
  }
};

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
