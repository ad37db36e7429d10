import { Blocked, type Writer } from '../transactions/writer.ts';
import type { Doc, Value } from '../values/types.ts';
import { docList, flag, namespaceOf, type Context, type Handler } from './context.ts';
import { collectionFor, insertDocument, runStep } from './statements.ts';
import {
  checkedBatch,
  remember,
  remembered,
  replyOf,
  statementId,
  totals,
  writeError,
  type Totals,
} from './write.ts';

/** Documents inserted in one unit, hence with one oplog row and one turn of the event loop. */
export const INSERT_UNIT = 256;

/** `insert` */
export const insert: Handler = async (context) => {
  const { body } = context;
  const docs = checkedBatch(docList(body, 'documents'));
  const ns = namespaceOf(context);
  const sum = totals();
  const input = {
    ns,
    docs,
    ordered: flag(body, 'ordered', true),
    validate: !flag(body, 'bypassDocumentValidation'),
  };
  for (let from = 0; from < docs.length; from = await insertUnit(context, input, from, sum)) {
    await context.budget.pause();
  }
  return replyOf(sum);
};

/** Documents to be inserted into one collection. */
export interface InsertInput {
  readonly ns: string;
  readonly docs: readonly Doc[];
  readonly ordered: boolean;
  readonly validate: boolean;
  /** The place of the first document among the statements of the command. */
  readonly first?: number;
}

/** Inserts up to a unit of documents and gives the place to go on from. */
export async function insertUnit(
  context: Context,
  input: InsertInput,
  from: number,
  sum: Totals,
): Promise<number> {
  let at = from;
  let failed = false;
  const unit = input.docs.slice(from, from + INSERT_UNIT);
  const first = (input.first ?? 0) + from;
  const writes = unit.some((_, i) => !remembered(context, statementId(context, first + i)));
  if (context.retryable && writes) context.peer.faults?.onRetryableWrite(context.peer);
  await runStep(context, (writer) => {
    const done: (readonly [number, Doc])[] = [];
    try {
      const stop = Math.min(input.docs.length, from + INSERT_UNIT);
      while (at < stop && !(failed && input.ordered)) {
        failed = insertOne(context, input, at, { sum, done, writer });
        at++;
      }
    } finally {
      if (done.length > 0) remember(context, done);
    }
  });
  return failed && input.ordered ? input.docs.length : at;
}

interface InsertStep {
  readonly sum: Totals;
  readonly done: (readonly [number, Doc])[];
  readonly writer: Writer;
}

function insertOne(context: Context, input: InsertInput, at: number, step: InsertStep): boolean {
  const { sum, done, writer } = step;
  const statement = statementId(context, (input.first ?? 0) + at);
  if (remembered(context, statement)) {
    sum.n += 1;
    sum.retried.push(statement);
    return false;
  }
  try {
    const collection = collectionFor(context, input.ns, writer);
    insertDocument(
      context,
      { collection, doc: input.docs[at] as Doc, validate: input.validate },
      writer,
    );
  } catch (error) {
    if (error instanceof Blocked) throw error;
    sum.errors.push(writeError(at, error));
    return true;
  }
  sum.n += 1;
  if (context.retryable) done.push([statement, new Map<string, Value>([['n', 1]])]);
  return false;
}
