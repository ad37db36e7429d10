import type { ClientSession, Model } from 'mongoose';

/**
 * Inserts one document as it is. The stores make their documents whole and typed, so nothing is left for
 * mongoose to cast, default or validate; the collection's own validator and indexes judge them.
 */
export async function insertRow<Document>(
  model: Model<Document>,
  document: Document,
  session: ClientSession | null,
): Promise<void> {
  await model.collection.insertOne(document as never, session ? { session } : {});
}
