import type { Collection } from '../catalog/collection.ts';
import { CommandError } from '../values/errors.ts';
import { show } from '../values/show.ts';
import { isDoc, type Doc, type Value } from '../values/types.ts';
import type { IndexDefinition } from './definition.ts';
import { partKey } from './entries.ts';
import { sameKey, type IndexPlan } from './planner.ts';

/** The `min` (included) and `max` (not included) of a find: two keys of the hinted index. */
export interface KeyRange {
  readonly min: Doc | undefined;
  readonly max: Doc | undefined;
  readonly hint: Value | undefined;
}

/**
 * The walk over the part of one index that lies between two keys.
 * @throws CommandError 51173 without a hint of the index, 51174 when the keys are not of it,
 * 51175 when `min` does not come before `max`
 */
export function rangePlan(collection: Collection, range: KeyRange): IndexPlan {
  const { min, max, hint } = range;
  if (hint === undefined)
    throw new CommandError(
      51173,
      'When using min()/max() a hint of which index to use must be provided',
    );
  const index = collection.indexes.find(({ definition }) =>
    isDoc(hint) ? sameKey(definition.source.get('key') as Doc, hint) : definition.name === hint,
  );
  if (!index) throw new CommandError(51174, 'The index chosen is not compatible with min/max');
  const from = min ? keyOf(index.definition, min) : '';
  const to = max ? keyOf(index.definition, max) : '\u00ff';
  if (from >= to)
    throw new CommandError(
      51175,
      'The value provided for min() does not come before the value provided for max()',
    );
  const text = (key: Doc | undefined, field: string, open: string): string =>
    key ? show(key.get(field) ?? null) : open;
  return {
    index,
    kind: 'index',
    intervals: [[from, to]],
    reverse: false,
    sorted: false,
    exact: false,
    points: false,
    score: 0,
    bounds: () =>
      index.definition.parts.map(({ field }) => [
        field,
        [`[${text(min, field, 'MinKey')}, ${text(max, field, 'MaxKey')})`],
      ]),
  };
}

function keyOf(definition: IndexDefinition, key: Doc): string {
  const names = [...key.keys()];
  const { parts } = definition;
  if (names.length !== parts.length || parts.some(({ field }, i) => field !== names[i]))
    throw new CommandError(51174, 'The index chosen is not compatible with min/max');
  return parts.map((part) => partKey(definition, part, key.get(part.field) ?? null)).join('');
}
