import type { Collection } from '../catalog/collection.ts';
import { compileExpression } from '../expression/compile.ts';
import { find, PAUSE } from '../query/find.ts';
import { parseFilter } from '../query/parse.ts';
import { splitPath, valuesAt } from '../query/path.ts';
import { CommandError, failedToParse } from '../values/errors.ts';
import { isDoc, Regex, typeName, type Doc, type Value } from '../values/types.ts';
import { assign, addPath, emptyTree } from '../projection/tree.ts';
import { each, type Stage, type StageContext } from './stage.ts';

/** Finds documents of a collection by a filter, with an index where one serves. */
export function* read(
  context: StageContext,
  collection: Collection | undefined,
  filter: Doc,
): Generator<Doc | null> {
  if (!collection) return;
  const matcher = parseFilter(filter, {
    collation: context.collation,
    variables: context.variables,
  });
  const { matches } = find({
    collection,
    view: context.view,
    matcher,
    sort: null,
    collation: context.collation,
    skip: 0,
    limit: 0,
    decoded: true,
  });
  for (const match of matches) yield match === PAUSE ? null : match.doc;
}

const FIELDS = ['from', 'localField', 'foreignField', 'as', 'let', 'pipeline'];

/** `$lookup`, by equal fields, by a pipeline with `let`, or by both. */
export function lookup(spec: Value, context: StageContext): Stage {
  if (!isDoc(spec)) throw failedToParse('the $lookup specification must be an Object');
  for (const name of spec.keys())
    if (!FIELDS.includes(name)) throw failedToParse(`unknown argument to $lookup: ${name}`);
  const [from, as, local, foreign] = ['from', 'as', 'localField', 'foreignField'].map((name) =>
    textOrNone(spec, name),
  );
  const pipeline = spec.get('pipeline');
  if (as === undefined || from === undefined) throw failedToParse("$lookup needs 'from' and 'as'");
  if ((local === undefined) !== (foreign === undefined))
    throw failedToParse(
      "$lookup requires both or neither of 'localField' and 'foreignField' to be specified",
    );
  if (pipeline !== undefined && !Array.isArray(pipeline))
    throw failedToParse("'pipeline' option must be an array");
  if (local === undefined && pipeline === undefined)
    throw failedToParse("$lookup requires 'pipeline' or 'localField' and 'foreignField'");
  const lets = spec.get('let') ?? new Map();
  if (!isDoc(lets)) throw failedToParse('$lookup argument let must be an object');
  const variables = [...lets].map(
    ([name, source]) =>
      [name, compileExpression(source, context.variables, context.collation)] as const,
  );
  const path = splitPath(as);
  const localPath = local === undefined ? null : splitPath(local);
  return each((doc) => {
    const scope = {
      ...context,
      variables: new Map([
        ...context.variables,
        ...variables.map(([name, value]) => [name, value(doc)] as const),
      ]),
    };
    const filter: Doc =
      localPath && foreign !== undefined ? joinFilter(doc, localPath, foreign) : new Map();
    const found = read(scope, context.collection(from), filter);
    const joined = Array.isArray(pipeline) ? context.compile(pipeline, scope)(found) : found;
    const rows = [...joined].filter((row) => row !== null);
    const tree = emptyTree<() => Value | undefined>();
    addPath(tree, path, () => rows);
    return assign(doc, tree) as Doc;
  });
}

function textOrNone(spec: Doc, name: string): string | undefined {
  const v = spec.get(name);
  if (v !== undefined && typeof v !== 'string')
    throw failedToParse(`$lookup argument '${name}' must be a string, found ${typeName(v)}`);
  return v;
}

// A missing local value joins with null and missing; an array joins with each of its elements.
function joinFilter(doc: Doc, localPath: readonly string[], foreign: string): Doc {
  const values = valuesAt(doc, localPath).map((v) => v ?? null);
  const [only = null] = values;
  if (values.some((v) => v instanceof Regex)) {
    return new Map([['$or', values.map((v) => new Map([[foreign, new Map([['$eq', v]])]]))]]);
  }
  const condition: Doc =
    values.length === 1
      ? new Map([['$eq', only]])
      : new Map([['$in', values.length > 0 ? values : []]]);
  return new Map([[foreign, condition]]);
}

/** `$unionWith` */
export function unionWith(spec: Value, context: StageContext): Stage {
  const name = typeof spec === 'string' ? spec : isDoc(spec) ? spec.get('coll') : undefined;
  if (typeof name !== 'string') throw failedToParse("$unionWith needs a collection name or 'coll'");
  if (isDoc(spec)) {
    for (const field of spec.keys())
      if (field !== 'coll' && field !== 'pipeline')
        throw new CommandError(40415, `BSON field '$unionWith.${field}' is an unknown field.`);
  }
  const pipeline = isDoc(spec) ? (spec.get('pipeline') ?? []) : [];
  if (!Array.isArray(pipeline)) throw failedToParse("$unionWith 'pipeline' must be an array");
  const stage = context.compile(pipeline, context);
  return function* union(input) {
    yield* input;
    yield* stage(read(context, context.collection(name), new Map()));
  };
}
