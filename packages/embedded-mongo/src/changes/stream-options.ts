import type { Engine } from '../commands/engine.ts';
import { find, PAUSE } from '../query/find.ts';
import { parseFilter } from '../query/parse.ts';
import { numberOf } from '../transactions/cluster-clock.ts';
import { LATEST } from '../transactions/view.ts';
import { CommandError, badValue, code, unknownField } from '../values/errors.ts';
import { Timestamp, type Doc, type Value } from '../values/types.ts';
import type { EventOptions } from './event.ts';
import { positionOf, type Position } from './token.ts';

const OPTIONS = new Set([
  'fullDocument',
  'fullDocumentBeforeChange',
  'resumeAfter',
  'startAfter',
  'startAtOperationTime',
  'showExpandedEvents',
  'allChangesForCluster',
]);

/** After every change a commit can have. */
const LAST_INDEX = 0xfffffffe;

/** Reads how a stream wants its events. @throws CommandError 40415, 2 */
export function eventOptions(engine: Engine, spec: Doc): EventOptions {
  for (const name of spec.keys()) if (!OPTIONS.has(name)) throw unknownField('$changeStream', name);
  return {
    fullDocument: choice(
      spec,
      'fullDocument',
      ['default', 'updateLookup', 'whenAvailable', 'required'] as const,
      'default',
    ),
    before: choice(
      spec,
      'fullDocumentBeforeChange',
      ['off', 'whenAvailable', 'required'] as const,
      'off',
    ),
    expanded: spec.get('showExpandedEvents') === true,
    lookup: (ns, id) => lookup(engine, ns, id),
  };
}

function choice<C extends string>(spec: Doc, name: string, allowed: readonly C[], fallback: C): C {
  const v = spec.get(name);
  if (v === undefined) return fallback;
  const found = allowed.find((c) => c === v);
  if (found === undefined)
    throw badValue(
      `Enumeration value '${String(v)}' for field '$changeStream.${name}' is not a valid value.`,
    );
  return found;
}

function lookup(engine: Engine, ns: string, id: Value): Doc | null {
  const collection = engine.catalog.get(ns);
  if (!collection) return null;
  const matcher = parseFilter(new Map([['_id', new Map([['$eq', id]])]]));
  const { matches } = find({
    collection,
    view: LATEST,
    matcher,
    sort: null,
    collation: null,
    skip: 0,
    limit: 1,
    decoded: true,
  });
  for (const match of matches) if (match !== PAUSE) return match.doc;
  return null;
}

/** Where a stream starts. @throws CommandError 260 when `resumeAfter` names an invalidate */
export function startOf(engine: Engine, spec: Doc): Position {
  const [resume, after, time] = [
    spec.get('resumeAfter'),
    spec.get('startAfter'),
    spec.get('startAtOperationTime'),
  ];
  if ([resume, after, time].filter((v) => v !== undefined).length > 1)
    throw badValue('Only one of resumeAfter, startAfter and startAtOperationTime may be given');
  const token = resume ?? after;
  let start: Position = { ts: engine.clock.current(), index: LAST_INDEX, invalidate: false };
  if (token !== undefined) start = positionOf(token);
  else if (time !== undefined) {
    if (!(time instanceof Timestamp)) throw badValue('startAtOperationTime must be a timestamp');
    start = { ts: numberOf(time), index: -1, invalidate: false };
  }
  if (resume !== undefined && start.invalidate) {
    throw new CommandError(
      code.InvalidResumeToken,
      "Attempting to resume a change stream using 'resumeAfter' is not allowed from an invalidate notification.",
    );
  }
  return start;
}
