/** A document: an ordered map, so no field name can reach a prototype and no order is lost. */
export type Doc = Map<string, Value>;

/**
 * Any BSON value. An int32 is a `number`, an int64 a `bigint`, a double a `Double`: the type of a
 * number survives every rewrite. A missing field is `undefined`, which is no `Value`.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Doc
  | Value[]
  | Double
  | Decimal128
  | ObjectId
  | UtcDate
  | Timestamp
  | Binary
  | Regex
  | Code
  | BsonSymbol
  | DbPointer
  | Undefined
  | MinKey
  | MaxKey;

/** BSON type bytes as they stand on the wire. */
export const T = {
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binary: 5,
  undefined: 6,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  dbPointer: 12,
  code: 13,
  symbol: 14,
  codeWithScope: 15,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  minKey: 255,
  maxKey: 127,
} as const;

/** A double; int32 and int64 have their own representation. */
export class Double {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** A 128-bit decimal by its sixteen little-endian bytes; arithmetic lives in decimal.ts. */
export class Decimal128 {
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/** A twelve-byte object id. */
export class ObjectId {
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
  hex(): string {
    return Buffer.from(this.bytes).toString('hex');
  }
}

/** A moment: whole milliseconds since 1970, UTC. */
export class UtcDate {
  readonly ms: number;
  constructor(ms: number) {
    this.ms = ms;
  }
}

/** A cluster time: seconds and an ordinal within the second. */
export class Timestamp {
  readonly seconds: number;
  readonly ordinal: number;
  constructor(seconds: number, ordinal: number) {
    this.seconds = seconds;
    this.ordinal = ordinal;
  }
}

/** Bytes with a subtype (4 is a UUID). */
export class Binary {
  readonly bytes: Uint8Array;
  readonly subtype: number;
  constructor(bytes: Uint8Array, subtype = 0) {
    this.bytes = bytes;
    this.subtype = subtype;
  }
}

/** A regular expression as its source and its option letters. */
export class Regex {
  readonly pattern: string;
  readonly options: string;
  constructor(pattern: string, options = '') {
    this.pattern = pattern;
    this.options = options;
  }
}

/** Script text; it is stored and returned, never run. */
export class Code {
  readonly code: string;
  readonly scope: Doc | null;
  constructor(code: string, scope: Doc | null = null) {
    this.code = code;
    this.scope = scope;
  }
}

/** The deprecated symbol type; it compares as a string. */
export class BsonSymbol {
  readonly value: string;
  constructor(value: string) {
    this.value = value;
  }
}

/** The deprecated pointer type. */
export class DbPointer {
  readonly ns: string;
  readonly id: Uint8Array;
  constructor(ns: string, id: Uint8Array) {
    this.ns = ns;
    this.id = id;
  }
}

/** The deprecated undefined type. */
export class Undefined {
  readonly kind = 'undefined';
}

/** Sorts before everything. */
export class MinKey {
  readonly kind = 'minKey';
}

/** Sorts after everything. */
export class MaxKey {
  readonly kind = 'maxKey';
}

export const UNDEFINED = new Undefined();
export const MIN_KEY = new MinKey();
export const MAX_KEY = new MaxKey();

/** The BSON type byte of a value. */
export function typeOf(v: Value): number {
  switch (typeof v) {
    case 'string':
      return T.string;
    case 'number':
      return T.int;
    case 'bigint':
      return T.long;
    case 'boolean':
      return T.bool;
    default:
      return v === null ? T.null : typeOfObject(v);
  }
}

function typeOfObject(v: Exclude<Value, null | boolean | number | bigint | string>): number {
  if (v instanceof Map) return T.object;
  if (Array.isArray(v)) return T.array;
  if (v instanceof ObjectId) return T.objectId;
  if (v instanceof UtcDate) return T.date;
  if (v instanceof Double) return T.double;
  if (v instanceof Binary) return T.binary;
  if (v instanceof Timestamp) return T.timestamp;
  if (v instanceof Decimal128) return T.decimal;
  if (v instanceof Regex) return T.regex;
  if (v instanceof Code) return v.scope ? T.codeWithScope : T.code;
  if (v instanceof BsonSymbol) return T.symbol;
  if (v instanceof DbPointer) return T.dbPointer;
  if (v instanceof MinKey) return T.minKey;
  return v instanceof MaxKey ? T.maxKey : T.undefined;
}

const NAMES = new Map<number, string>([
  [T.double, 'double'],
  [T.string, 'string'],
  [T.object, 'object'],
  [T.array, 'array'],
  [T.binary, 'binData'],
  [T.undefined, 'undefined'],
  [T.objectId, 'objectId'],
  [T.bool, 'bool'],
  [T.date, 'date'],
  [T.null, 'null'],
  [T.regex, 'regex'],
  [T.dbPointer, 'dbPointer'],
  [T.code, 'javascript'],
  [T.symbol, 'symbol'],
  [T.codeWithScope, 'javascriptWithScope'],
  [T.int, 'int'],
  [T.timestamp, 'timestamp'],
  [T.long, 'long'],
  [T.decimal, 'decimal'],
  [T.minKey, 'minKey'],
  [T.maxKey, 'maxKey'],
]);

/** The `$type` alias of a value, such as `long`; a missing value is `missing`. */
export const typeName = (v: Value | undefined): string =>
  v === undefined ? 'missing' : (NAMES.get(typeOf(v)) ?? 'unknown');

/** The type bytes an alias or number of `$type` or `bsonType` stands for; null when unknown. */
export function typesOfAlias(alias: string | number): readonly number[] | null {
  if (alias === 'number') return [T.double, T.int, T.long, T.decimal];
  for (const [byte, name] of NAMES) {
    if (name === alias || byte === alias || (alias === -1 && byte === T.minKey)) return [byte];
  }
  return null;
}

/** True for a document (not an array). */
export const isDoc = (v: Value | undefined): v is Doc => v instanceof Map;

/** True for any of the four numeric types. */
export const isNumber = (v: Value | undefined): v is number | bigint | Double | Decimal128 =>
  typeof v === 'number' || typeof v === 'bigint' || v instanceof Double || v instanceof Decimal128;

/** A copy that shares no document or array with the original; scalars are immutable. */
export function clone<V extends Value>(v: V): V {
  if (v instanceof Map) {
    const out: Doc = new Map();
    for (const [key, value] of v as Doc) out.set(key, clone(value));
    return out as V;
  }
  return Array.isArray(v) ? (v.map((x) => clone(x)) as V) : v;
}
