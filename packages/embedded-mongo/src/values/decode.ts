import { CommandError, code } from './errors.ts';
import {
  Binary,
  BsonSymbol,
  Code,
  DbPointer,
  Decimal128,
  Double,
  MAX_KEY,
  MIN_KEY,
  ObjectId,
  Regex,
  Timestamp,
  UNDEFINED,
  UtcDate,
  type Doc,
  type Value,
} from './types.ts';

/** MongoDB's nesting limit. */
export const MAX_DEPTH = 180;

const bad = (what: string): CommandError =>
  new CommandError(code.InvalidBSON, `Invalid BSON: ${what}`);

// Field names repeat in every document: names already seen are returned without a new string.
const NAME_SLOTS = 8192;
const names: (string | undefined)[] = Array.from({ length: NAME_SLOTS });

class Reader {
  readonly buf: Buffer;
  at: number;
  constructor(buf: Buffer, at: number) {
    this.buf = buf;
    this.at = at;
  }

  int32(end: number): number {
    if (this.at + 4 > end) throw bad('a length ends early');
    const value = this.buf.readInt32LE(this.at);
    this.at += 4;
    return value;
  }

  name(end: number): string {
    const { buf } = this;
    const from = this.at;
    let hash = 5381;
    let at = from;
    let byte = 0;
    let ascii = true;
    while (at < end && (byte = buf[at] as number) !== 0) {
      hash = (hash * 33 + byte) | 0;
      if (byte > 127) ascii = false;
      at++;
    }
    if (at >= end) throw bad('a name has no end');
    this.at = at + 1;
    if (!ascii || at - from > 64) return buf.toString('utf8', from, at);
    const slot = (hash >>> 0) % NAME_SLOTS;
    const known = names[slot];
    if (known !== undefined && same(buf, from, at, known)) return known;
    return (names[slot] = buf.toString('latin1', from, at));
  }

  string(end: number): string {
    const size = this.int32(end);
    if (size < 1 || this.at + size > end || this.buf[this.at + size - 1] !== 0) {
      throw bad('a string has a wrong length');
    }
    const from = this.at;
    this.at += size;
    return this.buf.toString('utf8', from, from + size - 1);
  }

  /** Moves over bytes of a fixed size and gives the place of the first. */
  skip(size: number, end: number): number {
    const from = this.at;
    if (from + size > end) throw bad('a value ends early');
    this.at += size;
    return from;
  }

  /** A copy of a few bytes. */
  copy(size: number, end: number): Uint8Array {
    const from = this.skip(size, end);
    const out = new Uint8Array(size);
    for (let i = 0; i < size; i++) out[i] = this.buf[from + i] as number;
    return out;
  }

  /** Bytes as they lie, without a copy: nobody changes a message or a stored document. */
  take(size: number, end: number): Buffer {
    if (size < 0 || this.at + size > end) throw bad('a value ends early');
    const out = this.buf.subarray(this.at, this.at + size);
    this.at += size;
    return out;
  }
}

function same(buf: Buffer, from: number, to: number, text: string): boolean {
  if (text.length !== to - from) return false;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== buf[from + i]) return false;
  return true;
}

function body(r: Reader, end: number): number {
  const from = r.at;
  const size = r.int32(end);
  const stop = from + size;
  if (size < 5 || stop > end || r.buf[stop - 1] !== 0) throw bad('a document has a wrong length');
  return stop - 1;
}

function document(r: Reader, limit: number, depth: number): Doc {
  if (depth > MAX_DEPTH)
    throw new CommandError(code.Overflow, `BSON is nested deeper than ${MAX_DEPTH}`);
  const end = body(r, limit);
  const out: Doc = new Map();
  while (r.at < end) {
    const type = r.buf[r.at++] as number;
    const name = r.name(end);
    out.set(name, value(r, type, end, depth));
  }
  if (r.at !== end) throw bad('a document has a wrong length');
  r.at = end + 1;
  return out;
}

function array(r: Reader, limit: number, depth: number): Value[] {
  if (depth > MAX_DEPTH)
    throw new CommandError(code.Overflow, `BSON is nested deeper than ${MAX_DEPTH}`);
  const end = body(r, limit);
  const out: Value[] = [];
  while (r.at < end) {
    const type = r.buf[r.at++] as number;
    while (r.at < end && r.buf[r.at] !== 0) r.at++;
    r.at++;
    out.push(value(r, type, end, depth));
  }
  if (r.at !== end) throw bad('an array has a wrong length');
  r.at = end + 1;
  return out;
}

function value(r: Reader, type: number, end: number, depth: number): Value {
  switch (type) {
    case 1:
      return new Double(r.buf.readDoubleLE(r.skip(8, end)));
    case 2:
      return r.string(end);
    case 3:
      return document(r, end, depth + 1);
    case 4:
      return array(r, end, depth + 1);
    case 7:
      return new ObjectId(r.copy(12, end));
    case 8:
      return bool(r, end);
    case 9:
      return new UtcDate(Number(r.buf.readBigInt64LE(r.skip(8, end))));
    case 10:
      return null;
    case 16:
      return r.int32(end);
    case 18:
      return r.buf.readBigInt64LE(r.skip(8, end));
    default:
      return rareValue(r, type, end, depth);
  }
}

function rareValue(r: Reader, type: number, end: number, depth: number): Value {
  switch (type) {
    case 5:
      return binary(r, end);
    case 6:
      return UNDEFINED;
    case 11:
      return new Regex(r.name(end), r.name(end));
    case 12:
      return new DbPointer(r.string(end), r.copy(12, end));
    case 13:
      return new Code(r.string(end));
    case 14:
      return new BsonSymbol(r.string(end));
    case 15: {
      r.int32(end);
      return new Code(r.string(end), document(r, end, depth + 1));
    }
    case 17: {
      const from = r.skip(8, end);
      return new Timestamp(r.buf.readUInt32LE(from + 4), r.buf.readUInt32LE(from));
    }
    case 19:
      return new Decimal128(r.copy(16, end));
    case 255:
      return MIN_KEY;
    case 127:
      return MAX_KEY;
    default:
      throw bad(`unknown type ${type}`);
  }
}

function bool(r: Reader, end: number): boolean {
  const byte = r.buf[r.skip(1, end)];
  if (byte !== 0 && byte !== 1) throw bad('a boolean is neither 0 nor 1');
  return byte === 1;
}

function binary(r: Reader, end: number): Binary {
  const size = r.int32(end);
  const subtype = r.buf[r.skip(1, end)] as number;
  return new Binary(size >= 0 && size <= 32 ? r.copy(size, end) : r.take(size, end), subtype);
}

/**
 * Decodes the one document that fills `buf`.
 * @throws CommandError 22 on malformed bytes, 15 when it is nested deeper than 180.
 */
export function decode(buf: Buffer): Doc {
  const r = new Reader(buf, 0);
  const out = document(r, buf.length, 1);
  if (r.at !== buf.length) throw bad('bytes follow the document');
  return out;
}

/** Decodes only the named top-level fields of a stored (hence valid) document, in stored order. */
export function decodeFields(buf: Buffer, wanted: ReadonlySet<string>): Doc {
  const out: Doc = new Map();
  const r = new Reader(buf, 4);
  const end = buf.length - 1;
  while (r.at < end && out.size < wanted.size) {
    const type = r.buf[r.at++] as number;
    const name = r.name(end);
    if (wanted.has(name)) out.set(name, value(r, type, end, 1));
    else skip(r, type, end);
  }
  return out;
}

const FIXED: Readonly<Record<number, number>> = {
  1: 8,
  6: 0,
  7: 12,
  8: 1,
  9: 8,
  10: 0,
  16: 4,
  17: 8,
  18: 8,
  19: 16,
  127: 0,
  255: 0,
};

function skip(r: Reader, type: number, end: number): void {
  const fixed = FIXED[type];
  if (fixed !== undefined) r.at += fixed;
  else if (type === 2 || type === 13 || type === 14) r.at += r.buf.readInt32LE(r.at) + 4;
  else if (type === 3 || type === 4 || type === 15) r.at += r.buf.readInt32LE(r.at);
  else if (type === 5) r.at += r.buf.readInt32LE(r.at) + 5;
  else value(r, type, end, 1);
}
