import { CommandError, badValue, code, notImplemented, typeMismatch } from '../values/errors.ts';
import { truthy } from '../values/make.ts';
import { toDouble } from '../values/number.ts';
import { isDoc, isNumber, typeName, type Doc, type Value } from '../values/types.ts';
import type { Matcher } from '../query/matcher.ts';
import { parseFilter } from '../query/parse.ts';
import { splitPath, type Path } from '../query/path.ts';
import { parseCollation, type Collation } from '../query/text-fold.ts';

/** One field of an index. */
export interface KeyPart {
  readonly field: string;
  readonly path: Path;
  readonly descending: boolean;
}

/** An index as it was asked for, checked and compiled. */
export interface IndexDefinition {
  readonly name: string;
  readonly parts: readonly KeyPart[];
  readonly unique: boolean;
  readonly sparse: boolean;
  readonly hidden: boolean;
  readonly partial: Matcher | null;
  readonly collation: Collation | null;
  readonly expireAfterSeconds: number | null;
  /** The document `listIndexes` answers with. */
  readonly source: Doc;
}

const OPTIONS = new Set([
  'v',
  'key',
  'name',
  'ns',
  'unique',
  'sparse',
  'hidden',
  'background',
  'partialFilterExpression',
  'collation',
  'expireAfterSeconds',
  'prepareUnique',
]);
const REFUSED_OPTIONS = new Set([
  'weights',
  'default_language',
  'language_override',
  'textIndexVersion',
  '2dsphereIndexVersion',
  'bits',
  'min',
  'max',
  'bucketSize',
  'wildcardProjection',
  'storageEngine',
  'clustered',
  'dropDups',
]);
const MAX_FIELDS = 32;

const cannot = (message: string): CommandError => new CommandError(code.CannotCreateIndex, message);

/** Every index of MongoDB has this first one. */
export const ID_INDEX: Doc = new Map<string, Value>([
  ['v', 2],
  ['key', new Map([['_id', 1]])],
  ['name', '_id_'],
]);

/**
 * Reads one index specification.
 * @throws CommandError 67 on a bad key, 72/9 on a bad option, 238 on a kind of index that is refused
 */
export function parseIndex(spec: Doc): IndexDefinition {
  for (const option of spec.keys()) {
    if (REFUSED_OPTIONS.has(option)) throw notImplemented(`the index option '${option}'`);
    if (!OPTIONS.has(option))
      throw new CommandError(197, `The field '${option}' is not valid for an index specification`);
  }
  const key = spec.get('key');
  if (!isDoc(key) || key.size === 0) throw cannot('Index keys cannot be an empty object.');
  const parts = keyParts(key);
  const given = spec.get('name');
  const name = typeof given === 'string' && given !== '' ? given : defaultName(key);
  const partial = spec.get('partialFilterExpression');
  if (partial !== undefined && !isDoc(partial))
    throw typeMismatch("The field 'partialFilterExpression' must be an object");
  if (partial && truthy(spec.get('sparse')))
    throw cannot('cannot mix "partialFilterExpression" and "sparse" options');
  const isId = parts.length === 1 && parts[0]?.field === '_id';
  return {
    name: isId ? '_id_' : name,
    parts,
    unique: isId || truthy(spec.get('unique')),
    sparse: truthy(spec.get('sparse')),
    hidden: truthy(spec.get('hidden')),
    partial: partial ? parseFilter(partial) : null,
    collation: parseCollation(spec.get('collation')),
    expireAfterSeconds: expiry(spec.get('expireAfterSeconds'), parts),
    source: sourceOf(spec, key, isId ? '_id_' : name),
  };
}

function keyParts(key: Doc): KeyPart[] {
  if (key.size > MAX_FIELDS) throw cannot(`an index has at most ${MAX_FIELDS} fields`);
  return [...key].map(([field, direction]) => {
    if (typeof direction === 'string') throw notImplemented(`an index of type '${direction}'`);
    const way = isNumber(direction) ? toDouble(direction) : 0;
    if (way === 0 || Number.isNaN(way))
      throw cannot(
        `Values in the index key pattern must be numbers other than zero, found ${typeName(direction)} for '${field}'`,
      );
    if (field === '' || splitPath(field).some((p) => p === ''))
      throw cannot(`Index key contains an empty field name: '${field}'`);
    if (field.includes('$**')) throw notImplemented('a wildcard index');
    if (splitPath(field).some((p) => p.startsWith('$') && !['$id', '$ref', '$db'].includes(p)))
      throw cannot(`Index key contains an illegal field name: field name starts with '$'.`);
    return { field, path: splitPath(field), descending: way < 0 };
  });
}

const defaultName = (key: Doc): string =>
  [...key]
    .map(([field, way]) => `${field}_${isNumber(way) ? toDouble(way) : String(way)}`)
    .join('_');

function expiry(v: Value | undefined, parts: readonly KeyPart[]): number | null {
  if (v === undefined || v === null) return null;
  const seconds = isNumber(v) ? toDouble(v) : Number.NaN;
  if (!(seconds >= 0 && seconds <= 2147483647))
    throw cannot("TTL index 'expireAfterSeconds' option must be numeric, from 0 to 2147483647");
  if (parts.length > 1)
    throw cannot('TTL indexes are single-field indexes, compound indexes do not support TTL.');
  if (parts[0]?.field === '_id')
    throw badValue("The field 'expireAfterSeconds' is not valid for an _id index specification.");
  return Math.floor(seconds);
}

function sourceOf(spec: Doc, key: Doc, name: string): Doc {
  const out: Doc = new Map<string, Value>([
    ['v', 2],
    ['key', key],
    ['name', name],
  ]);
  for (const [option, value] of spec) {
    const plain = ['v', 'key', 'name', 'ns', 'background'].includes(option);
    const off = ['unique', 'sparse', 'hidden'].includes(option) && !truthy(value);
    if (!plain && !off) out.set(option, value);
  }
  return out;
}
