import { CommandError } from '../values/errors.ts';
import { toDouble } from '../values/number.ts';
import { isDoc, isNumber, type Doc, type Value } from '../values/types.ts';
import type { Stage } from './stage.ts';

/** `$sample`: so many documents by chance, in the order chance gives them. */
export function sample(spec: Value): Stage {
  if (!isDoc(spec))
    throw new CommandError(28745, 'the $sample stage specification must be an object');
  for (const name of spec.keys())
    if (name !== 'size') throw new CommandError(28748, `unrecognized option to $sample: ${name}`);
  const given = spec.get('size');
  if (given === undefined) throw new CommandError(28749, '$sample stage must specify a size');
  if (!isNumber(given)) throw new CommandError(28746, 'size argument to $sample must be a number');
  const size = Math.trunc(toDouble(given));
  if (!(size > 0))
    throw new CommandError(28747, 'size argument to $sample must be a positive integer');
  return function* sampled(input) {
    const kept: Doc[] = [];
    let seen = 0;
    for (const doc of input) {
      if (doc === null) {
        yield null;
        continue;
      }
      // Every document is kept with the same chance, however many there are (a reservoir).
      seen += 1;
      if (kept.length < size) kept.push(doc);
      else {
        const at = Math.floor(Math.random() * seen);
        if (at < size) kept[at] = doc;
      }
    }
    for (let i = kept.length - 1; i > 0; i--) {
      const j = Math.floor(Math.random() * (i + 1));
      [kept[i], kept[j]] = [kept[j] as Doc, kept[i] as Doc];
    }
    yield* kept;
  };
}
