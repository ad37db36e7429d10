import type { Collection } from '../catalog/collection.ts';
import { equal } from '../values/compare.ts';
import { CommandError, code, notImplemented, unknownField } from '../values/errors.ts';
import { isDoc, typeName, type Doc, type Value } from '../values/types.ts';
import { dropCollection, exclusively, renameCollectionTo } from './collections.ts';
import type { Context } from './context.ts';
import { targetNamespace } from './merge.ts';
import { insertDocument, runStep } from './statements.ts';

/** Documents written in one unit. */
const UNIT = 256;

/**
 * Puts the documents of a pipeline in the place of a collection. They are written to a temporary
 * collection, which then takes the name of the target in one step: readers see the old or the new
 * documents, and after an error the old ones stay. Indexes and options of the target are kept.
 */
export async function outTo(
  context: Context,
  spec: Value,
  docs: Iterable<Doc | null>,
): Promise<void> {
  const ns = readOut(context, spec);
  const before = stateOf(context.engine.catalog.get(ns));
  const temporary = await makeTemporary(context, ns);
  try {
    await fill(context, temporary, docs);
    const target = context.engine.catalog.get(ns);
    if (!equal(stateOf(target), before))
      throw new CommandError(
        code.CommandFailed,
        `the collection ${ns}, its options or its indexes changed while $out was writing`,
      );
    await exclusively(context, [temporary, target], (unit) => {
      temporary.options = new Map(temporary.options);
      temporary.options.delete('temp');
      renameCollectionTo(context, { source: temporary, to: ns, target }, unit);
    });
  } catch (error) {
    await exclusively(context, [temporary], (unit) => dropCollection(context, temporary, unit));
    throw error;
  }
}

function readOut(context: Context, spec: Value): string {
  if (!isDoc(spec) && typeof spec !== 'string')
    throw new CommandError(
      16990,
      `$out only supports a string or object argument, but found ${typeName(spec)}`,
    );
  for (const name of isDoc(spec) ? spec.keys() : []) {
    if (name === 'timeseries') throw notImplemented("the $out option 'timeseries'");
    if (name !== 'db' && name !== 'coll') throw unknownField('$out', name);
  }
  return targetNamespace(context, '$out', spec);
}

// What must not change under the hands of a running $out.
function stateOf(collection: Collection | undefined): Value {
  if (!collection) return null;
  return [
    collection.uuid,
    collection.options,
    collection.indexes.map((index) => index.definition.source),
  ];
}

function makeTemporary(context: Context, ns: string): Promise<Collection> {
  const { engine } = context;
  const target = engine.catalog.get(ns);
  const db = ns.slice(0, ns.indexOf('.'));
  const name = `${db}.tmp.agg_out.${engine.randomBytes(16).toString('hex')}`;
  return exclusively(context, [], (unit) => {
    const options = new Map<string, Value>([...(target?.options ?? []), ['temp', true]]);
    const temporary = engine.create(name, options, unit);
    for (const { definition } of target?.indexes.slice(1) ?? [])
      temporary.indexes.push(engine.catalog.prepareIndex(definition.source));
    temporary.persist();
    return temporary;
  });
}

async function fill(
  context: Context,
  collection: Collection,
  docs: Iterable<Doc | null>,
): Promise<void> {
  const validate = context.body.get('bypassDocumentValidation') !== true;
  let unit: Doc[] = [];
  const write = (): Promise<void> =>
    runStep(context, (writer) => {
      for (const doc of unit) insertDocument(context, { collection, doc, validate }, writer);
      unit = [];
    });
  for (const doc of docs) {
    await context.budget.pause();
    if (doc) unit.push(doc);
    if (unit.length === UNIT) await write();
  }
  if (unit.length > 0) await write();
}
