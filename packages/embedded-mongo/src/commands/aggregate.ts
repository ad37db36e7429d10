import type { PipelineContext } from '../aggregate/stage.ts';
import { compilePipeline, MAX_STAGES } from '../aggregate/pipeline.ts';
import { checkNamespace } from '../catalog/namespace.ts';
import { DocumentSource } from '../cursors/document-source.ts';
import { openStream } from '../changes/stream.ts';
import { find, type PAUSE } from '../query/find.ts';
import { parseFilter } from '../query/parse.ts';
import { parseSort } from '../sort/sort.ts';
import { SnapshotView } from '../transactions/view.ts';
import { decode } from '../values/decode.ts';
import { encode } from '../values/encode.ts';
import { CommandError, code, failedToParse } from '../values/errors.ts';
import { isNumber, isDoc, type Doc, type Value } from '../values/types.ts';
import { toDouble } from '../values/number.ts';
import {
  collationOf,
  collectionOf,
  countField,
  docField,
  docList,
  flag,
  targetOf,
  variablesOf,
  viewOf,
  type Context,
  type Handler,
  type Reply,
} from './context.ts';
import { explainCommand } from './explain.ts';
import { mergeInto } from './merge.ts';
import { outTo } from './out.ts';
import { sourceOf } from './sources.ts';
import { FIRST_BATCH, openCursor } from './reply.ts';

/** `aggregate` */
export const aggregate: Handler = (context) => {
  const { body, db } = context;
  const pipeline = docList(body, 'pipeline');
  if (pipeline.length > MAX_STAGES)
    throw failedToParse(`Pipeline length must be no longer than ${MAX_STAGES} stages.`);
  if (flag(body, 'explain')) return explainCommand(context, 'queryPlanner');
  const cursor = docField(body, 'cursor');
  if (!cursor)
    throw failedToParse(
      "The 'cursor' option is required, except for aggregate with the explain argument",
    );
  const batchSize = countField(cursor, 'batchSize') ?? FIRST_BATCH;
  const whole = typeof body.get('aggregate') !== 'string';
  const ns = whole ? `${db}.$cmd.aggregate` : checkNamespace(db, String(body.get('aggregate')));
  const [first] = pipeline;
  if (first?.has('$changeStream')) {
    if (context.transaction)
      throw new CommandError(
        code.OperationNotSupportedInTransaction,
        'Cannot run a change stream in a multi-document transaction.',
      );
    const source = openStream(context.engine, {
      db,
      collection: whole ? null : String(body.get('aggregate')),
      pipeline,
      variables: variablesOf(context),
      collation: body.get('collation'),
    });
    return openCursor(context, {
      ns,
      batchSize: batchSize === 0 ? 1 : batchSize,
      stream: true,
      source,
    });
  }
  if (whole && !isOne(body.get('aggregate')))
    throw failedToParse(
      "Invalid command format: the 'aggregate' field must specify a collection name or 1",
    );
  const last = pipeline.at(-1);
  if (last?.has('$out') || last?.has('$merge')) return write(context, { ns, pipeline, last });
  const source = new DocumentSource(run(context, pipeline), context.budget);
  return openCursor(context, { ns, source, batchSize });
};

const isOne = (v: Value | undefined): boolean => isNumber(v) && toDouble(v) === 1;

/** A pipeline that ends in `$out` or `$merge`: its documents are written, the cursor is empty. */
async function write(
  context: Context,
  input: { readonly ns: string; readonly pipeline: readonly Doc[]; readonly last: Doc },
): Promise<Reply> {
  const [[stage, spec]] = [...input.last] as [[string, Value]];
  if (context.transaction)
    throw new CommandError(
      code.OperationNotSupportedInTransaction,
      `${stage} cannot be used in a transaction`,
    );
  const readConcern = docField(context.body, 'readConcern');
  if (readConcern?.get('level') === 'linearizable')
    throw new CommandError(
      code.InvalidOptions,
      `${stage} cannot be used with a 'linearizable' read concern level`,
    );
  const { engine } = context;
  // What is written must not be read again: the pipeline sees the moment it began.
  const snapshot = context.snapshot ?? new SnapshotView(engine.clock.current());
  engine.snapshots.acquire(snapshot.ts);
  try {
    const docs = documents({ ...context, snapshot }, input.pipeline.slice(0, -1));
    if (stage === '$out') await outTo(context, spec, docs);
    else await mergeInto(context, { spec, variables: variablesOf(context) }, docs);
  } finally {
    engine.snapshots.release(snapshot.ts);
  }
  return openCursor(context, {
    ns: input.ns,
    source: new DocumentSource([]),
    batchSize: FIRST_BATCH,
  });
}

function* documents(context: Context, pipeline: readonly Doc[]): Generator<Doc | null> {
  for (const bytes of run(context, pipeline)) yield bytes && decode(bytes);
}

function* run(context: Context, pipeline: readonly Doc[]): Generator<Buffer | null> {
  const collection = isOne(context.body.get('aggregate')) ? undefined : targetOf(context);
  const stageContext: PipelineContext = {
    variables: variablesOf(context),
    collation: collationOf(collection, context.body.get('collation')),
    view: viewOf(context),
    collection: (name) => collectionOf(context, checkNamespace(context.db, name)),
  };
  const made = sourceOf(context, pipeline[0], stageContext.variables);
  if (made) {
    const all = compilePipeline(pipeline.slice(1), stageContext);
    for (const doc of all(made)) yield doc && encode(doc);
    return;
  }
  const { head, rest } = split(pipeline);
  const stage = compilePipeline(rest, stageContext);
  const matcher = parseFilter(head.filter, stageContext);
  const sort = parseSort(head.sort);
  const due = (): boolean => context.budget.due();
  if (rest.length === 0 && collection) {
    const { matches } = find({
      ...stageContext,
      collection,
      matcher,
      sort,
      due,
      skip: head.skip,
      limit: head.limit,
      decoded: false,
      hint: context.body.get('hint'),
    });
    for (const match of matches) yield match && match.bytes;
    return;
  }
  const blind = onlyCounts(rest[0]);
  const execution =
    collection &&
    find({
      ...stageContext,
      collection,
      matcher,
      sort,
      due,
      skip: head.skip,
      limit: head.limit,
      decoded: !blind,
      hint: context.body.get('hint'),
    });
  for (const doc of stage(found(execution?.matches ?? []))) yield doc && encode(doc);
}

const NOTHING: Doc = new Map();

function* found(
  matches: Iterable<{ readonly doc: Doc | null } | typeof PAUSE>,
): Generator<Doc | null> {
  for (const match of matches) yield match && (match.doc ?? NOTHING);
}

// Counting looks at no field, so no document need be decoded for it.
function onlyCounts(stage: Value | undefined): boolean {
  if (!isDoc(stage)) return false;
  if (stage.has('$count')) return true;
  const group = stage.get('$group');
  if (!isDoc(group)) return false;
  return [...group].every(([name, v]) =>
    name === '_id' ? v === null || isNumber(v) : isDoc(v) && isNumber(v.get('$sum')),
  );
}

interface Head {
  filter: Doc;
  sort: Value | undefined;
  skip: number;
  limit: number;
}

/** Takes what an index can serve off the front: $match, $sort, $skip and $limit in this order. */
function split(pipeline: readonly Doc[]): { readonly head: Head; readonly rest: readonly Doc[] } {
  const head: Head = { filter: new Map(), sort: undefined, skip: 0, limit: 0 };
  let at = 0;
  const take = (name: string): Value | undefined => {
    const spec = pipeline[at]?.size === 1 ? pipeline[at]?.get(name) : undefined;
    if (spec !== undefined) at += 1;
    return spec;
  };
  const first = pipeline[0]?.get('$match');
  if (first === undefined || isDoc(first))
    head.filter = (take('$match') as Doc | undefined) ?? head.filter;
  const sort = pipeline[at]?.get('$sort');
  if (isDoc(sort) && sort.size > 0) head.sort = take('$sort');
  const skip = pipeline[at]?.get('$skip');
  if (isNumber(skip) && Number.isInteger(toDouble(skip)) && toDouble(skip) >= 0)
    head.skip = toDouble(take('$skip') as number);
  const limit = pipeline[at]?.get('$limit');
  if (isNumber(limit) && Number.isInteger(toDouble(limit)) && toDouble(limit) > 0)
    head.limit = toDouble(take('$limit') as number);
  return { head, rest: pipeline.slice(at) };
}
