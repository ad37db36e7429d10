import { dbOf, nameOf } from '../catalog/collection.ts';
import { timestampOf } from '../transactions/cluster-clock.ts';
import { ID_INDEX } from '../index/definition.ts';
import { decode } from '../values/decode.ts';
import { CommandError, code } from '../values/errors.ts';
import { Binary, isDoc, UtcDate, type Doc, type Value } from '../values/types.ts';
import type { Change, CommitRow } from './entry.ts';
import { tokenOf, type Position } from './token.ts';

/** What a stream asks to see of a change. */
export interface EventOptions {
  readonly fullDocument: 'default' | 'updateLookup' | 'whenAvailable' | 'required';
  readonly before: 'off' | 'whenAvailable' | 'required';
  readonly expanded: boolean;
  /** The document as it is now, for `updateLookup`. */
  readonly lookup: (ns: string, id: Value) => Doc | null;
}

const nsDoc = (ns: string): Doc =>
  new Map([
    ['db', dbOf(ns)],
    ['coll', nameOf(ns)],
  ]);

const TYPES: Readonly<Record<Change['op'], string>> = {
  i: 'insert',
  u: 'update',
  r: 'replace',
  d: 'delete',
  c: '',
};

/** The event of one change, or null when the stream is not told of it. */
export function eventOf(row: CommitRow, at: Position, options: EventOptions): Doc | null {
  const change = row.changes[at.index];
  if (!change) return null;
  const kind = String(change.command?.get('kind') ?? '');
  if (change.op === 'c' && !options.expanded && !['drop', 'rename', 'dropDatabase'].includes(kind))
    return null;
  const event: Doc = new Map<string, Value>([
    ['_id', tokenOf(at)],
    ['operationType', change.op === 'c' ? kind : TYPES[change.op]],
    ['clusterTime', timestampOf(row.ts)],
    ['wallTime', new UtcDate(row.wallMs)],
  ]);
  if (row.transaction) {
    event.set('txnNumber', row.transaction.txnNumber);
    event.set('lsid', new Map([['id', new Binary(row.transaction.lsid, 4)]]));
  }
  if (options.expanded) event.set('collectionUUID', change.uuid);
  event.set('ns', kind === 'dropDatabase' ? new Map([['db', dbOf(change.ns)]]) : nsDoc(change.ns));
  if (change.op === 'c') addCommand(event, change, options.expanded);
  else addDocument(event, change, options);
  return event;
}

function addCommand(event: Doc, change: Change, expanded: boolean): void {
  const to = change.command?.get('to');
  if (typeof to === 'string') event.set('to', nsDoc(to));
  const description = expanded ? describeCommand(change.command ?? new Map()) : new Map();
  if (description.size > 0) event.set('operationDescription', description);
}

// What an expanded stream is told of a change to the catalog, in MongoDB's field names.
function describeCommand(command: Doc): Doc {
  const description: Doc = new Map();
  if (command.get('kind') === 'create') description.set('idIndex', ID_INDEX);
  for (const [name, value] of command) {
    if (name === 'to') description.set('to', nsDoc(String(value)));
    else if (name === 'options' && isDoc(value))
      for (const [option, v] of value) description.set(option, v);
    else if (name === 'index' && command.get('kind') !== 'modify')
      description.set('indexes', [value]);
    else if (name !== 'kind') description.set(name, value);
  }
  return description;
}

function addDocument(event: Doc, change: Change, options: EventOptions): void {
  const id = change.id ?? null;
  event.set('documentKey', new Map([['_id', id]]));
  if (change.doc) event.set('fullDocument', decode(change.doc));
  else if (change.op === 'u') {
    const description = new Map(change.description);
    if (!options.expanded) description.delete('disambiguatedPaths');
    else if (!description.has('disambiguatedPaths'))
      description.set('disambiguatedPaths', new Map());
    event.set('updateDescription', description);
    if (options.fullDocument === 'updateLookup')
      event.set('fullDocument', options.lookup(change.ns, id));
    else if (options.fullDocument !== 'default')
      event.set('fullDocument', image(change.after, options.fullDocument, 'post'));
  }
  if (options.before !== 'off' && change.op !== 'i')
    event.set('fullDocumentBeforeChange', image(change.before, options.before, 'pre'));
}

function image(
  bytes: Buffer | undefined,
  wish: 'whenAvailable' | 'required',
  which: 'pre' | 'post',
): Doc | null {
  if (bytes) return decode(bytes);
  if (wish === 'required') {
    throw new CommandError(
      code.NoMatchingDocument,
      `Change stream was configured to require a ${which}-image for all update, delete and replace events, but the ${which}-image was not found for an event`,
    );
  }
  return null;
}
