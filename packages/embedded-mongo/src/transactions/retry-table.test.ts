import { afterAll, beforeAll, expect, test } from 'vitest';
import { InProcessEngine, lsidOf } from '../testing/in-process.ts';
import { lsidKey } from '../commands/sessions.ts';
import { decode } from '../values/decode.ts';
import { encode } from '../values/encode.ts';
import { RetryTable } from './retry-table.ts';

let db: InProcessEngine;
beforeAll(() => {
  db = new InProcessEngine();
});
afterAll(() => db.close());

test.each([0x00, 0x73, 0xfe, 0xff])(
  'an idle session whose id is made of byte %i is found and forgotten',
  async (byte) => {
    const lsid = lsidOf(byte);
    const documents = Array.from({ length: 200 }, (_, n) => ({ n }));
    await db.run({ insert: 'rows', documents, lsid, txnNumber: 1n });
    const table = new RetryTable(db.store);
    const key = lsidKey(decode(encode(lsid)));
    expect(table.load(key)?.results.size).toBe(200);
    expect(table.idleSince(Infinity)).toContain(key);
    table.forget(key);
    expect(table.load(key)).toBeNull();
    expect(table.idleSince(Infinity)).not.toContain(key);
  },
);
