import { randomIds } from '@7pay/ids';
import { testDatabase, type TestDatabase } from '@7pay/testing';
import { systemClock } from '@7pay/time';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditModel, openAudit } from './audit.store.ts';
import { exportAudit, lostSince, verifyAudit, verifyAuditExport } from './audit-export.ts';

const sign = (text: string) => ({ keyId: 'test', signature: `signed ${text.length} ${text}` });
const isSigned = (text: string, by: { keyId: string; signature: string }) =>
  by.keyId === 'test' && by.signature === sign(text).signature;

let database: TestDatabase;
let lines: string[] = [];
beforeAll(async () => {
  database = await testDatabase('audit_export');
  await auditModel(database.connection).createIndexes();
  const audit = openAudit(database.connection, { clock: systemClock, ids: randomIds });
  for (let n = 0; n < 80; n += 1) {
    await audit.append('LOGIN_REFUSED', { reason: 'UNKNOWN_ID', network: `as:${n}` });
  }
  for await (const line of exportAudit(database.connection, sign)) lines.push(line);
});
afterAll(() => database.drop());

const faultsOf = async (changed: readonly string[]) =>
  (await verifyAuditExport(changed, isSigned)).faults;
const chainOf = (line: string) => (JSON.parse(line) as { chain?: number }).chain;

describe('an export of the record', () => {
  it('verifies with nothing but itself and the key', async () => {
    expect(await verifyAuditExport(lines, isSigned)).toMatchObject({ events: 80, faults: [] });
  });

  it('does not verify with one bit changed, wherever it is', async () => {
    const text = Buffer.from(lines.join('\n'));
    // Some of every line, and all of the last.
    const places = [...text.keys()].filter((at) => at % 997 === 0 || at > text.length - 400);
    for (const at of places) {
      const changed = Buffer.from(text);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      const faults = await faultsOf(changed.toString('latin1').split('\n'));
      expect(faults.length, `byte ${at}`).toBeGreaterThan(0);
    }
  });

  it('does not verify without any one of its lines, or with any one twice', async () => {
    for (const at of lines.keys()) {
      expect((await faultsOf(lines.toSpliced(at, 1))).length, `without ${at}`).toBeGreaterThan(0);
      const twice = lines.toSpliced(at, 0, lines[at] ?? '');
      expect((await faultsOf(twice)).length, `twice ${at}`).toBeGreaterThan(0);
    }
  });

  it('names the event that is missing', async () => {
    const at = lines.findIndex((line, n) => chainOf(line) === chainOf(lines[n + 1] ?? '{}'));
    const { n } = JSON.parse(lines[at] ?? '') as { n: number };
    const faults = await faultsOf(lines.toSpliced(at, 1));
    expect(faults).toContain(
      `event ${n + 1} of chain ${chainOf(lines[at] ?? '')} does not follow ${n - 1}`,
    );
  });

  it('does not verify with two of its lines swapped', async () => {
    for (let at = 0; at + 1 < lines.length; at += 1) {
      const [one = '', two = ''] = lines.slice(at, at + 2);
      const swapped = lines.toSpliced(at, 2, two, one);
      expect((await faultsOf(swapped)).length, `at ${at}`).toBeGreaterThan(0);
    }
  });

  it('does not verify when all of it was made again by somebody without the key', async () => {
    const forged: string[] = [];
    const by = () => ({ keyId: 'test', signature: 'forged' });
    for await (const line of exportAudit(database.connection, by)) forged.push(line);
    expect(await faultsOf(forged)).toEqual(['the end was not signed with a key known here']);
  });

  it('tells of a later record from which the last events were taken', async () => {
    const { ends } = await verifyAuditExport(lines, isSigned);
    expect(await lostSince(database.connection, ends)).toEqual([]);
    const { collection } = auditModel(database.connection);
    const [last] = await collection.find().sort({ chain: 1, n: -1 }).limit(1).toArray();
    await collection.deleteOne({ _id: last?._id } as never);
    const now = await verifyAudit(database.connection);
    expect(now.faults).toEqual([]); // the chains themselves cannot tell
    expect(await lostSince(database.connection, ends)).toHaveLength(1);
  });
});
