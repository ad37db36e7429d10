import { encode } from '../values/encode.ts';
import { CommandError, code } from '../values/errors.ts';
import { isDoc, type Doc, type Value } from '../values/types.ts';
import { tokenOf, type Position } from './token.ts';

const STAGE = '$changeStreamSplitLargeEvent';
/** Largest event or fragment of one, as any other document. */
export const MAX_EVENT = 16 * 1024 * 1024;
/** What a fragment has beside the fields of the event: `_id` and `splitEvent`. */
const HEAD = 256;

/** A part of an event, and the place a stream resumes from after it. */
export interface Fragment {
  readonly doc: Buffer;
  readonly at: Position;
}

/**
 * Takes the stage that splits large events off the end of a stream's pipeline.
 * @throws CommandError 7182800 on an option of it, 7182802 when another stage follows
 */
export function takeSplit(stages: readonly Doc[]): {
  readonly stages: readonly Doc[];
  readonly splits: boolean;
} {
  const at = stages.findIndex((stage) => stage.has(STAGE));
  if (at < 0) return { stages, splits: false };
  const spec = stages[at]?.get(STAGE);
  if (!isDoc(spec) || spec.size > 0)
    throw new CommandError(7182800, `${STAGE} spec should be an empty object`);
  if (at < stages.length - 1)
    throw new CommandError(7182802, `${STAGE} must be the last stage in the pipeline`);
  return { stages: stages.slice(0, at), splits: true };
}

/** The error of an event that no reply can carry. */
export const tooLarge = (size: number): CommandError =>
  new CommandError(
    code.BSONObjectTooLarge,
    `BSONObj size: ${size} is invalid. Size must be between 0 and ${MAX_EVENT}. A stream that ends with ${STAGE} gets such an event in parts.`,
  );

/**
 * Splits an event into fragments of whole fields, the small ones first.
 * @throws CommandError 280 when one field alone is too large
 */
export function splitEvent(event: Doc, at: Position): Fragment[] {
  const fields = [...event]
    .filter(([name]) => name !== '_id')
    .map(([name, value]) => ({ name, value, size: encode(new Map([[name, value]])).length }))
    .sort((a, b) => a.size - b.size);
  const parts: [string, Value][][] = [];
  let left = 0;
  for (const { name, value, size } of fields) {
    if (size + HEAD > MAX_EVENT)
      throw new CommandError(
        code.ChangeStreamFatalError,
        `Splitting change event failed: the field '${name}' alone is greater than the maximum allowed size`,
        { labels: ['NonResumableChangeStreamError'] },
      );
    if (size > left) {
      parts.push([]);
      left = MAX_EVENT - HEAD;
    }
    parts.at(-1)?.push([name, value]);
    left -= size;
  }
  return parts.map((part, i) => {
    const place: Position = { ...at, fragment: i + 1 };
    const splitting = new Map<string, Value>([
      ['fragment', i + 1],
      ['of', parts.length],
    ]);
    const doc = new Map<string, Value>([
      ['_id', tokenOf(place)],
      ['splitEvent', splitting],
      ...part,
    ]);
    return { doc: encode(doc), at: place };
  });
}
