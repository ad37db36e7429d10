import { compare } from '../values/compare.ts';
import { typeOf, type Doc, type Value } from '../values/types.ts';

// Equal to compare is not enough: a long 5 that became a double 5 is a change.
function same(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (typeOf(a) !== typeOf(b)) return false;
  if (a instanceof Map && b instanceof Map) {
    if (a.size !== b.size) return false;
    const other = b.entries();
    for (const [name, value] of a) {
      const [otherName, otherValue] = other.next().value as [string, Value];
      if (name !== otherName || !same(value, otherValue)) return false;
    }
    return true;
  }
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((v, i) => same(v, b[i] as Value));
  return compare(a, b) === 0;
}

/**
 * The `updateDescription` of a change: fields set (dotted paths), fields removed, and arrays that
 * were only made shorter or changed at some places. Paths that could be read in two ways, because
 * a name is a number or has a dot, are told in parts as well.
 */
export function describeUpdate(before: Doc, after: Doc): Doc {
  const found: Found = {
    updatedFields: new Map(),
    removedFields: [],
    truncatedArrays: [],
    disambiguatedPaths: new Map(),
  };
  walk(ROOT, before, after, found);
  const description: Doc = new Map<string, Value>([
    ['updatedFields', found.updatedFields],
    ['removedFields', found.removedFields],
    ['truncatedArrays', found.truncatedArrays],
  ]);
  if (found.disambiguatedPaths.size > 0)
    description.set('disambiguatedPaths', found.disambiguatedPaths);
  return description;
}

interface Found {
  readonly updatedFields: Doc;
  readonly removedFields: Value[];
  readonly truncatedArrays: Value[];
  readonly disambiguatedPaths: Doc;
}

/** A place in a document; the parts are names, and numbers for places in an array. */
interface Place {
  readonly path: string;
  readonly parts: readonly (string | number)[];
  readonly ambiguous: boolean;
}

const ROOT: Place = { path: '', parts: [], ambiguous: false };

const into = (at: Place, part: string | number): Place => ({
  path: at.path === '' && at.parts.length === 0 ? String(part) : `${at.path}.${part}`,
  parts: [...at.parts, part],
  ambiguous: at.ambiguous || (typeof part === 'string' && /^\d+$|\./.test(part)),
});

function walk(at: Place, before: Doc, after: Doc, found: Found): void {
  for (const [name, value] of after) {
    const old = before.get(name);
    if (old === undefined || !same(old, value)) change(into(at, name), old, value, found);
  }
  for (const name of before.keys()) {
    if (!after.has(name)) found.removedFields.push(told(into(at, name), found));
  }
}

// The path of a place that is part of the description.
function told(at: Place, found: Found): string {
  if (at.ambiguous) found.disambiguatedPaths.set(at.path, [...at.parts]);
  return at.path;
}

function change(at: Place, old: Value | undefined, value: Value, found: Found): void {
  if (old instanceof Map && value instanceof Map && old.size > 0) walk(at, old, value, found);
  else if (Array.isArray(old) && Array.isArray(value) && old.length > 0)
    changeArray(at, old, value, found);
  else found.updatedFields.set(told(at, found), value);
}

// Documents and arrays that changed are told by what changed in them.
function isNew(old: Value, value: Value): boolean {
  if (old instanceof Map && value instanceof Map) return old.size === 0 && value.size > 0;
  if (Array.isArray(old) && Array.isArray(value)) return old.length === 0 && value.length > 0;
  return !same(old, value);
}

function changeArray(at: Place, old: Value[], value: Value[], found: Found): void {
  const common = Math.min(old.length, value.length);
  let changed = 0;
  for (let i = 0; i < common; i++) if (isNew(old[i] as Value, value[i] as Value)) changed++;
  if (changed * 2 > common && common > 0) {
    found.updatedFields.set(told(at, found), value); // most of it is new: the whole array is shorter to say
    return;
  }
  if (value.length < old.length) {
    found.truncatedArrays.push(
      new Map<string, Value>([
        ['field', told(at, found)],
        ['newSize', value.length],
      ]),
    );
  }
  for (let i = 0; i < value.length; i++) {
    const before = old[i];
    if (before === undefined || !same(before, value[i] as Value))
      change(into(at, i), before, value[i] as Value, found);
  }
}
