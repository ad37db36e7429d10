import { AsyncLocalStorage } from 'node:async_hooks';
import { findRow } from '@7pay/mongo';
import type { Middleware } from 'koa';
import type { Model, QueryFilter } from 'mongoose';

/** A document by a field of it that is unique. */
interface Sought {
  readonly model: Kept;
  readonly field: string;
  readonly value: string;
}

interface ReadAhead {
  /** What was read with another document and not asked for yet, by collection, field and value; null where there is none. */
  readonly found: Map<string, object | null>;
  /** What the next document that is read brings along, whatever it names itself. */
  readonly sought: Sought[];
}

const requests = new AsyncLocalStorage<ReadAhead>();
interface Kept {
  readonly collection: { readonly name: string };
}
const keyOf = ({ model: { collection }, field, value }: Sought) =>
  `${collection.name}|${field}|${value}`;

const READS_AHEAD =
  /^(?:POST \/token|GET \/auth(?:\/[\w-]{1,64})?|POST \/interaction\/[\w-]{1,64}\/login)$/;

/**
 * A token request reads what a code or a refresh token rests on (grant, session, member, record of the login) together with it:
 * one command instead of five. An authorization request reads the session with its cookie, and the member who has just logged in,
 * with what is known of their device, with the interaction; a login by password reads whoever has that login ID with it. What was
 * read ahead is given out once; whoever asks again asks the database.
 */
export const readsAhead: Middleware = async (ctx, next) => {
  if (!READS_AHEAD.test(`${ctx.method} ${ctx.path}`)) return next();
  await requests.run({ found: new Map(), sought: [] }, next);
};

/** Other documents by their ids, which stand in a field of the one that is read: one, or a list. */
export interface Foreign<Document> {
  readonly model: Kept;
  readonly id: keyof Document & string;
}

/** Has the next document that is read ahead bring this one along, found by a field that has an index. */
export function seekAhead(sought: Sought): void {
  requests.getStore()?.sought.push(sought);
}

/** A document by its id; in a request that {@link readsAhead} those it points to come along, and those that are sought. */
export async function findAhead<Document extends { _id: string }>(
  model: Model<Document>,
  _id: string,
  along: readonly Foreign<Document>[],
): Promise<Document | null> {
  const ahead = requests.getStore();
  if (!ahead) return findRow(model, { _id } as QueryFilter<Document>);
  const sought = ahead.sought.splice(0);
  // A value joins by a field as well, so that both are found by an index.
  const values = sought.map(({ value }, place) => [`sought${place}`, { $literal: value }] as const);
  const joins = [
    ...along.map(({ model: from, id }, place) => join(from, id, '_id', `ahead${place}`)),
    ...sought.map(({ model: from, field }, place) =>
      join(from, `sought${place}`, field, `found${place}`),
    ),
  ];
  const set = values.length > 0 ? [{ $set: Object.fromEntries(values) }] : [];
  const [row] = await model.collection.aggregate([{ $match: { _id } }, ...set, ...joins]).toArray();
  if (!row) return null;
  const take = (name: string) => {
    const { [name]: value } = row as Record<string, unknown>;
    delete row[name];
    return value;
  };
  for (const [place, { model: from, id }] of along.entries()) {
    const rows = take(`ahead${place}`) as { _id: string }[];
    const named = row[id] as unknown;
    for (const value of Array.isArray(named) ? named : [named]) {
      if (typeof value !== 'string') continue;
      const found = rows.find((each) => each._id === value) ?? null;
      ahead.found.set(keyOf({ model: from, field: '_id', value }), found);
    }
  }
  for (const [place, each] of sought.entries()) {
    take(`sought${place}`);
    const [found = null] = take(`found${place}`) as object[];
    ahead.found.set(keyOf(each), found);
  }
  return row as unknown as Document;
}

const join = (from: Kept, localField: string, foreignField: string, as: string) => ({
  $lookup: { from: from.collection.name, localField, foreignField, as },
});

/** The document of an id that came along, or null where there is none; what did not come along is read. */
export const aheadOr = <Document>(
  model: Kept,
  id: string,
  read: () => Promise<Document | null>,
): Promise<Document | null> => soughtOr({ model, field: '_id', value: id }, read);

/** As {@link aheadOr}, for a document that was sought by another field. */
export async function soughtOr<Document>(
  sought: Sought,
  read: () => Promise<Document | null>,
): Promise<Document | null> {
  const found = requests.getStore()?.found;
  const key = keyOf(sought);
  const document = found?.get(key);
  if (document === undefined) return read();
  found?.delete(key);
  return document as Document | null;
}

/** The documents of some ids, where all of them came along; else they are read. */
export async function allAheadOr<Document extends object>(
  model: Kept,
  ids: readonly string[],
  read: () => Promise<Document[]>,
): Promise<Document[]> {
  const found = requests.getStore()?.found;
  const keys = ids.map((value) => keyOf({ model, field: '_id', value }));
  if (!found || keys.some((key) => !found.has(key))) return read();
  const documents = keys.map((key) => found.get(key) as Document | null);
  for (const key of keys) found.delete(key);
  return documents.filter((document) => document !== null);
}
