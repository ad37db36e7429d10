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
 * were only made shorter or changed at some places.
 */
export function describeUpdate(before: Doc, after: Doc): Doc {
  const updatedFields: Doc = new Map();
  const removedFields: Value[] = [];
  const truncatedArrays: Value[] = [];
  walk('', before, after, { updatedFields, removedFields, truncatedArrays });
  return new Map<string, Value>([
    ['updatedFields', updatedFields],
    ['removedFields', removedFields],
    ['truncatedArrays', truncatedArrays],
  ]);
}

interface Found {
  readonly updatedFields: Doc;
  readonly removedFields: Value[];
  readonly truncatedArrays: Value[];
}

function walk(prefix: string, before: Doc, after: Doc, found: Found): void {
  for (const [name, value] of after) {
    const old = before.get(name);
    change(prefix === '' ? name : `${prefix}.${name}`, old, value, found);
  }
  for (const name of before.keys()) {
    if (!after.has(name)) found.removedFields.push(prefix === '' ? name : `${prefix}.${name}`);
  }
}

function change(path: string, old: Value | undefined, value: Value, found: Found): void {
  if (old !== undefined && same(old, value)) return;
  if (old instanceof Map && value instanceof Map && old.size > 0) walk(path, old, value, found);
  else if (Array.isArray(old) && Array.isArray(value) && old.length > 0)
    changeArray(path, old, value, found);
  else found.updatedFields.set(path, value);
}

function changeArray(path: string, old: Value[], value: Value[], found: Found): void {
  const common = Math.min(old.length, value.length);
  let changed = 0;
  for (let i = 0; i < common; i++) if (!same(old[i] as Value, value[i] as Value)) changed++;
  if (changed * 2 > common && common > 0) {
    found.updatedFields.set(path, value); // most of it is new: the whole array is shorter to say
    return;
  }
  if (value.length < old.length) {
    found.truncatedArrays.push(
      new Map<string, Value>([
        ['field', path],
        ['newSize', value.length],
      ]),
    );
  }
  for (let i = 0; i < value.length; i++) change(`${path}.${i}`, old[i], value[i] as Value, found);
}
