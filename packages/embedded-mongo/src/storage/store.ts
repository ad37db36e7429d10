/** One stored document: its record id and its BSON. */
export type DocRow = readonly [rid: number, bytes: Buffer];

/** One index entry: its full key (a binary string, index id first) and the record it points to. */
export type EntryRow = readonly [key: string, rid: number];

/** One oplog row: its cluster time as a number and its BSON. */
export type OplogRow = readonly [ts: number, bytes: Buffer];

/** A half-open stretch of keys, `from` included and `to` excluded. */
export interface Stretch<K> {
  readonly from: K;
  readonly to: K;
}

/** A stretch of keys that is read forward or backward. */
export interface Range<K> extends Stretch<K> {
  readonly reverse: boolean;
}

/**
 * What the engine asks of a disk: ordered reads, and writes that become durable together at the
 * end of the event-loop turn. Reads see every write at once; nobody may be answered before
 * `settled` is done, because until then a crash takes the turn back as a whole.
 */
export interface Store {
  doc(rid: number): Buffer | null;
  docs(range: Range<number>, limit: number): DocRow[];
  entry(key: string): number | null;
  entries(range: Range<string>, limit: number): EntryRow[];
  meta(key: string): Buffer | null;
  metas(prefix: string): (readonly [string, Buffer])[];
  oplogAfter(ts: number, limit: number): OplogRow[];
  oplogBounds(): { readonly first: number; readonly last: number; readonly bytes: number };

  putDoc(rid: number, bytes: Buffer | null): void;
  putEntry(key: string, rid: number | null): void;
  putMeta(key: string, bytes: Buffer | null): void;
  appendOplog(ts: number, bytes: Buffer): void;
  /** Delete up to so many documents or index entries, and tell how many. */
  dropDocs(range: Stretch<number>, limit: number): number;
  dropEntries(range: Stretch<string>, limit: number): number;
  dropMetas(prefix: string): void;
  /** Deletes oplog rows up to and including `ts`. */
  trimOplog(ts: number): void;

  /** Null when everything written is durable, else a promise of that. */
  settled(): Promise<void> | null;
  /** A message has come: writes that wait for their commit may soon have company. */
  stir(): void;
  /**
   * Brings everything committed into the main file and keeps it there unchanged, so that somebody can
   * copy it while writes go on beside it. @throws Error when the file cannot be brought up to date
   */
  hold(): void;
  /** The main file may change again. */
  release(): void;
  /** What the disk format itself finds wrong; empty when nothing is. */
  integrity(): string[];
  /** Writes the file anew without the space of what was deleted. */
  compact(): void;
  /** Bytes of the data file, for the statistics commands. */
  fileBytes(): number;
  close(): void;
  /** Closes without the commit of what is open, as the end of the process would. */
  abandon(): void;
}
