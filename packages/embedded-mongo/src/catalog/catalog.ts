import type { Store } from '../storage/store.ts';
import type { Garbage } from './garbage.ts';
import type { Writer } from '../transactions/writer.ts';
import { decode } from '../values/decode.ts';
import { encode } from '../values/encode.ts';
import { uint32Key } from '../values/encode-key.ts';
import { CommandError, code } from '../values/errors.ts';
import { Binary, type Doc, type Value } from '../values/types.ts';
import { ID_INDEX, parseIndex } from '../index/definition.ts';
import {
  collectionCells,
  dbOf,
  indexCells,
  MAX_SLOT,
  type Collection,
  type Index,
} from './collection.ts';
import { compileValidator } from './validator.ts';

const COUNTERS = 'n';
const recordKey = (slot: number): string => `c${uint32Key(slot)}`;

/** The namespaces, their options and indexes; every change is written with the data. */
export class Catalog {
  private readonly store: Store;
  private readonly garbage: Garbage;
  private readonly collections = new Map<string, Collection>();
  /** When a namespace was last dropped, renamed or given an index: older snapshots may not read it. */
  readonly changedAt = new Map<string, number>();
  private nextSlot = 1;
  private nextIndexId = 1;

  constructor(store: Store, garbage: Garbage) {
    this.store = store;
    this.garbage = garbage;
    const counters = store.meta(COUNTERS);
    if (counters) {
      const doc = decode(counters);
      this.nextSlot = doc.get('slot') as number;
      this.nextIndexId = doc.get('index') as number;
    }
    for (const [, bytes] of store.metas('c')) {
      const collection = this.load(decode(bytes));
      this.collections.set(collection.ns, collection);
    }
  }

  private load(record: Doc): Collection {
    const slot = record.get('slot') as number;
    const options = record.get('options') as Doc;
    const indexes = (record.get('indexes') as Doc[]).map((entry) =>
      indexCells(this.store, {
        id: entry.get('id') as number,
        definition: parseIndex(entry.get('spec') as Doc),
        multikey: entry.get('multikey') === true,
      }),
    );
    return this.assemble({
      slot,
      indexes,
      options,
      ns: record.get('ns') as string,
      uuid: record.get('uuid') as Binary,
      count: null,
    });
  }

  private assemble(
    input: Pick<Collection, 'slot' | 'indexes' | 'options' | 'ns' | 'uuid' | 'count'>,
  ): Collection {
    const collection: Collection = {
      ...collectionCells(this.store, input.slot),
      ...input,
      validator: compileValidator(input.options),
      nextRid: null,
      dropped: false,
      build: null,
      persist: () => {
        if (this.collections.get(collection.ns) === collection) this.save(collection);
      },
    };
    return collection;
  }

  get(ns: string): Collection | undefined {
    return this.collections.get(ns);
  }

  all(): Collection[] {
    return [...this.collections.values()];
  }

  ofDb(db: string): Collection[] {
    return this.all().filter((collection) => dbOf(collection.ns) === db);
  }

  /** A new collection that is not yet in the catalog: see `publish`. */
  prepare(ns: string, options: Doc, uuid: Uint8Array): Collection {
    if (this.nextSlot > MAX_SLOT)
      throw new CommandError(code.Overflow, 'the data folder has run out of collection numbers');
    const slot = this.nextSlot++;
    return this.assemble({
      slot,
      indexes: [this.prepareIndex(ID_INDEX)],
      options,
      ns,
      uuid: new Binary(uuid, 4),
      count: 0,
    });
  }

  /** A new index that belongs to no collection yet. */
  prepareIndex(spec: Doc): Index {
    return indexCells(this.store, {
      id: this.nextIndexId++,
      definition: parseIndex(spec),
      multikey: false,
    });
  }

  /** Enters a prepared collection, with an oplog entry through the writer. */
  publish(collection: Collection, writer: Pick<Writer, 'log'>): void {
    this.enter(collection);
    writer.log({
      op: 'c',
      ns: collection.ns,
      uuid: collection.uuid,
      command: new Map<string, Value>([
        ['kind', 'create'],
        ['options', collection.options],
      ]),
    });
  }

  /** Enters a prepared collection whose oplog entry is the caller's. */
  enter(collection: Collection): void {
    this.collections.set(collection.ns, collection);
    this.save(collection);
  }

  /** Notes which numbers are taken, before rows are written under one. */
  saveCounters(): void {
    this.store.putMeta(COUNTERS, encode({ slot: this.nextSlot, index: this.nextIndexId }));
  }

  /** Writes a collection's record after any change to it. */
  save(collection: Collection): void {
    this.saveCounters();
    this.store.putMeta(
      recordKey(collection.slot),
      encode({
        ns: collection.ns,
        uuid: collection.uuid,
        slot: collection.slot,
        options: collection.options,
        indexes: collection.indexes.map((index) => ({
          id: index.id,
          spec: index.definition.source,
          multikey: index.multikey,
        })),
      }),
    );
  }

  /** Removes a collection with its documents and entries. */
  remove(collection: Collection, ts: number): void {
    this.collections.delete(collection.ns);
    this.changedAt.set(collection.ns, ts);
    collection.dropped = true;
    this.store.putMeta(recordKey(collection.slot), null);
    this.garbage.drop({ of: 'documents', from: collection.from, to: collection.to });
    for (const index of collection.indexes) this.dropIndex(index);
  }

  /** Gives up an index that its collection no longer names. */
  dropIndex(index: Index): void {
    index.dropped = true;
    this.garbage.drop({ of: 'entries', from: index.from, to: index.to });
  }

  /** Gives a collection another name. */
  rename(collection: Collection, ns: string, ts: number): void {
    this.collections.delete(collection.ns);
    this.changedAt.set(collection.ns, ts);
    this.changedAt.set(ns, ts);
    collection.ns = ns;
    this.collections.set(ns, collection);
    this.save(collection);
  }
}
