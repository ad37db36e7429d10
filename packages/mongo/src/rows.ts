import assert from 'node:assert/strict';
import type { ClientSession, Model, QueryFilter } from 'mongoose';
import { defer, sendWrites } from './deferred-writes.ts';
import { inSession } from './one-moment.ts';

/**
 * Reading and inserting documents as they are. The stores make their documents and filters whole and typed, so
 * there is nothing for mongoose to cast, default or hydrate; the collection's validator and indexes judge them.
 */

interface Reading {
  readonly session?: ClientSession | null;
  readonly sort?: Readonly<Record<string, 1 | -1>>;
  readonly limit?: number;
}

/** The documents that match, as stored. */
export async function findRows<Document>(
  model: Model<Document>,
  filter: QueryFilter<Document>,
  { session, sort, limit }: Reading = {},
): Promise<Document[]> {
  if (session) await sendWrites(session);
  const options = {
    ...inSession(session),
    ...(sort ? { sort } : {}),
    ...(limit === undefined ? {} : { limit }),
  };
  return model.collection.find(filter as never, options).toArray() as Promise<unknown[]> as Promise<
    Document[]
  >;
}

/** The document that matches, as stored; null when there is none. */
export async function findRow<Document>(
  model: Model<Document>,
  filter: QueryFilter<Document>,
  session: ClientSession | null = null,
): Promise<Document | null> {
  if (session) await sendWrites(session);
  const row: unknown = await model.collection.findOne(filter as never, inSession(session));
  return (row ?? null) as Document | null;
}

/** Inserts one document. */
export async function insertRow<Document>(
  model: Model<Document>,
  document: Document,
  session: ClientSession | null,
): Promise<void> {
  if (defer(session, { name: 'insertOne', into: model, document: document as object })) return;
  await model.collection.insertOne(document as never, session ? { session } : {});
}

/**
 * Updates the one document that the filter is to match.
 * @throws AssertionError, `otherwise`, when it matches none: what depends on it must not be written
 */
export async function updateRow<Document>(
  model: Model<Document>,
  filter: QueryFilter<Document>,
  update: object,
  { session, otherwise }: { session: ClientSession | null; otherwise: string },
): Promise<void> {
  if (defer(session, { name: 'updateOne', into: model, filter, update, otherwise })) return;
  const options = session ? { session } : {};
  const { matchedCount } = await model.collection.updateOne(filter as never, update, options);
  assert.equal(matchedCount, 1, otherwise);
}

/** Where a page begins, and how much of the list it takes. */
export interface PagePlace {
  readonly limit: number;
  /** The place of the last row of the page before; null for the first page. */
  readonly after: string | null;
}

/** One page of a list that is sorted by an instant, newest first. */
export interface RowPage<Document> {
  readonly rows: readonly Document[];
  readonly more: boolean;
}

/**
 * The documents behind a place in a list, newest first by `field` and then by `_id`. The place is the text that
 * {@link placeOf} made of the last row; one that nobody made has nothing behind it.
 */
export async function findPage<Document>(
  model: Model<Document>,
  filter: QueryFilter<Document>,
  page: PagePlace & { readonly field: string },
): Promise<RowPage<Document>> {
  const { field, limit, after } = page;
  let behind: object = {};
  if (after !== null) {
    const [, at = '', id = ''] = /^([^|]*)\|(.*)$/s.exec(after) ?? [];
    const instant = new Date(at);
    if (Number.isNaN(instant.getTime())) return { rows: [], more: false };
    behind = { $or: [{ [field]: { $lt: instant } }, { [field]: instant, _id: { $lt: id } }] };
  }
  const found = await findRows(model, { ...filter, ...behind } as QueryFilter<Document>, {
    sort: { [field]: -1, _id: -1 },
    limit: limit + 1,
  });
  return { rows: found.slice(0, limit), more: found.length > limit };
}

/** The place of a row in such a list. */
export const placeOf = (at: Date, id: string): string => `${at.toISOString()}|${id}`;
