import type { Collection } from '../catalog/collection.ts';
import { checkNamespace } from '../catalog/namespace.ts';
import { compileExpression, type Variables } from '../expression/compile.ts';
import { compileUpdatePipeline } from '../update/pipeline.ts';
import { splitPath, valueAt, type Path } from '../query/path.ts';
import { parseCollation, sameCollation } from '../query/text-fold.ts';
import { CommandError, code, unknownField } from '../values/errors.ts';
import { isDoc, typeName, Undefined, type Doc, type Value } from '../values/types.ts';
import type { Context } from './context.ts';
import { modify } from './modify.ts';
import { collectionFor, insertDocument, runStep } from './statements.ts';

const FIELDS = ['into', 'on', 'let', 'whenMatched', 'whenNotMatched'];
const MODES: Readonly<Record<string, readonly string[]>> = {
  replace: ['insert', 'fail', 'discard'],
  merge: ['insert', 'fail', 'discard'],
  pipeline: ['insert', 'fail', 'discard'],
  keepExisting: ['insert'],
  fail: ['insert'],
};

/** A `$merge`, read and checked. */
interface Merge {
  readonly ns: string;
  readonly on: readonly Path[];
  readonly matched: string;
  readonly pipeline: readonly Value[];
  readonly notMatched: string;
  /** The variables of `let`, made from each document. */
  readonly lets: readonly (readonly [string, (doc: Doc) => Value | undefined])[];
}

/**
 * Writes the documents of a pipeline into a collection, each on its own.
 * @throws CommandError 51183 when no unique index tells the documents of the target apart
 */
export async function mergeInto(
  context: Context,
  input: { readonly spec: Value; readonly variables: Variables },
  docs: Iterable<Doc | null>,
): Promise<void> {
  const merge = readMerge(context, input.spec, input.variables);
  checkUnique(context, merge);
  for (const doc of docs) {
    await context.budget.pause();
    if (doc) await mergeOne(context, merge, doc, input.variables);
  }
}

/** The namespace `into` names. @throws CommandError 73, 31320 */
export function targetNamespace(context: Context, stage: string, into: Value | undefined): string {
  const [db, name] = isDoc(into)
    ? [into.get('db') ?? context.db, into.get('coll')]
    : [context.db, into];
  if (typeof db !== 'string' || typeof name !== 'string')
    throw new CommandError(
      51178,
      `${stage} needs the name of a collection, or an object with 'db' and 'coll'`,
    );
  if (['admin', 'local', 'config'].includes(db))
    throw new CommandError(31320, `Cannot ${stage} to internal database: ${db}`);
  if (name.startsWith('system.'))
    throw new CommandError(31319, `Cannot ${stage} to special collection: ${name}`);
  return checkNamespace(db, name);
}

function readMerge(context: Context, given: Value, variables: Variables): Merge {
  const spec: Doc =
    typeof given === 'string' ? new Map([['into', given]]) : isDoc(given) ? given : new Map();
  if (!isDoc(given) && typeof given !== 'string')
    throw new CommandError(
      51182,
      `$merge only supports a string or object argument, but found ${typeName(given)}`,
    );
  for (const name of spec.keys()) if (!FIELDS.includes(name)) throw unknownField('$merge', name);
  const ns = targetNamespace(context, '$merge', spec.get('into'));
  const matched = spec.get('whenMatched') ?? 'merge';
  const mode = Array.isArray(matched) ? 'pipeline' : matched;
  const notMatched = spec.get('whenNotMatched') ?? 'insert';
  const allowed = typeof mode === 'string' && Object.hasOwn(MODES, mode) ? MODES[mode] : undefined;
  if (!allowed || (mode === 'pipeline' && !Array.isArray(matched)))
    throw new CommandError(
      code.BadValue,
      `Enumeration value '${String(mode)}' for field '$merge.whenMatched' is not a valid value.`,
    );
  if (typeof notMatched !== 'string' || !['insert', 'fail', 'discard'].includes(notMatched))
    throw new CommandError(
      code.BadValue,
      `Enumeration value '${String(notMatched)}' for field '$merge.whenNotMatched' is not a valid value.`,
    );
  if (!allowed.includes(notMatched))
    throw new CommandError(
      51181,
      `Combination of $merge modes 'whenMatched: ${String(mode)}' and 'whenNotMatched: ${notMatched}' is not supported`,
    );
  const lets = readLets(spec.get('let'), String(mode), variables);
  if (Array.isArray(matched)) {
    const names = new Map([...variables, ...lets.map(([name]) => [name, null] as const)]);
    compileUpdatePipeline(matched, names, null); // a bad pipeline is refused even when nothing matches
  }
  return {
    ns,
    notMatched,
    lets,
    on: readOn(spec.get('on')),
    matched: String(mode),
    pipeline: Array.isArray(matched) ? matched : [],
  };
}

function readLets(given: Value | undefined, mode: string, variables: Variables): Merge['lets'] {
  if (given !== undefined && !isDoc(given))
    throw new CommandError(
      code.TypeMismatch,
      `$merge 'let' must be an object, found ${typeName(given)}`,
    );
  if (given && mode !== 'pipeline')
    throw new CommandError(51199, `Cannot use 'let' variables with 'whenMatched: ${mode}' mode`);
  const lets: Doc = new Map<string, Value>([['new', '$$ROOT'], ...(given ?? [])]);
  if (lets.get('new') !== '$$ROOT')
    throw new CommandError(
      51273,
      "'let' may not define a value for the reserved 'new' variable other than '$$ROOT'",
    );
  return [...lets].map(([name, source]) => [name, compileExpression(source, variables)] as const);
}

function readOn(given: Value | undefined): Path[] {
  const list = Array.isArray(given) ? given : [given ?? '_id'];
  if (list.length === 0)
    throw new CommandError(
      51187,
      "If explicitly specifying $merge 'on', must include at least one field",
    );
  const names = list.map((name) => {
    if (typeof name !== 'string' || name === '')
      throw new CommandError(
        51134,
        `$merge 'on' fields must be strings, but found ${typeName(name)}`,
      );
    return name;
  });
  if (new Set(names).size < names.length)
    throw new CommandError(31465, `Found a duplicate field in $merge 'on': ${names.join(', ')}`);
  return names.map(splitPath);
}

// Without a unique index over exactly these fields two documents could be "the" match.
function checkUnique(context: Context, merge: Merge): void {
  const collation = parseCollation(context.body.get('collation'));
  const wanted = merge.on.map((path) => path.join('.'));
  if (wanted.length === 1 && wanted[0] === '_id') return;
  const found = context.engine.catalog
    .get(merge.ns)
    ?.indexes.some(
      ({ definition }) =>
        definition.unique &&
        !definition.partial &&
        sameCollation(definition.collation, collation) &&
        definition.parts.length === wanted.length &&
        definition.parts.every((part) => wanted.includes(part.field)),
    );
  if (!found)
    throw new CommandError(51183, 'Cannot find index to verify that join fields will be unique');
}

async function mergeOne(
  context: Context,
  merge: Merge,
  source: Doc,
  base: Variables,
): Promise<void> {
  const doc =
    source.has('_id') || !merge.on.some((path) => path[0] === '_id')
      ? source
      : new Map<string, Value>([['_id', context.engine.newId()], ...source]);
  const validate = context.body.get('bypassDocumentValidation') !== true;
  const filter = filterOf(merge, doc);
  if (merge.matched === 'fail') {
    await runStep(context, (writer) => {
      const collection: Collection = collectionFor(context, merge.ns, writer);
      insertDocument(context, { collection, doc, validate }, writer);
    });
    return;
  }
  const { matched } = await modify(context, {
    ns: merge.ns,
    filter,
    update: updateOf(merge, doc),
    multi: false,
    upsert: merge.notMatched === 'insert',
    supplied: doc,
    sort: undefined,
    collation: context.body.get('collation'),
    hint: undefined,
    arrayFilters: [],
    variables: new Map([...base, ...merge.lets.map(([name, make]) => [name, make(doc)] as const)]),
    validate,
  });
  if (matched === 0 && merge.notMatched === 'fail')
    throw new CommandError(
      code.MergeStageNoMatchingDocument,
      '$merge could not find a matching document in the target collection for at least one document in the source collection',
    );
}

function filterOf(merge: Merge, doc: Doc): Doc {
  return new Map(
    merge.on.map((path) => {
      const value = valueAt(doc, path);
      const field = path.join('.');
      if (value === undefined || value === null || value instanceof Undefined)
        throw new CommandError(
          51132,
          `$merge write error: 'on' field '${field}' cannot be missing, null or undefined`,
        );
      if (Array.isArray(value))
        throw new CommandError(
          51185,
          `$merge write error: 'on' field '${field}' cannot be an array`,
        );
      return [field, new Map([['$eq', value]])] as const;
    }),
  );
}

function updateOf(merge: Merge, doc: Doc): Value {
  if (merge.matched === 'replace') return doc;
  if (merge.matched === 'pipeline') return [...merge.pipeline];
  if (merge.matched === 'keepExisting') return [];
  return [new Map([['$replaceWith', new Map([['$mergeObjects', ['$$ROOT', '$$new']]])]])];
}
