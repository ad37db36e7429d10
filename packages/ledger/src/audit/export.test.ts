import { generateKeyPairSync } from 'node:crypto';
import { fixedClock } from '@7pay/time';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { walletAccount } from '../account/account.ts';
import { hashOf } from '../entry/canonical.ts';
import { credit, debit } from '../entry/journal-entry.ts';
import { capturePlan, holdPlan, tombstonePlan } from '../entry/plans.ts';
import { sealEntries, sealRemaining } from '../seal/seal-journal.ts';
import { sealKey } from '../seal/seal.ts';
import {
  cancel,
  freeze,
  payment,
  plantUnchained,
  testLedger,
  type TestLedger,
  topUp,
} from '../testing/test-ledger.ts';
import { readLine } from './export-format.ts';
import { exportJournal } from './export-journal.ts';
import { verifyBooks } from './verify-books.ts';
import { verifyExport } from './verify-export.ts';
import { sealsLostSince } from './verify-seals.ts';

const pair = generateKeyPairSync('ed25519');
const key = sealKey(pair.privateKey);
const keys = new Map([[key.keyId, pair.publicKey]]);
const AT = new Date('2019-07-01T03:00:00Z');

let under: TestLedger;
let lines: readonly string[];
beforeAll(async () => {
  under = await testLedger('ledger_export');
  const seal = sealEntries(under.database.connection, key, fixedClock('2019-07-01T04:00:00Z'));
  const told = (id: string) => ({
    id,
    wallet: 'wal_a',
    at: AT,
    generation: 1,
    ref: { paymentId: 'pay_1' },
  });
  const legs = [debit(walletAccount('wal_a'), 300), credit('merchant:mer_1', 300)];
  await under.openWallet('wal_a');
  await under.openWallet('wal_b');
  await under.post(topUp('a1', 'wal_a', 5_000));
  const paid = await under.post(payment('a2', 'wal_a', 1_200));
  await under.post(topUp('b1', 'wal_b', 700, 'points'));
  await sealRemaining(under.database.connection, seal);
  await under.post(holdPlan(told('a3'), legs, new Date(AT.getTime() + 60_000)));
  await under.post(capturePlan(told('a4'), 'a3', legs));
  if ('legs' in paid) await under.post(cancel(paid));
  await under.post(tombstonePlan(told('a5')));
  await sealRemaining(under.database.connection, seal);
  await under.post(freeze('a6', 'wal_a'));
  await sealRemaining(under.database.connection, seal);
  lines = await all(exportJournal(under.database.connection, key));
});
afterAll(() => under.database.drop());

async function all(written: AsyncIterable<string>): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const line of written) found.push(line);
  return found;
}
const faultsOf = async (changed: readonly string[]) => (await verifyExport(changed, keys)).faults;
const at = fc.nat().map((n) => n % lines.length);

describe('an export', () => {
  it('verifies with nothing but the file and the public key', async () => {
    expect(await verifyExport(lines, keys)).toMatchObject({ seals: 3, entries: 8, faults: [] });
    const { balances } = await verifyExport(lines, keys);
    expect(balances.get('wallet:wal_a')).toBe(-4_700);
  });

  it('is refused with the key of somebody else', async () => {
    const other = generateKeyPairSync('ed25519').publicKey;
    expect((await verifyExport(lines, new Map([[key.keyId, other]]))).faults).toContain(
      'the end was not signed',
    );
  });

  it('tells that the last seals were removed since, which those that are left cannot', async () => {
    const { connection } = under.database;
    const earlier = await verifyExport(lines, keys);
    expect(await sealsLostSince(connection, earlier)).toEqual([]);
    const seals = connection.collection('ledger_seals');
    const [last] = await seals.find().sort({ _id: -1 }).limit(1).toArray();
    await seals.deleteOne({ _id: last!._id });
    const { faults } = await verifyBooks(connection, { sealKeys: keys });
    expect(faults).toEqual([]); // a freeze has no roll-up
    expect(await sealsLostSince(connection, earlier)).toEqual(['seal 3 is not that of the export']);
    // Others under the same number, later: made with the key, and over other entries.
    await under.post(topUp('a7', 'wal_a', 1));
    await sealRemaining(
      connection,
      sealEntries(connection, key, fixedClock('2019-07-01T05:00:00Z')),
    );
    expect(await sealsLostSince(connection, earlier)).toEqual(['seal 3 is not that of the export']);
    expect(await sealsLostSince(connection, { seals: 0, lastSeal: '' })).toEqual([]);
  });

  it('with an entry that was left out of the chain of its account is refused', async () => {
    const other = await testLedger('ledger_export_unchained');
    await other.openWallet('wal_a');
    await other.post(topUp('c1', 'wal_a', 100));
    await plantUnchained(other, { id: 'x1', account: walletAccount('wal_a'), amount: 50 });
    const { connection } = other.database;
    await sealRemaining(
      connection,
      sealEntries(connection, key, fixedClock('2019-07-01T04:00:00Z')),
    );
    const faults = await faultsOf(await all(exportJournal(connection, key)));
    await other.database.drop();
    expect(faults).toEqual(['wallet:wal_a was moved by 150, its chain makes 100']);
  });

  it('of a file with any one bit turned is refused', async () => {
    // The last line is not in the digest: it has to hold by itself.
    const line = fc.oneof(at, fc.constant(lines.length - 1));
    const place = fc.record({ line, offset: fc.nat(), bit: fc.nat({ max: 7 }) });
    await fc.assert(
      fc.asyncProperty(place, async ({ line: index, offset, bit }) => {
        const bytes = Buffer.from(lines[index]!);
        bytes[offset % bytes.length]! ^= 1 << bit;
        // As a file is read: a byte that became a line feed parts the line.
        const changed = lines.toSpliced(index, 1, ...bytes.toString('latin1').split('\n'));
        expect((await faultsOf(changed)).length).toBeGreaterThan(0);
      }),
      { numRuns: 400 },
    );
  });

  it('with a line removed, doubled, or swapped for another is refused', async () => {
    for (let line = 0; line < lines.length; line += 1) {
      expect(await faultsOf(lines.toSpliced(line, 1)), `without ${line}`).not.toEqual([]);
      expect(await faultsOf(lines.toSpliced(line, 0, lines[line]!)), `twice ${line}`).not.toEqual(
        [],
      );
    }
    await fc.assert(
      fc.asyncProperty(at, at, async (one, other) => {
        fc.pre(one !== other);
        const swapped = lines.with(one, lines[other]!).with(other, lines[one]!);
        expect(await faultsOf(swapped)).not.toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('that was cut off and ended again without the key is refused', async () => {
    const cut = lines.slice(0, -2);
    const [end] = lines.slice(-1);
    expect(await faultsOf([...cut, end!])).toContain('the end counts something else');
    expect(await faultsOf(cut)).toContain('the end is missing');
  });

  it('whose entry was changed and hashed again is refused by the entry behind it, its seal and the end', async () => {
    const index = lines.findIndex((line) => line.includes('"id":"a2"'));
    const entry = readLine(lines[index]!);
    if (entry?.line !== 'entry') throw new Error('it is an entry');
    const { line: _, hash: _hash, ...said } = entry;
    const forged = { ...said, ref: { paymentId: 'pay_other' } };
    const changed = lines.with(
      index,
      JSON.stringify({ line: 'entry', ...forged, hash: hashOf(forged) }),
    );
    const faults = (await faultsOf(changed)).join('\n');
    expect(faults).toContain('does not follow the entry before');
    expect(faults).toContain('seal 1 was made over other entries');
    expect(faults).toContain('the end counts something else');
  });
});
