import type { Connection } from 'mongoose';
import { entriesOf } from '../seal/seal-journal.ts';
import { type SealKey, signText } from '../seal/seal.ts';
import { sealStore } from '../seal/seal.store.ts';
import { endText, type ExportLine, lineDigest } from './export-format.ts';

/**
 * The sealed journal as lines of text, for an auditor who has nothing but the file and our public key. What is not
 * sealed yet is in the next one.
 */
export async function* exportJournal(connection: Connection, key: SealKey): AsyncGenerator<string> {
  const lines = lineDigest();
  const text = (line: ExportLine) => {
    const written = JSON.stringify(line);
    lines.add(written);
    return written;
  };
  yield text({ line: 'head', format: '7pay-ledger-export', version: 1 });
  const count = { seals: 0, entries: 0 };
  let last = '';
  for await (const { token: _, ...seal } of sealStore(connection, null).all()) {
    yield text({ line: 'seal', ...seal });
    for (const entry of await entriesOf(connection, seal.entries)) {
      yield text({ line: 'entry', ...entry });
      count.entries += 1;
    }
    count.seals += 1;
    last = seal.hash;
  }
  const end = { ...count, seal: last, digest: lines.digest() };
  yield JSON.stringify({
    line: 'end',
    ...end,
    keyId: key.keyId,
    signature: signText(endText(end), key),
  });
}
