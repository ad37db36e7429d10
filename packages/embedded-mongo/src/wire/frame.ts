import { MAX_MESSAGE } from './limits.ts';

/** The sixteen bytes before every message. */
export interface Header {
  readonly length: number;
  readonly requestId: number;
  readonly opCode: number;
}

export const HEADER_SIZE = 16;

/** A frame whose length cannot be: the connection must be closed, nothing after it can be read. */
export class BadFrame extends Error {}

/** Cuts a byte stream into messages. */
export class FrameReader {
  private chunks: Buffer[] = [];
  private size = 0;
  private wanted = HEADER_SIZE;

  /** Takes bytes and gives every message that is now whole. @throws BadFrame */
  push(chunk: Buffer): Buffer[] {
    this.chunks.push(chunk);
    this.size += chunk.length;
    const out: Buffer[] = [];
    while (this.size >= this.wanted) {
      const all = this.joined();
      const length = all.readInt32LE(0);
      if (length < HEADER_SIZE || length > MAX_MESSAGE)
        throw new BadFrame(`a message of ${length} bytes`);
      if (all.length < length) {
        this.wanted = length; // nothing is joined again before the message is whole
        break;
      }
      out.push(all.subarray(0, length));
      this.chunks = all.length > length ? [all.subarray(length)] : [];
      this.size = all.length - length;
      this.wanted = HEADER_SIZE;
    }
    return out;
  }

  private joined(): Buffer {
    const [only] = this.chunks;
    if (only && this.chunks.length === 1) return only;
    const all = Buffer.concat(this.chunks);
    this.chunks = [all];
    return all;
  }
}

/** Reads the header of a whole message. */
export const headerOf = (message: Buffer): Header => ({
  length: message.readInt32LE(0),
  requestId: message.readInt32LE(4),
  opCode: message.readInt32LE(12),
});
