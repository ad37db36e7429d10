import { CommandError } from '../values/errors.ts';
import { compare } from '../values/compare.ts';
import { decimalDivide } from '../values/decimal.ts';
import { encodeKey } from '../values/encode-key.ts';
import { add, toDecimal, toDouble, type Numeric } from '../values/number.ts';
import {
  Decimal128,
  Double,
  isDoc,
  isNumber,
  typeName,
  type Doc,
  type Value,
} from '../values/types.ts';
import { isNothing } from '../expression/expr.ts';

/** Gathers one value of each document of a group. */
export interface Accumulator {
  add(v: Value | undefined): void;
  done(): Value;
}

const sum = (): Accumulator => {
  let total: Numeric = 0;
  return {
    add: (v) => {
      if (isNumber(v)) total = add(total, v);
    },
    done: () => total,
  };
};

const average = (): Accumulator => {
  let total: Numeric = 0;
  let count = 0;
  return {
    add: (v) => {
      if (!isNumber(v)) return;
      total = add(total, v);
      count += 1;
    },
    done: () => {
      if (count === 0) return null;
      return total instanceof Decimal128
        ? decimalDivide(total, toDecimal(count))
        : new Double(toDouble(total) / count);
    },
  };
};

const extreme = (way: 1 | -1) => (): Accumulator => {
  let best: Value | undefined;
  return {
    add: (v) => {
      if (!isNothing(v) && (best === undefined || compare(v, best) * way > 0)) best = v;
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

const addToSet = (): Accumulator => {
  const seen = new Map<string, Value>();
  return {
    add: (v) => {
      if (v === undefined) return;
      const key = encodeKey(v);
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
export const ACCUMULATORS: ReadonlyMap<string, () => Accumulator> = new Map<
  string,
  () => Accumulator
>([
  ['$sum', sum],
  ['$avg', average],
  ['$min', extreme(-1)],
  ['$max', extreme(1)],
  ['$first', first],
  ['$last', last],
  ['$push', push],
  ['$addToSet', addToSet],
  ['$mergeObjects', mergeObjects],
]);
