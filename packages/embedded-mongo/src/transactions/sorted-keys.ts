/** Keys in order: an array searched by halves. `<` orders numbers, and binary strings by their bytes. */
export class SortedKeys<K extends number | string> {
  private readonly keys: K[] = [];

  /** The first place whose key is at or above `key`. */
  private place(key: K): number {
    let low = 0;
    let high = this.keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.keys[middle] as K) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  add(key: K): void {
    const at = this.place(key);
    if (this.keys[at] !== key) this.keys.splice(at, 0, key);
  }

  delete(key: K): void {
    const at = this.place(key);
    if (this.keys[at] === key) this.keys.splice(at, 1);
  }

  /** The smallest key at or above `from`. */
  atOrAbove(from: K): K | undefined {
    return this.keys[this.place(from)];
  }

  /** The largest key below `to`. */
  below(to: K): K | undefined {
    return this.keys[this.place(to) - 1];
  }
}
