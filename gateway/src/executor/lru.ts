/** How much entries weigh, and how much all of them may. */
interface Weights<Key> {
  readonly of: (key: Key) => number;
  readonly most: number;
}

/** A map that keeps the entries used last, at most `most` of them and, where they are weighed, no heavier than they may be. */
export class Lru<Key, Value> {
  readonly #entries = new Map<Key, Value>();
  readonly #most: number;
  readonly #weights: Weights<Key> | undefined;
  #weight = 0;
  /** The key that was used last: it need not be moved to where it is. */
  #newest: Key | undefined;

  constructor(most: number, weights?: Weights<Key>) {
    this.#most = most;
    this.#weights = weights;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value === undefined || key === this.#newest) return value;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    this.#newest = key;
    return value;
  }

  set(key: Key, value: Value): void {
    this.#drop(key);
    this.#entries.set(key, value);
    this.#newest = key;
    if (this.#weights) this.#weight += this.#weights.of(key);
    while (this.#isOver()) {
      const [oldest] = this.#entries.keys();
      if (oldest === undefined) return;
      this.#drop(oldest);
    }
  }

  #isOver(): boolean {
    return this.#entries.size > this.#most || this.#weight > (this.#weights?.most ?? Infinity);
  }

  #drop(key: Key): void {
    if (this.#entries.delete(key) && this.#weights) this.#weight -= this.#weights.of(key);
  }
}
