import type { Store } from '../storage/store.ts';
import { Cells, type LockOwner } from '../transactions/cells.ts';
import type { IndexDefinition } from '../index/definition.ts';
import { uint32Key } from '../values/encode-key.ts';
import type { Binary, Doc } from '../values/types.ts';
import type { Validator } from './validator.ts';

const SLOT_SIZE = 2 ** 33;

/** Collections that can ever be created in one data folder. */
export const MAX_SLOT = 2 ** 20 - 1;

/** One index with its entries. */
export interface Index {
  readonly id: number;
  readonly definition: IndexDefinition;
  readonly entries: Cells<string, number>;
  /** Every key of the index lies in [from, to). */
  readonly from: string;
  readonly to: string;
  /** True once any document gave it more than one entry through an array. */
  multikey: boolean;
  /** A walk that was under way when the index was dropped must not end as if it had seen everything. */
  dropped: boolean;
}

/** One collection: its documents by record id, its indexes and its options. */
export interface Collection {
  ns: string;
  readonly uuid: Binary;
  readonly slot: number;
  readonly docs: Cells<number, Buffer>;
  /** Every record id lies in [from, to). */
  readonly from: number;
  readonly to: number;
  indexes: Index[];
  options: Doc;
  validator: Validator | null;
  /** The next record id; null until it was looked up. */
  nextRid: number | null;
  /** How many documents there are; null until they were counted. */
  count: number | null;
  dropped: boolean;
  /** Set while indexes are built: writers wait for its end. */
  build: LockOwner | null;
  /** Writes the catalog record again, after a change to an index or an option. */
  readonly persist: () => void;
}

/** Opens the cells of an index id. */
export function indexCells(
  store: Store,
  input: { readonly id: number; readonly definition: IndexDefinition; readonly multikey: boolean },
): Index {
  const { id, definition } = input;
  const cells = new Cells<string, number>(
    {
      read: (key) => store.entry(key),
      range: (range, limit) => store.entries(range, limit),
      write: (key, value) => store.putEntry(key, value),
      next: (key) => `${key}\0`,
    },
    definition.unique,
  );
  return {
    id,
    definition,
    entries: cells,
    from: uint32Key(id),
    to: uint32Key(id + 1),
    multikey: input.multikey,
    dropped: false,
  };
}

/** Opens the cells of a collection slot. */
export function collectionCells(
  store: Store,
  slot: number,
): Pick<Collection, 'docs' | 'from' | 'to'> {
  const docs = new Cells<number, Buffer>(
    {
      read: (rid) => store.doc(rid),
      range: (range, limit) => store.docs(range, limit),
      write: (rid, bytes) => store.putDoc(rid, bytes),
      next: (rid) => rid + 1,
    },
    true,
  );
  return { docs, from: slot * SLOT_SIZE, to: (slot + 1) * SLOT_SIZE };
}

/** The database part of a namespace. */
export const dbOf = (ns: string): string => ns.slice(0, ns.indexOf('.'));

/** The collection part of a namespace. */
export const nameOf = (ns: string): string => ns.slice(ns.indexOf('.') + 1);
