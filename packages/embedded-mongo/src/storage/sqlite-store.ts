import { chmodSync, closeSync, existsSync, openSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { join } from 'node:path';
import { GroupCommit, type CommitSteps } from './group-commit.ts';
import { ByteCache } from './byte-cache.ts';
import { EntryCache } from './entry-cache.ts';
import type { DocRow, EntryRow, OplogRow, Range, Store, Stretch } from './store.ts';

/** Version of the layout below; a folder of another version is refused, never guessed at. */
export const FORMAT_VERSION = 1;

/** The folder was written by an engine with another layout. */
export class FormatMismatch extends Error {}

/** The data file is locked by another process. */
export class StoreLocked extends Error {}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS rec (id INTEGER PRIMARY KEY, v BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS ent (k BLOB PRIMARY KEY, r INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS meta (k BLOB PRIMARY KEY, v BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS oplog (ts INTEGER PRIMARY KEY, v BLOB NOT NULL);
`;

const CACHE_BYTES = 48 * 1024 * 1024;
const CHECKPOINT_PAGES = 4000;

type Row = Record<string, unknown>;
const bytesOf = (cell: unknown): Buffer => {
  const data = cell as Uint8Array;
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
};
const keyBytes = (key: string): Buffer => Buffer.from(key, 'latin1');
/** The first key that does not begin with a prefix, which does not consist of bytes of 255 alone. */
function behind(prefix: string): Buffer {
  const bytes = keyBytes(prefix);
  const last = bytes.findLastIndex((byte) => byte < 255);
  bytes[last] = (bytes[last] as number) + 1;
  return bytes.subarray(0, last + 1);
}
const keyText = (cell: unknown): string => bytesOf(cell).toString('latin1');

// Whoever made the folder may let others into it. SQLite gives the files beside its own the same rights. A file that is
// there is not opened here: closing it would give up the lock of this process.
function forOwnerOnly(file: string): void {
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
  for (const each of [file, `${file}-wal`, `${file}-shm`])
    if (existsSync(each)) chmodSync(each, 0o600);
}

function open(dataDir: string): DatabaseSync {
  const file = join(dataDir, DATA_FILE);
  forOwnerOnly(file);
  const db = new DatabaseSync(file, { timeout: 0 });
  try {
    // An exclusive lock of the operating system: it ends with the process, even on kill -9.
    db.exec(
      'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;',
    );
    db.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}; PRAGMA cache_size = -65536;`);
    db.exec('BEGIN EXCLUSIVE; COMMIT;');
  } catch (error) {
    db.close();
    if (/locked|busy/i.test(String(error)))
      throw new StoreLocked('the data file is locked', { cause: error });
    throw error;
  }
  const version = (db.prepare('PRAGMA user_version').get() as Row)['user_version'] as number;
  if (version !== 0 && version !== FORMAT_VERSION) {
    db.close();
    throw new FormatMismatch(
      `the folder has format version ${version}, this engine reads ${FORMAT_VERSION}`,
    );
  }
  db.exec(`${SCHEMA} PRAGMA user_version = ${FORMAT_VERSION};`);
  return db;
}

/** The one file of a data folder. */
export const DATA_FILE = 'data.sqlite';

/** What the store takes from the outside. */
export type StoreOutside = Pick<CommitSteps, 'onFatal' | 'now'>;

/**
 * Opens the one file of a data folder. When a commit fails, memory and disk no longer agree:
 * `onFatal` must end the process.
 * @throws StoreLocked, FormatMismatch
 */
export function openSqliteStore(dataDir: string, outside: StoreOutside): Store {
  return new SqliteStore(open(dataDir), outside);
}

class SqliteStore implements Store {
  private readonly db: DatabaseSync;
  private readonly turn: GroupCommit;
  private readonly cache = new ByteCache(CACHE_BYTES);
  private readonly entryCache = new EntryCache();
  private readonly statements = new Map<string, StatementSync>();
  private readonly onFatal: StoreOutside['onFatal'];
  private oplogBytes = 0;
  private lastTs = 0;

  constructor(db: DatabaseSync, outside: StoreOutside) {
    this.db = db;
    this.onFatal = outside.onFatal;
    const begin = db.prepare('BEGIN IMMEDIATE');
    const commit = db.prepare('COMMIT');
    this.turn = new GroupCommit({
      begin: () => void begin.run(),
      commit: () => void commit.run(),
      onFatal: outside.onFatal,
      now: outside.now,
    });
    const row = this.sql('SELECT max(ts) AS last, sum(length(v)) AS bytes FROM oplog').get() as Row;
    this.lastTs = Number(row['last'] ?? 0);
    this.oplogBytes = Number(row['bytes'] ?? 0);
  }

  private sql(text: string): StatementSync {
    let statement = this.statements.get(text);
    if (!statement) this.statements.set(text, (statement = this.db.prepare(text)));
    return statement;
  }

  /** Rows changed. */
  private write(text: string, ...values: (number | Buffer)[]): number {
    try {
      this.turn.touch();
      return Number(this.sql(text).run(...values).changes);
    } catch (error) {
      // Half a change must not be committed by the end of the turn: the process ends, the disk forgets the turn.
      this.onFatal(error);
      throw error;
    }
  }

  doc(rid: number): Buffer | null {
    const cached = this.cache.get(rid);
    if (cached) return cached;
    const row = this.sql('SELECT v FROM rec WHERE id = ?').get(rid) as Row | undefined;
    if (!row) return null;
    const bytes = bytesOf(row['v']);
    this.cache.set(rid, bytes);
    return bytes;
  }

  docs(range: Range<number>, limit: number): DocRow[] {
    const order = range.reverse ? 'DESC' : 'ASC';
    const rows = this.sql(
      `SELECT id, v FROM rec WHERE id >= ? AND id < ? ORDER BY id ${order} LIMIT ?`,
    );
    return rows
      .all(range.from, range.to, limit)
      .map((row) => [Number(row['id']), bytesOf(row['v'])]);
  }

  entry(key: string): number | null {
    const known = this.entryCache.get(key);
    if (known !== undefined) return known;
    const row = this.sql('SELECT r FROM ent WHERE k = ?').get(keyBytes(key)) as Row | undefined;
    if (!row) return null;
    const rid = Number(row['r']);
    this.entryCache.set(key, rid);
    return rid;
  }

  entries(range: Range<string>, limit: number): EntryRow[] {
    const order = range.reverse ? 'DESC' : 'ASC';
    const rows = this.sql(
      `SELECT k, r FROM ent WHERE k >= ? AND k < ? ORDER BY k ${order} LIMIT ?`,
    );
    return rows
      .all(keyBytes(range.from), keyBytes(range.to), limit)
      .map((row) => [keyText(row['k']), Number(row['r'])]);
  }

  meta(key: string): Buffer | null {
    const row = this.sql('SELECT v FROM meta WHERE k = ?').get(keyBytes(key)) as Row | undefined;
    return row ? bytesOf(row['v']) : null;
  }

  metas(prefix: string): (readonly [string, Buffer])[] {
    const rows = this.sql('SELECT k, v FROM meta WHERE k >= ? AND k < ? ORDER BY k');
    return rows
      .all(keyBytes(prefix), behind(prefix))
      .map((row) => [keyText(row['k']), bytesOf(row['v'])]);
  }

  oplogAfter(ts: number, limit: number): OplogRow[] {
    const rows = this.sql('SELECT ts, v FROM oplog WHERE ts > ? ORDER BY ts LIMIT ?').all(
      ts,
      limit,
    );
    return rows.map((row) => [Number(row['ts']), bytesOf(row['v'])]);
  }

  oplogBounds(): { first: number; last: number; bytes: number } {
    const row = this.sql('SELECT min(ts) AS first FROM oplog').get() as Row;
    return { first: Number(row['first'] ?? 0), last: this.lastTs, bytes: this.oplogBytes };
  }

  putDoc(rid: number, bytes: Buffer | null): void {
    this.cache.set(rid, bytes);
    if (bytes) this.write('INSERT OR REPLACE INTO rec VALUES (?, ?)', rid, bytes);
    else this.write('DELETE FROM rec WHERE id = ?', rid);
  }

  putEntry(key: string, rid: number | null): void {
    this.entryCache.set(key, rid);
    if (rid === null) this.write('DELETE FROM ent WHERE k = ?', keyBytes(key));
    else this.write('INSERT OR REPLACE INTO ent VALUES (?, ?)', keyBytes(key), rid);
  }

  putMeta(key: string, bytes: Buffer | null): void {
    if (bytes) this.write('INSERT OR REPLACE INTO meta VALUES (?, ?)', keyBytes(key), bytes);
    else this.write('DELETE FROM meta WHERE k = ?', keyBytes(key));
  }

  appendOplog(ts: number, bytes: Buffer): void {
    this.lastTs = ts;
    this.oplogBytes += bytes.length;
    this.write('INSERT INTO oplog VALUES (?, ?)', ts, bytes);
  }

  // The caches may keep deleted rows until they are the oldest: nobody asks for them again.
  dropDocs(range: Stretch<number>, limit: number): number {
    return this.write(
      'DELETE FROM rec WHERE id IN (SELECT id FROM rec WHERE id >= ? AND id < ? LIMIT ?)',
      range.from,
      range.to,
      limit,
    );
  }

  dropEntries(range: Stretch<string>, limit: number): number {
    return this.write(
      'DELETE FROM ent WHERE k IN (SELECT k FROM ent WHERE k >= ? AND k < ? LIMIT ?)',
      keyBytes(range.from),
      keyBytes(range.to),
      limit,
    );
  }

  dropMetas(prefix: string): void {
    this.write('DELETE FROM meta WHERE k >= ? AND k < ?', keyBytes(prefix), behind(prefix));
  }

  trimOplog(ts: number): void {
    const row = this.sql('SELECT sum(length(v)) AS bytes FROM oplog WHERE ts <= ?').get(ts) as Row;
    this.oplogBytes -= Number(row['bytes'] ?? 0);
    this.write('DELETE FROM oplog WHERE ts <= ?', ts);
  }

  settled(): Promise<void> | null {
    return this.turn.settled();
  }

  stir(): void {
    this.turn.stir();
  }

  hold(): void {
    this.turn.flush();
    this.db.exec('PRAGMA wal_autocheckpoint = 0');
    const row = this.sql('PRAGMA wal_checkpoint(TRUNCATE)').get() as Row;
    if (Number(row['busy']) === 0) return;
    this.release();
    throw new Error('the data file could not be brought up to date');
  }

  release(): void {
    this.db.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  }

  integrity(): string[] {
    const rows = this.sql('PRAGMA integrity_check').all() as Row[];
    return rows.map((row) => String(row['integrity_check'])).filter((finding) => finding !== 'ok');
  }

  compact(): void {
    this.turn.flush();
    this.db.exec('VACUUM');
    this.sql('PRAGMA wal_checkpoint(TRUNCATE)').get();
  }

  fileBytes(): number {
    const pages = this.sql('PRAGMA page_count').get() as Row;
    const size = this.sql('PRAGMA page_size').get() as Row;
    return Number(pages['page_count']) * Number(size['page_size']);
  }

  close(): void {
    this.turn.flush();
    this.abandon();
  }

  abandon(): void {
    this.turn.abandon();
    this.statements.clear();
    this.db.close();
  }
}
