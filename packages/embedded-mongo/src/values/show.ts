import { decimalToString } from './decimal.ts';
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
  Timestamp,
  UtcDate,
  type Value,
} from './types.ts';

/** Writes a value as MongoDB writes it inside error messages: `{ a: "x", b: ObjectId('…') }`. */
export function show(v: Value | undefined): string {
  if (v === undefined) return 'MISSING';
  if (v === null || typeof v === 'boolean' || typeof v === 'number' || typeof v === 'bigint')
    return String(v);
  if (typeof v === 'string') return JSON.stringify(v);
  if (v instanceof Map) {
    const fields = [...v].map(([name, value]) => `${name}: ${show(value)}`);
    return fields.length > 0 ? `{ ${fields.join(', ')} }` : '{}';
  }
  return Array.isArray(v) ? (v.length > 0 ? `[ ${v.map(show).join(', ')} ]` : '[]') : showScalar(v);
}

function showScalar(v: Value): string {
  if (v instanceof ObjectId) return `ObjectId('${v.hex()}')`;
  if (v instanceof Double) return Number.isInteger(v.value) ? v.value.toFixed(1) : String(v.value);
  if (v instanceof UtcDate) return `new Date(${v.ms})`;
  if (v instanceof Decimal128) return decimalToString(v);
  if (v instanceof Timestamp) return `Timestamp(${v.seconds}, ${v.ordinal})`;
  if (v instanceof Binary) return showBinary(v);
  if (v instanceof Regex) return `/${v.pattern}/${v.options}`;
  if (v instanceof BsonSymbol) return `"${v.value}"`;
  if (v instanceof Code) return v.code;
  if (v instanceof DbPointer) return `DBRef('${v.ns}')`;
  if (v instanceof MinKey) return 'MinKey';
  return v instanceof MaxKey ? 'MaxKey' : 'undefined';
}

function showBinary(v: Binary): string {
  const hex = Buffer.from(v.bytes).toString('hex');
  if (v.subtype !== 4 || hex.length !== 32) return `BinData(${v.subtype}, ${hex.toUpperCase()})`;
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ];
  return `UUID("${parts.join('-')}")`;
}
