import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditModel } from '../../identity/src/audit/audit.store.ts';
import { verifyAudit } from '../../identity/src/audit/audit-export.ts';
import type { AuditWork } from './audit-worker.ts';
import { type Child, comesTo, killedPrograms, type KilledPrograms } from './killed-programs.ts';

const ROUNDS = 6;
const PROCESSES = 3;

let programs: KilledPrograms;
beforeAll(async () => {
  programs = await killedPrograms();
});
afterAll(() => programs.stop());

describe('processes that record events, killed again and again', () => {
  it('lose no event that was promised, and leave chains without a gap', async () => {
    const { uri, dbName, connection } = await programs.database('audit_killed');
    await auditModel(connection).createCollection();
    await auditModel(connection).createIndexes();
    const all: Child[] = [];
    let round = 0;
    const start = () => {
      const work: AuditWork = { uri, dbName, name: `worker${all.length}` };
      const child = programs.spawn('audit-worker', work);
      all.push(child);
      return child;
    };
    const running = Array.from({ length: PROCESSES }, start);
    for (; round < ROUNDS; round += 1) {
      const victim = running.shift()!;
      await comesTo(() => victim.lines.length > 30);
      victim.kill('SIGKILL');
      expect(await victim.ended).toBe('SIGKILL');
      running.push(start());
    }
    for (const each of running) {
      each.kill('SIGKILL');
      await each.ended;
    }

    const promised = all.flatMap(({ lines }) => lines).filter((line) => line.includes('.'));
    const rows = await auditModel(connection).find().lean();
    const kept = new Set(rows.map(({ facts }) => facts.about));
    expect(promised.length).toBeGreaterThan(ROUNDS * 30);
    expect(promised.filter((about) => !kept.has(about))).toEqual([]);
    expect(rows).toHaveLength(kept.size); // and none twice
    expect((await verifyAudit(connection)).faults).toEqual([]);
    await connection.close();
  }, 180_000);
});
