import type { Collection, Index } from '../catalog/collection.ts';
import type { View } from '../transactions/view.ts';
import { decode } from '../values/decode.ts';
import { show } from '../values/show.ts';
import type { Doc } from '../values/types.ts';
import { keysOf } from './entries.ts';
import { entryKey } from './write.ts';

/** What a check of one collection counted and found. */
export interface CollectionCheck {
  documents: number;
  /** Entries by the name of the index. */
  readonly entries: Map<string, number>;
  /** Sentences; empty when nothing is wrong. */
  readonly findings: string[];
}

const MOST_FINDINGS = 100;
const PAUSE_EVERY = 128;

/**
 * Compares every document of a collection with every entry of its indexes, both ways.
 * Each yield is a place to pause.
 * @param view a snapshot where others may write meanwhile
 */
export function* checkCollection(
  collection: Collection,
  view: View,
): Generator<null, CollectionCheck> {
  const check: CollectionCheck = { documents: 0, entries: new Map(), findings: [] };
  const expected = new Map<Index, number>(collection.indexes.map((index) => [index, 0]));
  const range = { from: collection.from, to: collection.to, reverse: false };
  for (const [rid, bytes] of view.scan(collection.docs, range)) {
    if (++check.documents % PAUSE_EVERY === 0) yield null;
    const doc = readable(bytes);
    if (!doc) note(check, `${collection.ns}: record ${rid} is no readable document`);
    else
      for (const index of collection.indexes)
        expected.set(
          index,
          (expected.get(index) ?? 0) + checkDocument(check, collection, { index, rid, doc, view }),
        );
  }
  for (const [index, wanted] of expected) {
    let found = 0;
    for (const [, rid] of view.scan(index.entries, { ...index, reverse: false })) {
      if (++found % PAUSE_EVERY === 0) yield null;
      if (view.get(collection.docs, rid) === null)
        note(
          check,
          `${collection.ns}: index ${index.definition.name} names record ${rid}, which is gone`,
        );
    }
    check.entries.set(index.definition.name, found);
    if (found !== wanted)
      note(
        check,
        `${collection.ns}: index ${index.definition.name} has ${found} entries instead of ${wanted}`,
      );
  }
  return check;
}

function checkDocument(
  check: CollectionCheck,
  collection: Collection,
  at: { readonly index: Index; readonly rid: number; readonly doc: Doc; readonly view: View },
): number {
  const { index, rid, doc, view } = at;
  const { keys, multikey } = keysOf(index.definition, doc);
  for (const key of keys) {
    const holder = view.get(index.entries, entryKey(index, key, rid));
    if (holder !== rid)
      note(
        check,
        `${collection.ns}: index ${index.definition.name} has no entry for ${show(doc.get('_id') ?? null)}`,
      );
  }
  if (multikey && !index.multikey)
    note(check, `${collection.ns}: index ${index.definition.name} is not marked as multikey`);
  return keys.length;
}

function readable(bytes: Buffer): Doc | null {
  try {
    return decode(bytes);
  } catch {
    return null;
  }
}

function note(check: CollectionCheck, finding: string): void {
  if (check.findings.length < MOST_FINDINGS) check.findings.push(finding);
}
