/** Keys are up to some hundred bytes: a few megabytes a generation. */
const GENERATION = 20_000;

/** Index entries used lately. Two generations: when the young one is full, the old one is forgotten. */
export class EntryCache {
  private young = new Map<string, number>();
  private old = new Map<string, number>();

  get(key: string): number | undefined {
    const hit = this.young.get(key);
    if (hit !== undefined) return hit;
    const older = this.old.get(key);
    if (older !== undefined) this.set(key, older);
    return older;
  }

  /** Null forgets the entry. */
  set(key: string, rid: number | null): void {
    if (rid === null) {
      this.young.delete(key);
      this.old.delete(key);
      return;
    }
    this.young.set(key, rid);
    if (this.young.size < GENERATION) return;
    this.old = this.young;
    this.young = new Map();
  }
}
