import { CommandError, code } from '../values/errors.ts';
import { encodeKey } from '../values/encode-key.ts';
import { isDoc, type Doc, type Value } from '../values/types.ts';
import { compileExpression, type Variables } from '../expression/compile.ts';
import { ACCUMULATORS, type Accumulator } from './accumulators.ts';
import { paced, type Stage } from './stage.ts';

const MAX_GROUPS = 1_000_000;

interface Field {
  readonly name: string;
  readonly make: () => Accumulator;
  readonly value: (doc: Doc) => Value | undefined;
}

/** One accumulator field, such as `{$sum: '$amount'}`. */
export function accumulatorField(name: string, spec: Value, variables: Variables): Field {
  if (!isDoc(spec) || spec.size !== 1)
    throw new CommandError(40234, `The field '${name}' must be an accumulator object`);
  const [[op, argument]] = [...spec] as [[string, Value]];
  if (op === '$count') {
    return { name, make: ACCUMULATORS.get('$sum') as () => Accumulator, value: () => 1 };
  }
  const make = ACCUMULATORS.get(op);
  if (!make) throw new CommandError(15952, `unknown group operator '${op}'`);
  return { name, make, value: compileExpression(argument, variables) };
}

/** Compiles a `$group`. */
export function group(spec: Value, variables: Variables): Stage {
  if (!isDoc(spec))
    throw new CommandError(15947, "a group's fields must be specified in an object");
  const idSource = spec.get('_id');
  if (idSource === undefined)
    throw new CommandError(15955, 'a group specification must include an _id');
  const id = compileExpression(idSource, variables);
  const fields = [...spec]
    .filter(([name]) => name !== '_id')
    .map(([name, value]) => {
      if (name.includes('.'))
        throw new CommandError(40235, `The field name '${name}' cannot contain '.'`);
      return accumulatorField(name, value, variables);
    });
  return (input) => grouped(input, id, fields);
}

function* grouped(
  input: Iterable<Doc | null>,
  id: (doc: Doc) => Value | undefined,
  fields: readonly Field[],
): Generator<Doc | null> {
  const groups = new Map<string, { readonly id: Value; readonly values: readonly Accumulator[] }>();
  for (const doc of input) {
    if (doc === null) {
      yield null;
      continue;
    }
    const value = id(doc) ?? null;
    const key = encodeKey(value);
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
