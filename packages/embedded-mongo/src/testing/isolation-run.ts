import assert from 'node:assert/strict';
import type { Plain } from '../values/encode.ts';
import { Double, type Doc, type Timestamp, type Value } from '../values/types.ts';
import { lsidOf, type InProcessEngine } from './in-process.ts';
import { IsolationModel, type Expected, type ModelRow, type Moment } from './isolation-model.ts';
import type { Random } from './random.ts';

const KEYS = 6;
const TEXTS = ['x', 'y', 'z'];
const SESSIONS = 5;

/** What a run has met; a run that met no conflict has proven little. */
export interface IsolationCounts {
  steps: number;
  commits: number;
  aborts: number;
  conflicts: number;
  duplicates: number;
  waits: number;
  pastReads: number;
}

interface Way {
  readonly filter: Plain;
  readonly sort: Plain;
  readonly keep: (row: readonly [number, ModelRow]) => boolean;
}

/** A moment that a reader holds: what the engine calls it, and the model's number of it. */
interface Held {
  readonly at: Timestamp;
  readonly moment: number;
}

/**
 * Sends random commands of several sessions in a random order, and compares every answer with the
 * model: by id, by an index, by a unique index, counted, and at moments read before.
 * @throws AssertionError at the first answer that is not the model's
 */
export class IsolationRun {
  readonly counts: IsolationCounts = {
    steps: 0,
    commits: 0,
    aborts: 0,
    conflicts: 0,
    duplicates: 0,
    waits: 0,
    pastReads: 0,
  };
  private readonly db: InProcessEngine;
  private readonly random: Random;
  private readonly model = new IsolationModel();
  private readonly numbers = new Map<number, bigint>();
  private readonly held: Held[] = [];
  private value = 0;

  constructor(db: InProcessEngine, random: Random) {
    this.db = db;
    this.random = random;
  }

  async start(): Promise<void> {
    await this.ok({
      createIndexes: 'rows',
      indexes: [
        { key: { v: 1 }, name: 'v' },
        { key: { u: 1 }, name: 'u', unique: true, sparse: true },
      ],
    });
  }

  /** One command of one session, or of none. */
  async step(): Promise<void> {
    this.counts.steps += 1;
    const session = this.random(SESSIONS + 1);
    if (session === SESSIONS) return this.outside();
    if (!this.model.isOpen(session)) return this.begin(session);
    const dice = this.random(10);
    if (dice === 0) return this.end(session, 'abortTransaction');
    if (dice <= 2) return this.end(session, 'commitTransaction');
    return dice <= 5 ? this.read(session) : this.write(session);
  }

  private async outside(): Promise<void> {
    const dice = this.random(4);
    if (dice === 0) return this.read(null);
    if (dice === 1) return this.readPast();
    return this.write(null);
  }

  private async begin(session: number): Promise<void> {
    this.numbers.set(session, (this.numbers.get(session) ?? 0n) + 1n);
    this.model.begin(session);
    await this.read(session, { startTransaction: true });
  }

  private async end(session: number, name: string): Promise<void> {
    await this.ok({ [name]: 1, ...this.part(session) }, 'admin');
    if (name === 'commitTransaction') {
      this.model.commit(session);
      this.counts.commits += 1;
    } else {
      this.model.abort(session);
      this.counts.aborts += 1;
    }
  }

  private part(session: number | null): Plain {
    return session === null
      ? {}
      : {
          lsid: lsidOf(session + 1),
          txnNumber: this.numbers.get(session) ?? 0n,
          autocommit: false,
        };
  }

  private async read(session: number | null, more: Plain = {}): Promise<void> {
    await this.compareReads(this.model.rows(session), { ...this.part(session), ...more });
  }

  private async compareReads(rows: Moment, more: Plain): Promise<void> {
    const way = this.random(4);
    const key = this.random(KEYS);
    const text = TEXTS[this.random(TEXTS.length)] as string;
    const ways: readonly Way[] = [
      { filter: { _id: key }, sort: {}, keep: ([id]) => id === key },
      { filter: { v: { $gte: 0 } }, sort: { v: 1 }, keep: () => true },
      { filter: { u: text }, sort: {}, keep: ([, row]) => row.u === text },
      { filter: {}, sort: { v: -1 }, keep: () => true },
    ];
    const { filter, sort, keep } = ways[way] as Way;
    const reply = await this.ok({ find: 'rows', filter, sort, ...more });
    const found = batchOf(reply).map((doc) => [doc.get('_id'), doc.get('v'), doc.get('u') ?? null]);
    const expected = [...rows]
      .filter(keep)
      .map(([id, row]) => [id, row.v, row.u] as const)
      .sort((a, b) => (way === 3 ? b[1] - a[1] : a[1] - b[1]));
    assert.deepEqual(
      found.map((row) => row.map(plainNumber)),
      expected,
      JSON.stringify(filter),
    );
  }

  // Reads now and then a moment again that some reader has read before.
  private async readPast(): Promise<void> {
    const old = this.held[this.random(this.held.length + 1)];
    const readConcern: Plain = old
      ? { level: 'snapshot', atClusterTime: old.at }
      : { level: 'snapshot' };
    const moment = old?.moment ?? this.model.now;
    await this.compareReads(this.model.rows(null, moment), { readConcern });
    this.counts.pastReads += 1;
    if (old || this.held.length >= 5) return;
    const reply = await this.ok({ distinct: 'rows', key: 'v', readConcern });
    this.held.push({ at: reply.get('atClusterTime') as Timestamp, moment });
  }

  private async write(session: number | null): Promise<void> {
    const key = this.random(KEYS);
    const deletes = this.random(4) === 0;
    const u = this.random(2) === 0 ? null : (TEXTS[this.random(TEXTS.length)] as string);
    const row = deletes ? null : { v: ++this.value, u };
    const waits = session === null && this.model.blocked(key, row);
    const there = this.model.rows(session).has(key);
    const command = commandOf(key, row, there);
    const limit: Plain = waits ? { maxTimeMS: 4 } : {};
    const reply = await this.db.run({ ...command, ...this.part(session), ...limit });
    if (waits) {
      // Whoever is outside of a transaction waits for the lock, and here until its time is over.
      if (deletes && !there) return;
      assert.ok([50, 11000].includes(codeOf(reply)), `waits, but ${codeOf(reply)}`);
      this.counts.waits += 1;
      return;
    }
    this.check(reply, this.model.write(session, key, row));
  }

  private check(reply: Doc, expected: Expected): void {
    const code = codeOf(reply);
    assert.ok(
      expected.length === 0 ? code === 0 : expected.includes(code),
      `answered ${code} instead of ${expected.join(' or ')}`,
    );
    if (code === 112) this.counts.conflicts += 1;
    if (code === 11000) this.counts.duplicates += 1;
  }

  private async ok(command: Plain, db?: string): Promise<Doc> {
    const reply = await this.db.run(command, db);
    assert.equal(codeOf(reply), 0, `${Object.keys(command)[0]}: ${String(reply.get('errmsg'))}`);
    return reply;
  }
}

function commandOf(key: number, row: ModelRow | null, there: boolean): Plain {
  if (!row) return { delete: 'rows', deletes: [{ q: { _id: key }, limit: 1 }] };
  const doc: Plain = { v: row.v, ...(row.u === null ? {} : { u: row.u }) };
  if (!there) return { insert: 'rows', documents: [{ _id: key, ...doc }] };
  return { update: 'rows', updates: [{ q: { _id: key }, u: doc }] };
}

// The code of a failed command or of its first failed statement; 0 when all went well.
function codeOf(reply: Doc): number {
  const [first] = (reply.get('writeErrors') as Doc[] | undefined) ?? [];
  return Number(reply.get('code') ?? first?.get('code') ?? 0);
}

const batchOf = (reply: Doc): Doc[] => (reply.get('cursor') as Doc).get('firstBatch') as Doc[];

const plainNumber = (value: Value | undefined): unknown =>
  value instanceof Double ? value.value : value;
