import { CommandError } from '../values/errors.ts';
import { compare } from '../values/compare.ts';
import { encodeKey } from '../values/encode-key.ts';
import { Deviation } from '../values/statistics.ts';
import { Total } from '../values/total.ts';
import { isDoc, isNumber, typeName, type Doc, type Value } from '../values/types.ts';
import { isNothing } from '../expression/expr.ts';
import { foldValue, type Collation } from '../query/text-fold.ts';

/** Gathers one value of each document of a group. */
export interface Accumulator {
  add(v: Value | undefined): void;
  done(): Value;
}

/** Makes a fresh accumulator; text is compared under the collation. */
export type MakeAccumulator = (collation: Collation | null) => Accumulator;

const sum = (): Accumulator => {
  const total = new Total();
  return { add: (v) => total.add(v), done: () => total.value() };
};

const average = (): Accumulator => {
  const total = new Total();
  return { add: (v) => total.add(v), done: () => total.mean() };
};

const deviation = (of: 'population' | 'sample') => (): Accumulator => {
  const result = new Deviation();
  return {
    add: (v) => {
      if (isNumber(v)) result.add(v);
    },
    done: () => result.value(of),
  };
};

const extreme =
  (way: 1 | -1) =>
  (collation: Collation | null): Accumulator => {
    let best: Value | undefined;
    const order = (a: Value, b: Value): number =>
      compare(foldValue(a, collation), foldValue(b, collation)) * way;
    return {
      add: (v) => {
        if (!isNothing(v) && (best === undefined || order(v, best) > 0)) best = v;
      },
      done: () => best ?? null,
    };
  };

const first = (): Accumulator => {
  let found: { readonly value: Value } | null = null;
  return {
    add: (v) => {
      found ??= { value: v ?? null };
    },
    done: () => found?.value ?? null,
  };
};

const last = (): Accumulator => {
  let found: Value = null;
  return {
    add: (v) => {
      found = v ?? null;
    },
    done: () => found,
  };
};

const push = (): Accumulator => {
  const list: Value[] = [];
  return {
    add: (v) => {
      if (v !== undefined) list.push(v);
    },
    done: () => list,
  };
};

const addToSet = (collation: Collation | null): Accumulator => {
  const seen = new Map<string, Value>();
  return {
    add: (v) => {
      if (v === undefined) return;
      const key = encodeKey(foldValue(v, collation));
      if (!seen.has(key)) seen.set(key, v);
    },
    done: () => [...seen.values()],
  };
};

const mergeObjects = (): Accumulator => {
  const out: Doc = new Map();
  return {
    add: (v) => {
      if (isNothing(v)) return;
      if (!isDoc(v))
        throw new CommandError(
          40400,
          `$mergeObjects requires object inputs, but input is of type ${typeName(v)}`,
        );
      for (const [name, value] of v) out.set(name, value);
    },
    done: () => out,
  };
};

/** Makes a fresh accumulator, by operator. */
export const ACCUMULATORS: ReadonlyMap<string, MakeAccumulator> = new Map<string, MakeAccumulator>([
  ['$sum', sum],
  ['$avg', average],
  ['$min', extreme(-1)],
  ['$max', extreme(1)],
  ['$first', first],
  ['$last', last],
  ['$push', push],
  ['$addToSet', addToSet],
  ['$mergeObjects', mergeObjects],
  ['$stdDevPop', deviation('population')],
  ['$stdDevSamp', deviation('sample')],
]);
