import { CommandError, code, failedToParse } from '../values/errors.ts';
import { isDoc, type Doc, type Value } from '../values/types.ts';
import type { Variables } from '../expression/compile.ts';
import { isKnownStage, unknownStage } from '../aggregate/stage-names.ts';
import type { Collation } from '../query/text-fold.ts';
import { TRANSFORMS, type Transform } from '../aggregate/transforms.ts';

/**
 * Compiles an update written as a pipeline of $set, $unset, $project and $replaceWith stages.
 * @throws CommandError 72 on a stage that is not allowed in an update, 40324 on one nobody knows
 */
export function compileUpdatePipeline(
  stages: readonly Value[],
  variables: Variables,
  collation: Collation | null,
): (doc: Doc) => Doc {
  const steps: Transform[] = stages.map((stage) => {
    if (!isDoc(stage) || stage.size !== 1)
      throw failedToParse('A pipeline stage specification object must contain exactly one field.');
    const [[name, spec]] = [...stage] as [[string, Value]];
    const make = Object.hasOwn(TRANSFORMS, name) ? TRANSFORMS[name] : undefined;
    if (!make && !isKnownStage(name)) throw unknownStage(name);
    if (!make)
      throw new CommandError(
        code.InvalidOptions,
        `${name} is not allowed to be used within an update`,
      );
    return make(spec, variables, collation);
  });
  return (doc) => {
    let out = doc;
    for (const step of steps) out = step(out);
    const id = doc.get('_id');
    return id === undefined || out.has('_id') ? out : new Map<string, Value>([['_id', id], ...out]);
  };
}
