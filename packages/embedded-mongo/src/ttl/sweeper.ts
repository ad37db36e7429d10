import type { Collection, Index } from '../catalog/collection.ts';
import type { Engine } from '../commands/engine.ts';
import { writeDocument } from '../index/write.ts';
import { splitPath, valuesAt } from '../query/path.ts';
import { Blocked } from '../transactions/writer.ts';
import { decode } from '../values/decode.ts';
import { encodeKey } from '../values/encode-key.ts';
import { complement } from '../values/encode-key.ts';
import { UtcDate, type Doc } from '../values/types.ts';

/** Documents deleted in one turn of the event loop. */
const SLICE = 200;

/** Deletes what TTL indexes say has expired; each delete is a write like any other. */
export async function sweepExpired(engine: Engine): Promise<number> {
  let deleted = 0;
  for (const collection of engine.catalog.all()) {
    for (const index of collection.indexes) {
      if (index.definition.expireAfterSeconds !== null)
        deleted += await sweepIndex(engine, collection, index);
    }
  }
  return deleted;
}

async function sweepIndex(engine: Engine, collection: Collection, index: Index): Promise<number> {
  const limit = engine.now() - (index.definition.expireAfterSeconds ?? 0) * 1000;
  let deleted = 0;
  let after = '';
  for (;;) {
    const rows = index.entries.store.range(expiredRange(index, limit, after), SLICE);
    const last = rows.at(-1);
    if (!last || collection.dropped || index.dropped) return deleted;
    const unit = engine.unit();
    for (const [, rid] of rows) {
      const bytes = collection.docs.store.read(rid);
      const doc = bytes && decode(bytes);
      if (!bytes || !doc || !isExpired(index, doc, limit)) continue;
      try {
        writeDocument(unit, collection, { rid, before: { doc, bytes }, after: null });
        deleted++;
      } catch (error) {
        if (!(error instanceof Blocked)) throw error; // in use by a transaction: next time
      }
    }
    unit.finish();
    after = last[0];
    await new Promise((resolve) => setImmediate(resolve));
  }
}

// All dates up to the limit; numbers and texts in the field never expire.
function expiredRange(
  index: Index,
  limit: number,
  after: string,
): { from: string; to: string; reverse: boolean } {
  const descending = index.definition.parts[0]?.descending ?? false;
  const oldest = encodeKey(new UtcDate(-8_640_000_000_000_000));
  const newest = encodeKey(new UtcDate(limit));
  const [from, to] = descending ? [complement(newest), complement(oldest)] : [oldest, newest];
  const start = after === '' ? index.from + from : `${after}\0`;
  return { from: start, to: `${index.from}${to}\u00ff\u00ff`, reverse: false };
}

function isExpired(index: Index, doc: Doc, limit: number): boolean {
  const path = splitPath(index.definition.parts[0]?.field ?? '');
  const dates = valuesAt(doc, path).flatMap((v) => (v instanceof UtcDate ? [v.ms] : []));
  return (
    dates.length > 0 && Math.min(...dates) <= limit && (index.definition.partial?.test(doc) ?? true)
  );
}
