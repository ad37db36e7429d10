import { CommandError } from '../values/errors.ts';
import { isDoc, type Doc, type Value } from '../values/types.ts';
import { splitPath, valueAt } from '../query/path.ts';
import type { Stage } from './stage.ts';

/** `$unwind`: one document for each element of an array. */
export function unwind(spec: Value): Stage {
  const options: Doc = isDoc(spec) ? spec : new Map([['path', spec]]);
  for (const name of options.keys()) {
    if (!['path', 'includeArrayIndex', 'preserveNullAndEmptyArrays'].includes(name))
      throw new CommandError(28811, `unrecognized option to $unwind stage: ${name}`);
  }
  const source = options.get('path');
  if (typeof source !== 'string' || !source.startsWith('$') || source.length < 2)
    throw new CommandError(28818, "path option to $unwind stage should be prefixed with a '$'");
  const path = splitPath(source.slice(1));
  const index = options.get('includeArrayIndex');
  if (index !== undefined && (typeof index !== 'string' || index === '' || index.startsWith('$')))
    throw new CommandError(28810, 'includeArrayIndex must be a non-empty field name');
  const keeps = options.get('preserveNullAndEmptyArrays') ?? false;
  if (typeof keeps !== 'boolean')
    throw new CommandError(
      28809,
      'expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage',
    );
  const preserve = keeps;
  const withIndex = (doc: Doc, at: number | null): Doc =>
    typeof index === 'string' ? put(doc, splitPath(index), at === null ? null : BigInt(at)) : doc;
  return function* unwound(input) {
    for (const doc of input) {
      const value = doc === null ? undefined : valueAt(doc, path);
      if (doc === null) yield null;
      else if (Array.isArray(value)) {
        if (value.length === 0 && preserve) yield withIndex(put(doc, path, undefined), null);
        for (const [i, item] of value.entries()) yield withIndex(put(doc, path, item), i);
      } else if (preserve || (value !== undefined && value !== null)) yield withIndex(doc, null);
    }
  };
}

function put(doc: Doc, path: readonly string[], value: Value | undefined): Doc {
  const [head = '', ...rest] = path;
  const out = new Map(doc);
  const child = out.get(head);
  if (rest.length > 0) out.set(head, put(child instanceof Map ? child : new Map(), rest, value));
  else if (value === undefined) out.delete(head);
  else out.set(head, value);
  return out;
}
