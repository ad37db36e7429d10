import type { Collection, Index } from '../catalog/collection.ts';
import type { Stretch } from '../catalog/garbage.ts';
import type { IndexDefinition } from '../index/definition.ts';
import { keysOf } from '../index/entries.ts';
import { duplicateKey, entryKey } from '../index/write.ts';
import type { LockOwner } from '../transactions/cells.ts';
import { LATEST } from '../transactions/view.ts';
import type { Transaction, Writer } from '../transactions/writer.ts';
import { decode } from '../values/decode.ts';
import { logCommand } from './collections.ts';
import type { Context } from './context.ts';

const PAUSE_EVERY = 64;

const entriesOf = (index: Index): Stretch => ({ of: 'entries', from: index.from, to: index.to });

/**
 * Fills new indexes of a collection from the documents there are, in slices: other collections are
 * served meanwhile, writers to this one wait. Nothing is kept when a unique key is there twice or
 * the process ends on the way.
 * @throws CommandError 11000
 */
export async function buildIndexes(
  context: Context,
  collection: Collection,
  definitions: readonly IndexDefinition[],
): Promise<void> {
  if (definitions.length === 0) return;
  const { engine, budget } = context;
  let end = (): void => {};
  const owner: LockOwner = { done: new Promise((resolve) => (end = resolve)) };
  collection.build = owner;
  // Snapshots from before would miss what is written until the build has read it.
  engine.catalog.changedAt.set(collection.ns, engine.clock.next());
  const indexes = definitions.map(({ source }) => engine.catalog.prepareIndex(source));
  engine.catalog.saveCounters();
  for (const index of indexes) engine.garbage.mark(entriesOf(index));
  try {
    for (const index of indexes) {
      let looked = 0;
      const all = { from: collection.from, to: collection.to, reverse: false };
      for (const [rid, bytes] of LATEST.scan(collection.docs, all)) {
        if (++looked % PAUSE_EVERY === 0) await budget.pause();
        enter(collection, index, { rid, bytes });
      }
    }
    // In the turn that lets writers on, or they would write past the new indexes.
    publish(context, collection, indexes);
  } catch (error) {
    for (const index of indexes) engine.garbage.drop(entriesOf(index));
    throw error;
  } finally {
    collection.build = null;
    end();
  }
}

function publish(context: Context, collection: Collection, indexes: readonly Index[]): void {
  const { engine } = context;
  const unit = engine.unit();
  for (const index of indexes) {
    engine.garbage.keep(entriesOf(index));
    publishIndex(unit, collection, index);
  }
  unit.finish();
}

/** Makes a filled index one of its collection. */
export function publishIndex(
  writer: Pick<Writer, 'log'>,
  collection: Collection,
  index: Index,
): void {
  collection.indexes.push(index);
  logCommand(writer, collection, [
    ['kind', 'createIndexes'],
    ['index', index.definition.source],
  ]);
  collection.persist();
}

function enter(
  collection: Collection,
  index: Index,
  row: { readonly rid: number; readonly bytes: Buffer },
): void {
  const doc = decode(row.bytes);
  const { keys, multikey } = keysOf(index.definition, doc);
  if (multikey) index.multikey = true;
  for (const key of keys) {
    const full = entryKey(index, key, row.rid);
    if (index.definition.unique && index.entries.store.read(full) !== null)
      throw duplicateKey(collection, index.definition, doc, key);
    index.entries.write(full, row.rid);
  }
}

/** Fills a new index of a collection that the same transaction made. @throws CommandError 11000 */
export function buildInTransaction(
  context: Context,
  input: { readonly collection: Collection; readonly definition: IndexDefinition },
  transaction: Transaction,
): Index {
  const { collection, definition } = input;
  const index = context.engine.catalog.prepareIndex(definition.source);
  const all = { from: collection.from, to: collection.to, reverse: false };
  for (const [rid, bytes] of transaction.view.scan(collection.docs, all)) {
    const doc = decode(bytes);
    const { keys, multikey } = keysOf(definition, doc);
    if (multikey) index.multikey = true;
    for (const key of keys) {
      const full = entryKey(index, key, rid);
      if (definition.unique && transaction.view.get(index.entries, full) !== null)
        throw duplicateKey(collection, definition, doc, key);
      transaction.put(index.entries, full, { before: null, after: rid });
    }
  }
  return index;
}
