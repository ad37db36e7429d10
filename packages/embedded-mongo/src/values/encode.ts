import {
  Binary,
  BsonSymbol,
  Code,
  DbPointer,
  Decimal128,
  Double,
  MaxKey,
  MinKey,
  ObjectId,
  Regex,
  T,
  Timestamp,
  UtcDate,
  type Value,
} from './types.ts';

/** A document that is already BSON: its bytes are spliced in as they are. */
export class Raw {
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/**
 * What the encoder takes: values, raw documents, and plain objects for the engine's own replies
 * (their keys are fixed words of the protocol; a key whose value is `undefined` is left out).
 */
export type Encodable =
  | Value
  | Raw
  | undefined
  | readonly Encodable[]
  | { readonly [key: string]: Encodable };

/** A reply or catalog record written by the engine itself. */
export type Plain = { readonly [key: string]: Encodable };

const SCRATCH_MAX = 1 << 20;
let buf = Buffer.allocUnsafe(64 * 1024);
let at = 0;

function room(size: number): void {
  if (at + size <= buf.length) return;
  const next = Buffer.allocUnsafe(Math.max(buf.length * 2, at + size));
  buf.copy(next, 0, 0, at);
  buf = next;
}

function cstring(text: string): void {
  room(text.length * 3 + 1);
  at = chars(text);
  buf[at++] = 0;
}

function chars(text: string): number {
  if (text.length > 24) return at + buf.write(text, at);
  let to = at;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 127) return at + buf.write(text, at);
    buf[to++] = unit;
  }
  return to;
}

function string(text: string): void {
  room(text.length * 3 + 5);
  const from = at;
  at += 4;
  at = chars(text);
  buf[at++] = 0;
  buf.writeInt32LE(at - from - 4, from);
}

function bytes(data: Uint8Array): void {
  room(data.length);
  buf.set(data, at);
  at += data.length;
}

function int32(value: number): void {
  room(4);
  at = buf.writeInt32LE(value, at);
}

function element(name: string, v: Encodable): void {
  if (v === undefined) return;
  room(1);
  const typeAt = at++;
  cstring(name);
  const type = payload(v); // it may grow the buffer: the type byte is set afterwards
  buf[typeAt] = type;
}

function payload(v: Exclude<Encodable, undefined>): number {
  switch (typeof v) {
    case 'string':
      string(v);
      return T.string;
    case 'number':
      return number(v);
    case 'bigint':
      room(8);
      at = buf.writeBigInt64LE(v, at);
      return T.long;
    case 'boolean':
      room(1);
      buf[at++] = v ? 1 : 0;
      return T.bool;
    default:
      return v === null ? T.null : objectPayload(v);
  }
}

function number(v: number): number {
  if ((v | 0) === v && !Object.is(v, -0)) {
    int32(v);
    return T.int;
  }
  room(8);
  at = buf.writeDoubleLE(v, at);
  return T.double;
}

type Composite = Exclude<Encodable, undefined | null | string | number | bigint | boolean>;

function objectPayload(v: Composite): number {
  if (v instanceof Raw) {
    bytes(v.bytes);
    return T.object;
  }
  if (v instanceof Map) {
    const from = open();
    for (const [key, value] of v) element(key, value);
    return close(from, T.object);
  }
  if (Array.isArray(v)) {
    const from = open();
    const list = v as readonly Encodable[];
    for (let i = 0; i < list.length; i++) element(String(i), list[i] ?? null);
    return close(from, T.array);
  }
  return v.constructor === Object
    ? plainPayload(v as Plain)
    : scalarPayload(v as Exclude<Composite, readonly Encodable[]>);
}

function plainPayload(v: Plain): number {
  const from = open();
  for (const key of Object.keys(v)) element(key, v[key]);
  return close(from, T.object);
}

function open(): number {
  room(5);
  const from = at;
  at += 4;
  return from;
}

function close(from: number, type: number): number {
  room(1);
  buf[at++] = 0;
  buf.writeInt32LE(at - from, from);
  return type;
}

function scalarPayload(v: Exclude<Composite, readonly Encodable[]>): number {
  if (v instanceof ObjectId) {
    bytes(v.bytes);
    return T.objectId;
  }
  if (v instanceof UtcDate) {
    room(8);
    at = buf.writeBigInt64LE(BigInt(v.ms), at);
    return T.date;
  }
  if (v instanceof Double) {
    room(8);
    at = buf.writeDoubleLE(v.value, at);
    return T.double;
  }
  if (v instanceof Timestamp) {
    room(8);
    at = buf.writeUInt32LE(v.ordinal, at);
    at = buf.writeUInt32LE(v.seconds, at);
    return T.timestamp;
  }
  if (v instanceof Binary) {
    int32(v.bytes.length);
    room(1);
    buf[at++] = v.subtype;
    bytes(v.bytes);
    return T.binary;
  }
  if (v instanceof Decimal128) {
    bytes(v.bytes);
    return T.decimal;
  }
  return rarePayload(v);
}

function rarePayload(v: Exclude<Composite, readonly Encodable[]>): number {
  if (v instanceof Regex) {
    cstring(v.pattern);
    cstring(v.options);
    return T.regex;
  }
  if (v instanceof Code) {
    if (!v.scope) {
      string(v.code);
      return T.code;
    }
    const from = open();
    string(v.code);
    objectPayload(v.scope);
    buf.writeInt32LE(at - from, from);
    return T.codeWithScope;
  }
  if (v instanceof BsonSymbol) {
    string(v.value);
    return T.symbol;
  }
  if (v instanceof DbPointer) {
    string(v.ns);
    bytes(v.id);
    return T.dbPointer;
  }
  if (v instanceof MinKey) return T.minKey;
  if (v instanceof MaxKey) return T.maxKey;
  if ('kind' in v && v.kind === 'undefined') return T.undefined;
  return plainPayload(v as Plain); // with a key called `constructor`
}

/** Encodes one document; `headroom` bytes are left free (uninitialised) before it for a frame header. */
export function encode(doc: Value | Raw | Plain, headroom = 0): Buffer {
  at = headroom;
  room(headroom);
  if (doc instanceof Raw) bytes(doc.bytes);
  else objectPayload(doc as Composite);
  const out = Buffer.allocUnsafe(at);
  buf.copy(out, 0, 0, at);
  if (buf.length > SCRATCH_MAX) buf = Buffer.allocUnsafe(64 * 1024);
  return out;
}
