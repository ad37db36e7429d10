import { badValue, failedToParse } from '../values/errors.ts';
import { isDoc, type Doc, type Value } from '../values/types.ts';
import { parseFilter } from '../query/parse.ts';
import { headOf } from '../query/path.ts';
import type { Collation } from '../query/text-fold.ts';

/**
 * Compiles `arrayFilters` to tests of elements by their identifier.
 * @param paths the paths of the update, which must use every filter and have one for every `$[id]`
 * @throws CommandError 9 on a filter that is unused, doubled or speaks of two identifiers, 2 on a missing one
 */
export function arrayFilterTests(
  list: readonly Doc[],
  paths: readonly (readonly string[])[],
  collation: Collation | null,
): Map<string, (v: Value) => boolean> {
  const out = new Map<string, (v: Value) => boolean>();
  const used = identifiersIn(paths);
  for (const filter of list) {
    const id = identifierOf(filter);
    if (out.has(id))
      throw failedToParse(`Found multiple array filters with the same top-level field name ${id}`);
    if (!used.has(id))
      throw failedToParse(`The array filter for identifier '${id}' was not used in the update`);
    // The filter speaks of `id` or `id.field`: each element is looked at as that field.
    const matcher = parseFilter(filter, { collation });
    out.set(id, (v) => matcher.test(new Map([[id, v]])));
  }
  for (const [id, path] of used) {
    if (!out.has(id))
      throw badValue(`No array filter found for identifier '${id}' in path '${path}'`);
  }
  return out;
}

function identifiersIn(paths: readonly (readonly string[])[]): Map<string, string> {
  const used = new Map<string, string>();
  for (const path of paths) {
    for (const [at, part] of path.entries()) {
      if (!part.startsWith('$[')) continue;
      if (at === 0)
        throw badValue(
          `Cannot have array filter identifier (i.e. '$[<id>]') element in the first position in path '${path.join('.')}'`,
        );
      if (part !== '$[]') used.set(part.slice(2, -1), path.join('.'));
    }
  }
  return used;
}

function identifierOf(filter: Doc): string {
  const names = new Set(namesIn(filter));
  const [first, second] = names;
  if (first === undefined)
    throw failedToParse('Cannot use an expression without a top-level field name in arrayFilters');
  if (second !== undefined)
    throw failedToParse(
      `Error parsing array filter :: caused by :: Expected a single top-level field name, found '${first}' and '${second}'`,
    );
  if (!/^[a-z][a-zA-Z0-9]*$/.test(first))
    throw badValue(
      `Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${first}'`,
    );
  return first;
}

function* namesIn(filter: Doc): Generator<string> {
  for (const [name, value] of filter) {
    if (!name.startsWith('$')) yield headOf(name);
    else if (Array.isArray(value)) for (const part of value) if (isDoc(part)) yield* namesIn(part);
  }
}
