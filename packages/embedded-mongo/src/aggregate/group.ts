import { CommandError, code, failedToParse, notImplemented } from '../values/errors.ts';
import { encodeKey } from '../values/encode-key.ts';
import { isDoc, type Doc, type Value } from '../values/types.ts';
import { compileExpression } from '../expression/compile.ts';
import { foldValue, type Collation } from '../query/text-fold.ts';
import { ACCUMULATORS, type Accumulator } from './accumulators.ts';
import { RANKED_ACCUMULATORS } from './ranked-accumulators.ts';
import { paced, type Stage, type StageContext } from './stage.ts';

const MAX_GROUPS = 1_000_000;

/** A field of a group with what gathers its values. */
export interface Field {
  readonly name: string;
  readonly make: () => Accumulator;
  readonly value: (doc: Doc) => Value | undefined;
}

/** One accumulator field, such as `{$sum: '$amount'}`. */
export function accumulatorField(name: string, spec: Value, context: StageContext): Field {
  if (name.startsWith('$'))
    throw new CommandError(40236, `The field name '${name}' cannot be an operator name`);
  if (!isDoc(spec))
    throw new CommandError(40234, `The field '${name}' must be an accumulator object`);
  if (spec.size !== 1)
    throw new CommandError(40238, `The field '${name}' must specify one accumulator`);
  const [[op, argument]] = [...spec] as [[string, Value]];
  const { variables, collation } = context;
  const ranked = RANKED_ACCUMULATORS.get(op);
  if (ranked) return { name, ...ranked(argument, context) };
  const make = ACCUMULATORS.get(op);
  if (op === '$count') {
    if (!isDoc(argument) || argument.size > 0)
      throw failedToParse('$count takes no arguments, i.e. $count:{}');
    return accumulatorField(name, new Map([['$sum', 1]]), context);
  }
  if (op === '$accumulator') throw notImplemented('the accumulator $accumulator');
  if (!make) throw new CommandError(15952, `unknown group operator '${op}'`);
  if (Array.isArray(argument) && argument.length !== 1)
    throw new CommandError(40237, `The ${op} accumulator is a unary operator`);
  const [only = argument] = Array.isArray(argument) ? argument : [];
  return {
    name,
    make: () => make(collation),
    value: compileExpression(only, variables, collation),
  };
}

/** Compiles a `$group`. */
export function group(spec: Value, context: StageContext): Stage {
  if (!isDoc(spec))
    throw new CommandError(15947, "a group's fields must be specified in an object");
  const idSource = spec.get('_id');
  if (idSource === undefined)
    throw new CommandError(15955, 'a group specification must include an _id');
  const id = compileExpression(idSource, context.variables, context.collation);
  const fields = [...spec]
    .filter(([name]) => name !== '_id')
    .map(([name, value]) => {
      if (name.includes('.'))
        throw new CommandError(40235, `The field name '${name}' cannot contain '.'`);
      return accumulatorField(name, value, context);
    });
  return (input) => grouped(input, id, { fields, collation: context.collation });
}

function* grouped(
  input: Iterable<Doc | null>,
  id: (doc: Doc) => Value | undefined,
  {
    fields,
    collation,
  }: { readonly fields: readonly Field[]; readonly collation: Collation | null },
): Generator<Doc | null> {
  const groups = new Map<string, { readonly id: Value; readonly values: readonly Accumulator[] }>();
  for (const doc of input) {
    if (doc === null) {
      yield null;
      continue;
    }
    const value = id(doc) ?? null;
    const key = encodeKey(foldValue(value, collation));
    let entry = groups.get(key);
    if (!entry) {
      if (groups.size >= MAX_GROUPS)
        throw new CommandError(
          code.QueryExceededMemoryLimit,
          `$group holds more than ${MAX_GROUPS} groups`,
        );
      groups.set(key, (entry = { id: value, values: fields.map((field) => field.make()) }));
    }
    for (const [i, field] of fields.entries()) entry.values[i]?.add(field.value(doc));
  }
  for (const entry of paced(groups.values())) {
    if (entry === null) {
      yield null;
      continue;
    }
    const out: Doc = new Map([['_id', entry.id]]);
    for (const [i, field] of fields.entries()) out.set(field.name, entry.values[i]?.done() ?? null);
    yield out;
  }
}
