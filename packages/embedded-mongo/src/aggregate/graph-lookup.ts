import { CommandError, code } from '../values/errors.ts';
import { encodeKey } from '../values/encode-key.ts';
import { toDouble } from '../values/number.ts';
import { isDoc, isNumber, Regex, typeName, type Doc, type Value } from '../values/types.ts';
import { compileExpression } from '../expression/compile.ts';
import { idOf, splitPath, valuesAt } from '../query/path.ts';
import { addPath, assign, emptyTree } from '../projection/tree.ts';
import { read } from './lookup.ts';
import { each, type Stage, type StageContext } from './stage.ts';

const NAMES = ['from', 'as', 'connectFromField', 'connectToField', 'depthField'] as const;
const OTHERS = ['startWith', 'maxDepth', 'restrictSearchWithMatch'];
const MAX_FOUND = 1_000_000;

interface Search {
  readonly from: string;
  readonly as: string;
  readonly connectFromField: string;
  readonly connectToField: string;
  readonly depthField: string | undefined;
  readonly maxDepth: number;
  readonly restrict: Doc | null;
}

function searchOf(spec: Doc): Search {
  const texts = new Map<string, string>();
  for (const [name, value] of spec) {
    if (OTHERS.includes(name)) continue;
    if (!NAMES.includes(name as (typeof NAMES)[number]))
      throw new CommandError(40104, `Unknown argument to $graphLookup: ${name}`);
    if (typeof value !== 'string')
      throw new CommandError(
        40103,
        `expected string as argument for ${name}, found: ${typeName(value)}`,
      );
    texts.set(name, value);
  }
  const needed = (name: string): string => {
    const text = texts.get(name);
    if (text === undefined)
      throw new CommandError(
        40105,
        "$graphLookup requires 'from', 'as', 'startWith', 'connectFromField', and 'connectToField' to be specified.",
      );
    return text;
  };
  const depth = spec.get('maxDepth');
  const maxDepth = depth === undefined ? Infinity : isNumber(depth) ? toDouble(depth) : Number.NaN;
  if (maxDepth !== Infinity && !(Number.isInteger(maxDepth) && maxDepth >= 0))
    throw new CommandError(40101, 'maxDepth requires a nonnegative whole number');
  const restrict = spec.get('restrictSearchWithMatch') ?? null;
  if (restrict !== null && !isDoc(restrict))
    throw new CommandError(40185, 'restrictSearchWithMatch must be an object');
  return {
    from: needed('from'),
    as: needed('as'),
    connectFromField: needed('connectFromField'),
    connectToField: needed('connectToField'),
    depthField: texts.get('depthField'),
    maxDepth,
    restrict,
  };
}

/** `$graphLookup`: follows a field from document to document, breadth first. */
export function graphLookup(spec: Value, context: StageContext): Stage {
  if (!isDoc(spec))
    throw new CommandError(
      code.FailedToParse,
      'the $graphLookup stage specification must be an object',
    );
  const search = searchOf(spec);
  const startWith = spec.get('startWith');
  if (startWith === undefined)
    throw new CommandError(40105, "$graphLookup requires 'startWith' to be specified.");
  const start = compileExpression(startWith, context.variables, context.collation);
  return each((doc) => {
    const first = start(doc);
    const values = Array.isArray(first) ? first : first === undefined ? [] : [first];
    const found = follow(values, search, context);
    const tree = emptyTree<() => Value | undefined>();
    addPath(tree, splitPath(search.as), () => found);
    return assign(doc, tree) as Doc;
  });
}

function follow(start: readonly Value[], search: Search, context: StageContext): Doc[] {
  const found = new Map<string, Doc>();
  const asked = new Set<string>();
  let frontier = start;
  for (let depth = 0; depth <= search.maxDepth; depth++) {
    const values = frontier.filter((v) => {
      const key = encodeKey(v);
      return !asked.has(key) && asked.add(key);
    });
    if (values.length === 0) break;
    const next: Value[] = [];
    for (const doc of read(context, context.collection(search.from), filterOf(values, search))) {
      if (doc === null) continue;
      const key = encodeKey(idOf(doc));
      if (found.has(key)) continue;
      if (found.size >= MAX_FOUND)
        throw new CommandError(
          code.QueryExceededMemoryLimit,
          `$graphLookup found more than ${MAX_FOUND} documents`,
        );
      found.set(key, withDepth(doc, search.depthField, depth));
      for (const v of valuesAt(doc, splitPath(search.connectFromField)))
        if (v !== undefined) next.push(v);
    }
    frontier = next;
  }
  return [...found.values()];
}

function filterOf(values: readonly Value[], { connectToField, restrict }: Search): Doc {
  // A stored regular expression is a value here, which $in would take for a pattern.
  const plain = values.filter((v) => !(v instanceof Regex));
  const any = [
    new Map<string, Value>([[connectToField, new Map([['$in', plain]])]]),
    ...values
      .filter((v) => v instanceof Regex)
      .map((v) => new Map<string, Value>([[connectToField, new Map([['$eq', v]])]])),
  ];
  const filter: Doc = any.length === 1 ? (any[0] as Doc) : new Map([['$or', any]]);
  return restrict ? new Map([['$and', [filter, restrict]]]) : filter;
}

function withDepth(doc: Doc, field: string | undefined, depth: number): Doc {
  if (field === undefined) return doc;
  const tree = emptyTree<() => Value | undefined>();
  addPath(tree, splitPath(field), () => BigInt(depth));
  return assign(doc, tree) as Doc;
}
