/**
 * Documents used lately by record id, bounded by their bytes. Two generations: when the young one has
 * half of the room, the old one is forgotten. A hit in the young one costs a look-up and no more.
 */
export class ByteCache {
  private readonly capacity: number;
  private young = new Map<number, Buffer>();
  private old = new Map<number, Buffer>();
  private youngBytes = 0;

  constructor(capacityBytes: number) {
    this.capacity = capacityBytes;
  }

  get(rid: number): Buffer | undefined {
    const hit = this.young.get(rid);
    if (hit !== undefined) return hit;
    const older = this.old.get(rid);
    if (older !== undefined) this.set(rid, older);
    return older;
  }

  /** Null forgets the record. */
  set(rid: number, bytes: Buffer | null): void {
    const before = this.young.get(rid);
    if (before) this.youngBytes -= before.length;
    if (!bytes || bytes.length > this.capacity / 8) {
      this.young.delete(rid);
      this.old.delete(rid);
      return;
    }
    this.young.set(rid, bytes);
    this.youngBytes += bytes.length;
    if (this.youngBytes < this.capacity / 2) return;
    this.old = this.young;
    this.young = new Map();
    this.youngBytes = 0;
  }
}
