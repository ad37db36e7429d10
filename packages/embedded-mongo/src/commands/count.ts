import { find, PAUSE } from '../query/find.ts';
import { parseFilter } from '../query/parse.ts';
import { splitPath, valuesAt } from '../query/path.ts';
import { foldValue } from '../query/text-fold.ts';
import { timestampOf } from '../transactions/cluster-clock.ts';
import { compare } from '../values/compare.ts';
import { decode } from '../values/decode.ts';
import { encodeKey } from '../values/encode-key.ts';
import { badValue } from '../values/errors.ts';
import { sized, toDouble } from '../values/number.ts';
import { isNumber, type Value } from '../values/types.ts';
import {
  collationOf,
  countField,
  docField,
  targetOf,
  variablesOf,
  viewOf,
  type Handler,
} from './context.ts';

/** `count` */
export const count: Handler = async (context) => {
  const { body, engine } = context;
  const collection = targetOf(context);
  const collation = collationOf(collection, body.get('collation'));
  const matcher = parseFilter(docField(body, 'query') ?? new Map(), {
    collation,
    variables: variablesOf(context),
  });
  const skip = countField(body, 'skip') ?? 0;
  const given = body.get('limit');
  const limit = isNumber(given) ? Math.abs(toDouble(given)) : 0;
  if (!collection) return { n: 0 };
  if (matcher.all && !context.transaction) {
    const rest = Math.max(0, engine.count(collection) - skip);
    return { n: sized(limit > 0 ? Math.min(limit, rest) : rest) };
  }
  const { matches } = find({
    collection,
    view: viewOf(context),
    matcher,
    sort: null,
    collation,
    skip,
    limit,
    decoded: false,
    due: () => context.budget.due(),
    hint: body.get('hint'),
  });
  let n = 0;
  for (const match of matches) {
    if (match === PAUSE) await context.budget.pause();
    else n++;
  }
  return { n: sized(n) };
};

/** `distinct` */
export const distinct: Handler = async (context) => {
  const { body } = context;
  const key = body.get('key');
  if (typeof key !== 'string' || key === '')
    throw badValue("BSON field 'distinct.key' must be a non-empty string");
  const collection = targetOf(context);
  const collation = collationOf(collection, body.get('collation'));
  const matcher = parseFilter(docField(body, 'query') ?? new Map(), {
    collation,
    variables: variablesOf(context),
  });
  const moment = context.snapshot ? { atClusterTime: timestampOf(context.snapshot.ts) } : {};
  if (!collection) return { values: [], ...moment };
  const seen = new Map<string, Value>();
  const path = splitPath(key);
  const { matches } = find({
    collection,
    view: viewOf(context),
    matcher,
    sort: null,
    collation,
    skip: 0,
    limit: 0,
    decoded: false,
    due: () => context.budget.due(),
    hint: body.get('hint'),
  });
  for (const match of matches) {
    if (match === PAUSE) {
      await context.budget.pause();
      continue;
    }
    for (const v of valuesAt(decode(match.bytes), path)) {
      if (v === undefined) continue;
      const id = encodeKey(foldValue(v, collation));
      if (!seen.has(id)) seen.set(id, v);
    }
  }
  return { values: [...seen.values()].sort(compare), ...moment };
};
