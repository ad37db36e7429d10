import { Catalog } from '../catalog/catalog.ts';
import { Garbage } from '../catalog/garbage.ts';
import { decodeRow } from '../changes/entry.ts';
import { checkCollection, type CollectionCheck } from '../index/check.ts';
import type { Store } from '../storage/store.ts';
import { LATEST } from '../transactions/view.ts';
import { decode } from '../values/decode.ts';
import { openExisting } from './open-folder.ts';

const SLICE = 1000;

/**
 * Reads everything in a folder that nobody serves: the file itself, every document against every
 * index entry, the history and what is kept of sessions. True when nothing is wrong.
 * @throws Failure when the folder is in use or of another version
 */
export function checkFolder(dataDir: string, say: (line: string) => void): boolean {
  const store = openExisting(dataDir);
  const findings = store.integrity();
  let documents = 0;
  const catalog = new Catalog(store, new Garbage(store));
  for (const collection of catalog.all()) {
    const check = finished(checkCollection(collection, LATEST));
    documents += check.documents;
    findings.push(...check.findings);
  }
  findings.push(...checkHistory(store), ...checkSessions(store));
  store.close();
  for (const finding of findings) say(finding);
  say(
    `${dataDir}: ${catalog.all().length} collections, ${documents} documents, ${findings.length} findings`,
  );
  return findings.length === 0;
}

function finished(check: Generator<null, CollectionCheck>): CollectionCheck {
  for (;;) {
    const step = check.next();
    if (step.done) return step.value;
  }
}

function checkHistory(store: Store): string[] {
  const findings: string[] = [];
  let after = 0;
  for (;;) {
    const rows = store.oplogAfter(after, SLICE);
    for (const [ts, bytes] of rows) {
      try {
        decodeRow(ts, bytes);
      } catch {
        findings.push(`history: the row of ${ts} cannot be read`);
      }
      after = ts;
    }
    if (rows.length < SLICE) return findings;
  }
}

function checkSessions(store: Store): string[] {
  return store.metas('s').flatMap(([, bytes]) => {
    try {
      decode(bytes);
      return [];
    } catch {
      return ['sessions: a row cannot be read'];
    }
  });
}
