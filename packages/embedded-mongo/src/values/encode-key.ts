import { compareFractions, fraction, rank } from './compare.ts';
import { parts } from './decimal.ts';
import { toDouble, type Numeric } from './number.ts';
import {
  type Binary,
  BsonSymbol,
  Code,
  DbPointer,
  Decimal128,
  Double,
  type ObjectId,
  Regex,
  Timestamp,
  type UtcDate,
  type Doc,
  type Value,
} from './types.ts';

/*
 * Keys are "binary strings": one character per byte, so that `<` on strings, memcmp on bytes and
 * `compare` on values are one order. Every encoding is self-delimiting, so compound keys are
 * concatenations and a descending part is the complement of its bytes.
 */

const scratch = Buffer.alloc(8);
const byte = (n: number): string => String.fromCharCode(n);

/** The key of one value. */
export function encodeKey(v: Value): string {
  const r = rank(v);
  return byte(r + 16) + payload(r, v);
}

/** The same bytes complemented: the key of a descending part. */
export function complement(key: string): string {
  let out = '';
  for (let i = 0; i < key.length; i++) out += byte(255 - key.charCodeAt(i));
  return out;
}

function payload(r: number, v: Value): string {
  switch (r) {
    case 4:
      return numberKey(v as Numeric);
    case 5:
      return textKey(v instanceof BsonSymbol ? v.value : (v as string));
    case 6:
      return docKey(v as Doc);
    case 7:
      return arrayKey(v as Value[]);
    case 8:
      return binaryKey(v as Binary);
    case 9:
      return latin((v as ObjectId).bytes);
    case 10:
      return byte(v === true ? 1 : 0);
    case 11:
      return int64Key(BigInt((v as UtcDate).ms));
    default:
      return rareKey(v);
  }
}

function rareKey(v: Value): string {
  if (v instanceof Timestamp) return uint32Key(v.seconds) + uint32Key(v.ordinal);
  if (v instanceof Regex) return textKey(v.pattern) + textKey(v.options);
  if (v instanceof Code) return textKey(v.code) + (v.scope ? docKey(v.scope) : '');
  if (v instanceof DbPointer) return textKey(v.ns) + latin(v.id);
  return '';
}

const latin = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');

/** Four bytes, big-endian. */
export function uint32Key(n: number): string {
  scratch.writeUInt32BE(n, 0);
  return scratch.toString('latin1', 0, 4);
}

function int64Key(n: bigint): string {
  scratch.writeBigInt64BE(n ^ -0x8000000000000000n, 0); // the sign bit turned
  return scratch.toString('latin1', 0, 8);
}

function binaryKey(v: Binary): string {
  return uint32Key(v.bytes.length) + byte(v.subtype) + latin(v.bytes);
}

// UTF-8, each NUL as 00 FF, the end as 00 00: a prefix sorts first and nothing runs over the end.
function textKey(text: string): string {
  let out = text;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0 || unit > 127) {
      out = Buffer.from(text, 'utf8').toString('latin1').replaceAll('\0', '\0\u00ff');
      break;
    }
  }
  return `${out}\0\0`;
}

function docKey(doc: Doc): string {
  let out = '';
  for (const [name, value] of doc) {
    const r = rank(value);
    out += byte(r + 16) + textKey(name) + payload(r, value);
  }
  return `${out}\0`;
}

function arrayKey(list: Value[]): string {
  let out = '';
  for (const item of list) out += encodeKey(item);
  return `${out}\0`;
}

/*
 * Numbers: eight bytes of the largest double that is not above the value, then 00 when that is the
 * value, else 01 and the decimal digits of the value. Values between two doubles (large int64,
 * decimals) are thus told apart exactly, and 1, 1n, 1.0 and 1.00 are one key.
 */
function numberKey(v: Numeric): string {
  if (typeof v === 'number') return doubleKey(v) + '\0';
  if (v instanceof Double) return doubleKey(v.value) + '\0';
  if (typeof v === 'bigint' && v >= -9007199254740992n && v <= 9007199254740992n) {
    return doubleKey(Number(v)) + '\0';
  }
  const nearest = toDouble(v);
  if (Number.isNaN(nearest)) return doubleKey(nearest) + '\0';
  if (v instanceof Decimal128 && parts(v).kind === 'infinity') return doubleKey(nearest) + '\0';
  const exact = fraction(v);
  let floor = Number.isFinite(nearest) ? nearest : nearest > 0 ? Number.MAX_VALUE : -Infinity;
  const c = Number.isFinite(floor) ? compareFractions(fraction(new Double(floor)), exact) : -1;
  if (c === 0) return doubleKey(floor) + '\0';
  if (c > 0) floor = nextDown(floor);
  return doubleKey(floor) + '\u0001' + digitsKey(v);
}

function doubleKey(value: number): string {
  if (Number.isNaN(value)) return '\0\0\0\0\0\0\0\0';
  scratch.writeDoubleBE(value === 0 ? 0 : value, 0);
  if (((scratch[0] as number) & 0x80) === 0) scratch[0] = (scratch[0] as number) | 0x80;
  else for (let i = 0; i < 8; i++) scratch[i] = ~(scratch[i] as number) & 0xff;
  return scratch.toString('latin1', 0, 8);
}

const SMALLEST = 5e-324;

function nextDown(value: number): number {
  if (value === 0) return -SMALLEST;
  scratch.writeDoubleBE(value, 0);
  scratch.writeBigInt64BE(scratch.readBigInt64BE(0) + (value > 0 ? -1n : 1n), 0);
  return scratch.readDoubleBE(0);
}

// Sign is settled by the double except around zero; exponent and digits order the rest.
function digitsKey(v: Numeric): string {
  const whole = typeof v === 'bigint';
  const p = whole ? null : parts(v as Decimal128);
  const negative = whole ? v < 0n : p?.kind === 'finite' && p.negative;
  const magnitude = whole ? (v < 0n ? -v : v) : p?.kind === 'finite' ? p.coefficient : 0n;
  const digits = magnitude.toString();
  const exponent = digits.length + (p?.kind === 'finite' ? p.exponent : 0);
  scratch.writeUInt16BE(exponent + 10000, 0);
  const key = `${scratch.toString('latin1', 0, 2)}${digits.replace(/0+$/, '')}\0`;
  return negative ? `\0${complement(key)}` : `\u0001${key}`;
}
