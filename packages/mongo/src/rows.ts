import type { ClientSession, Model, QueryFilter } from 'mongoose';

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
export function findRows<Document>(
  model: Model<Document>,
  filter: QueryFilter<Document>,
  { session, sort, limit }: Reading = {},
): Promise<Document[]> {
  const options = {
    ...(session ? { session } : {}),
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
  const row: unknown = await model.collection.findOne(filter as never, session ? { session } : {});
  return (row ?? null) as Document | null;
}

/** Inserts one document. */
export async function insertRow<Document>(
  model: Model<Document>,
  document: Document,
  session: ClientSession | null,
): Promise<void> {
  await model.collection.insertOne(document as never, session ? { session } : {});
}
