/** The most recently used documents by record id, bounded by their bytes. */
export class ByteCache {
  private readonly capacity: number;
  private readonly rows = new Map<number, Buffer>();
  private size = 0;

  constructor(capacityBytes: number) {
    this.capacity = capacityBytes;
  }

  get(rid: number): Buffer | undefined {
    const bytes = this.rows.get(rid);
    if (bytes === undefined) return undefined;
    this.rows.delete(rid); // a Map keeps insertion order: put again, it is the youngest
    this.rows.set(rid, bytes);
    return bytes;
  }

  /** Null forgets the record. */
  set(rid: number, bytes: Buffer | null): void {
    const before = this.rows.get(rid);
    if (before) {
      this.size -= before.length;
      this.rows.delete(rid);
    }
    if (!bytes || bytes.length > this.capacity / 8) return;
    this.rows.set(rid, bytes);
    this.size += bytes.length;
    for (const [oldest, old] of this.rows) {
      if (this.size <= this.capacity) break;
      this.rows.delete(oldest);
      this.size -= old.length;
    }
  }

  clear(): void {
    this.rows.clear();
    this.size = 0;
  }
}
