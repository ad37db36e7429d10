import { AsyncLocalStorage } from 'node:async_hooks';
import { findRow } from '@7pay/mongo';
import type { Middleware } from 'koa';
import type { Model, QueryFilter } from 'mongoose';

/** Documents that were read with another one and not asked for yet, by collection and id; null where there is none. */
type ReadAhead = Map<string, object | null>;

const requests = new AsyncLocalStorage<ReadAhead>();
interface Kept {
  readonly collection: { readonly name: string };
}
const keyOf = ({ collection }: Kept, id: string) => `${collection.name}|${id}`;

const READS_AHEAD = /^(?:POST \/token|GET \/auth(?:\/[\w-]{1,64})?)$/;

/**
 * A token request reads what a code or a refresh token rests on (grant, session, member, record of the login) together with it:
 * one command instead of five. An authorization request reads the session with its cookie, and the member who has just logged in
 * with the interaction. What was read ahead is given out once; whoever asks again asks the database.
 */
export const readsAhead: Middleware = async (ctx, next) => {
  if (!READS_AHEAD.test(`${ctx.method} ${ctx.path}`)) return next();
  await requests.run(new Map(), next);
};

/** Another document by its id, which stands in a field of the one that is read. */
export interface Foreign<Document> {
  readonly model: Kept;
  readonly id: keyof Document & string;
}

/** A document by its id; in a request that {@link readsAhead} those it points to come along. */
export async function findAhead<Document extends { _id: string }>(
  model: Model<Document>,
  _id: string,
  along: readonly Foreign<Document>[],
): Promise<Document | null> {
  const ahead = requests.getStore();
  if (!ahead) return findRow(model, { _id } as QueryFilter<Document>);
  const joins = along.map(({ model: { collection }, id }, place) => ({
    $lookup: { from: collection.name, localField: id, foreignField: '_id', as: `ahead${place}` },
  }));
  const [found] = await model.collection.aggregate([{ $match: { _id } }, ...joins]).toArray();
  if (!found) return null;
  for (const [place, foreign] of along.entries()) {
    const { [`ahead${place}`]: rows, [foreign.id]: id } = found as Record<string, unknown>;
    delete found[`ahead${place}`];
    if (typeof id === 'string') ahead.set(keyOf(foreign.model, id), (rows as object[])[0] ?? null);
  }
  return found as unknown as Document;
}

/** The document of an id that came along, or null where there is none; what did not come along is read. */
export async function aheadOr<Document>(
  model: Kept,
  id: string,
  read: () => Promise<Document | null>,
): Promise<Document | null> {
  const ahead = requests.getStore();
  const key = keyOf(model, id);
  const document = ahead?.get(key);
  if (document === undefined) return read();
  ahead?.delete(key);
  return document as Document | null;
}
