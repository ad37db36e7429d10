import type { Batch, CursorSource } from './cursors.ts';

/** Bytes of documents in one batch; one more document may still go over it. */
const MAX_BATCH_BYTES = 16 * 1024 * 1024 - 64 * 1024;

/** The clock of the command behind a walk: it runs while a batch is made, and rests between two. */
export interface Pacer {
  resume(): void;
  rest(): void;
  due(): boolean;
  pause(): Promise<void>;
}

/** Turns a walk over documents (null is a place to pause) into batches. */
export class DocumentSource implements CursorSource {
  private readonly docs: Iterator<Uint8Array | null>;
  private readonly pacer: Pacer | null;
  private held: Uint8Array | null = null;
  private done = false;

  /** @param pacer none for rows that are in memory */
  constructor(docs: Iterable<Uint8Array | null>, pacer: Pacer | null = null) {
    this.docs = docs[Symbol.iterator]();
    this.pacer = pacer;
  }

  async next(input: { readonly count: number }): Promise<Batch> {
    this.pacer?.resume();
    try {
      return await this.batch(input.count);
    } finally {
      this.pacer?.rest();
    }
  }

  private async batch(most: number): Promise<Batch> {
    const out: Uint8Array[] = [];
    let bytes = 0;
    const count = most === 0 ? Infinity : most;
    while (out.length < count && !this.done) {
      const doc = await this.take();
      if (!doc) break;
      if (out.length > 0 && bytes + doc.length > MAX_BATCH_BYTES) {
        this.held = doc;
        break;
      }
      out.push(doc);
      bytes += doc.length;
    }
    return { docs: out, last: this.done && this.held === null };
  }

  /** True when nothing follows; it looks one document ahead. */
  async exhausted(): Promise<boolean> {
    this.pacer?.resume();
    try {
      this.held ??= await this.take();
    } finally {
      this.pacer?.rest();
    }
    return this.held === null;
  }

  private async take(): Promise<Uint8Array | null> {
    if (this.held) {
      const doc = this.held;
      this.held = null;
      return doc;
    }
    for (;;) {
      const step = this.docs.next();
      if (step.done) {
        this.done = true;
        return null;
      }
      if (step.value === null || this.pacer?.due()) await this.pacer?.pause();
      if (step.value) return step.value;
    }
  }

  close(): void {
    this.done = true;
    this.held = null;
    this.docs.return?.();
  }
}
