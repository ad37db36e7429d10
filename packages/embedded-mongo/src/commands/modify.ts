import type { Collection } from '../catalog/collection.ts';
import { writeDocument } from '../index/write.ts';
import { find, PAUSE, type Match } from '../query/find.ts';
import { parseFilter } from '../query/parse.ts';
import { idOf } from '../query/path.ts';
import type { Matcher } from '../query/matcher.ts';
import type { Collation } from '../query/text-fold.ts';
import { parseSort, type SortSpec } from '../sort/sort.ts';
import { timestampOf } from '../transactions/cluster-clock.ts';
import type { Writer } from '../transactions/writer.ts';
import { compileUpdate, type Update } from '../update/update.ts';
import { upsertBase } from '../update/upsert.ts';
import { equal } from '../values/compare.ts';
import { CommandError, code } from '../values/errors.ts';
import { show } from '../values/show.ts';
import type { Doc, Value } from '../values/types.ts';
import { collationOf, type Context, viewOf } from './context.ts';
import type { Variables } from '../expression/compile.ts';
import { collectionFor, imageOf, insertDocument, runStep, storable } from './statements.ts';

/** One statement that changes or removes documents. */
export interface ModifyStatement {
  readonly ns: string;
  readonly filter: Doc;
  /** The update, or null to delete. */
  readonly update: Value | null;
  readonly multi: boolean;
  readonly upsert: boolean;
  /** What an upsert inserts, instead of what the filter and the update make (`$merge`). */
  readonly supplied?: Doc;
  readonly sort: Value | undefined;
  readonly collation: Value | undefined;
  readonly hint: Value | undefined;
  readonly arrayFilters: readonly Doc[];
  readonly variables: Variables;
  readonly validate: boolean;
}

/** What a statement did. */
export interface ModifyResult {
  matched: number;
  modified: number;
  upsertedId?: Value;
  /** Images of the last document, for findAndModify. */
  before?: Buffer;
  after?: Buffer;
}

interface Work {
  readonly statement: ModifyStatement;
  readonly matcher: Matcher;
  readonly sort: SortSpec | null;
  readonly collation: Collation | null;
  readonly update: Update | null;
}

/**
 * Runs one update or delete statement.
 * @param keep called with the result in the turn of a single-document write (retryable results)
 */
export async function modify(
  context: Context,
  statement: ModifyStatement,
  keep?: (result: ModifyResult) => void,
): Promise<ModifyResult> {
  const { engine } = context;
  const collation = collationOf(
    engine.collection(statement.ns, context.transaction),
    statement.collation,
  );
  const matcher = parseFilter(statement.filter, { collation, variables: statement.variables });
  const update =
    statement.update === null
      ? null
      : compileUpdate(statement.update, {
          filter: matcher,
          arrayFilters: statement.arrayFilters,
          variables: statement.variables,
          clock: { nowMs: engine.now(), clusterTime: timestampOf(engine.clock.current()) },
        });
  if (update?.replacement && statement.multi)
    throw new CommandError(
      code.FailedToParse,
      'multi update is not supported for replacement-style update',
    );
  const work: Work = { statement, matcher, collation, update, sort: parseSort(statement.sort) };
  return statement.multi ? modifyMany(context, work, keep) : modifyOne(context, work, keep);
}

function search(
  context: Context,
  collection: Collection,
  work: Work,
  limit: number,
): Generator<Match | typeof PAUSE> {
  const { matcher, sort, collation, statement } = work;
  return find({
    collection,
    view: viewOf(context),
    matcher,
    sort,
    collation,
    hint: statement.hint,
    skip: 0,
    limit,
    decoded: true,
    due: () => context.budget.due(),
  }).matches;
}

// A short search and its change happen in one turn, so nobody comes between them. A long search lets
// others have their turns, and looks at the document again before it changes it.
async function modifyOne(
  context: Context,
  work: Work,
  keep?: (result: ModifyResult) => void,
): Promise<ModifyResult> {
  const done = (result: ModifyResult | null): void => void (result && keep?.(result));
  const target = (): Collection | undefined =>
    context.engine.collection(work.statement.ns, context.transaction);
  const quick = await runStep(
    context,
    (writer) => {
      const collection = target();
      for (const match of collection ? search(context, collection, work, 1) : []) {
        return match === PAUSE ? null : change(writer, collection as Collection, work, match);
      }
      return upsert(context, work, writer);
    },
    done,
  );
  if (quick) return quick;
  for (;;) {
    const rid = await firstMatch(context, work, target());
    const result = await runStep(
      context,
      (writer) => {
        const collection = target();
        if (rid === null || !collection) return upsert(context, work, writer);
        const image = imageOf(writer, collection, rid);
        if (!image || !work.matcher.test(image.doc)) return null;
        return change(writer, collection, work, { rid, ...image });
      },
      done,
    );
    if (result) return result;
  }
}

async function firstMatch(
  context: Context,
  work: Work,
  collection: Collection | undefined,
): Promise<number | null> {
  for (const match of collection ? search(context, collection, work, 1) : []) {
    if (match !== PAUSE) return match.rid;
    await context.budget.pause();
  }
  return null;
}

async function modifyMany(
  context: Context,
  work: Work,
  keep?: (result: ModifyResult) => void,
): Promise<ModifyResult> {
  const total: ModifyResult = { matched: 0, modified: 0 };
  const collection = context.engine.collection(work.statement.ns, context.transaction);
  const rids: number[] = [];
  for (const match of collection ? search(context, collection, work, 0) : []) {
    if (match === PAUSE) await context.budget.pause();
    else rids.push(match.rid); // all are found first: a change may move a document ahead of the walk
  }
  for (const rid of rids) {
    await context.budget.pause();
    const one = await runStep(context, (writer) => {
      const image = imageOf(writer, collection as Collection, rid);
      if (!image || !work.matcher.test(image.doc)) return null; // changed while we waited
      return change(writer, collection as Collection, work, { rid, ...image });
    });
    total.matched += one?.matched ?? 0;
    total.modified += one?.modified ?? 0;
  }
  if (total.matched > 0) return total;
  return runStep(context, (writer) => upsert(context, work, writer), keep);
}

function change(writer: Writer, collection: Collection, work: Work, match: Match): ModifyResult {
  const before = { doc: match.doc as Doc, bytes: match.bytes };
  if (!work.update) {
    writeDocument(writer, collection, { rid: match.rid, before, after: null });
    return { matched: 1, modified: 1, before: before.bytes };
  }
  const changed = work.update.apply(before.doc, 'update');
  const id = changed.get('_id');
  if (id === undefined || !equal(id, idOf(before.doc))) {
    throw immutableId(work.update.replacement, id);
  }
  const after = storable(changed);
  if (after.bytes.equals(before.bytes)) {
    writer.claim(collection.docs, match.rid);
    return { matched: 1, modified: 0, before: before.bytes, after: before.bytes };
  }
  if (work.statement.validate) collection.validator?.(after.doc);
  writeDocument(writer, collection, {
    rid: match.rid,
    before,
    after,
    replacement: work.update.replacement,
  });
  return { matched: 1, modified: 1, before: before.bytes, after: after.bytes };
}

const immutableId = (replacement: boolean, id: Value | undefined): CommandError =>
  new CommandError(
    code.ImmutableField,
    replacement
      ? `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${show(id)}`
      : "Performing an update on the path '_id' would modify the immutable field '_id'",
  );

function upsert(context: Context, work: Work, writer: Writer): ModifyResult {
  const { update, statement, matcher } = work;
  if (!update || !statement.upsert) return { matched: 0, modified: 0 };
  const base = upsertBase(matcher, update.replacement);
  const doc = statement.supplied ?? update.apply(base, 'insert');
  const [asked, made] = [base.get('_id'), doc.get('_id')];
  if (asked !== undefined && (made === undefined || !equal(asked, made)))
    throw immutableId(update.replacement, made);
  const collection = collectionFor(context, statement.ns, writer);
  const { doc: stored, bytes } = insertDocument(
    context,
    { collection, doc, validate: statement.validate },
    writer,
  );
  return { matched: 1, modified: 0, upsertedId: idOf(stored), after: bytes };
}
