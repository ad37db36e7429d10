import type { FetchNode } from '@apollo/query-planner';
import type { Kinds } from './kinds.ts';
import { isJsonObject, type JsonObject, own, setOwn } from './own-keys.ts';

type PlannedRewrite = NonNullable<FetchNode['inputRewrites']>[number];

/** A change that a plan wants made to an object on its way to or from a subgraph. */
export type Rewrite = (value: unknown) => void;

const TYPE_GUARD = '... on ';

/** Compiles the rewrites of a plan. A path is made of keys and type conditions; lists on it are crossed silently. */
export const compileRewrites = (
  planned: readonly PlannedRewrite[] | undefined,
  kinds: Kinds,
): readonly Rewrite[] => (planned ?? []).map((rewrite) => compile(rewrite, kinds));

function compile(rewrite: PlannedRewrite, kinds: Kinds): Rewrite {
  const key = rewrite.path.at(-1);
  if (key === undefined) throw new Error('a rewrite without a place');
  let next = eachItem((object) => change(object, key, rewrite));
  for (const part of rewrite.path.slice(0, -1).toReversed())
    next = eachItem(into(part, next, kinds));
  return next;
}

function change(object: JsonObject, key: string, rewrite: PlannedRewrite): void {
  if (rewrite.kind === 'ValueSetter') {
    setOwn(object, key, rewrite.setValueTo);
    return;
  }
  if (!Object.hasOwn(object, key)) return;
  const value = own(object, key);
  delete object[key];
  setOwn(object, rewrite.renameKeyTo, value);
}

function into(part: string, next: Rewrite, kinds: Kinds): (object: JsonObject) => void {
  if (!part.startsWith(TYPE_GUARD)) return (object) => next(own(object, part));
  const type = part.slice(TYPE_GUARD.length);
  return (object) => {
    if (kinds.meets(own(object, '__typename'), type)) next(object);
  };
}

const eachItem = (act: (object: JsonObject) => void): Rewrite =>
  function each(value: unknown): void {
    if (Array.isArray(value)) for (const item of value) each(item);
    else if (isJsonObject(value)) act(value);
  };

/** What a plan calls a field in a subgraph, and what it is to be called afterwards. */
export const renamedKeys = (
  planned: readonly PlannedRewrite[] | undefined,
): ReadonlyMap<string, string> =>
  new Map(
    (planned ?? []).flatMap((rewrite) => {
      const key = rewrite.path.at(-1);
      return rewrite.kind === 'KeyRenamer' && key !== undefined ? [[key, rewrite.renameKeyTo]] : [];
    }),
  );
