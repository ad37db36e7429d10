import type { ExecutionResult } from 'graphql';
import { isJsonObject, own } from './own-keys.ts';
import { errorsIn } from './placed-errors.ts';

/**
 * What the answer to a joint call says to one of its parts, in the terms of a call of its own: its entities, its errors, and
 * those that are of no part and therefore of each. `names` are those of all parts.
 */
export function partOf(
  answer: ExecutionResult,
  name: string,
  names: readonly string[],
): ExecutionResult {
  const { data } = answer;
  const ours = errorsIn(answer).flatMap(({ message, extensions, path }) => {
    const [field, ...rest] = Array.isArray(path) ? (path as readonly unknown[]) : [];
    if (field === name) return [{ message, extensions, path: ['_entities', ...rest] }];
    return names.includes(String(field)) ? [] : [{ message, extensions }];
  });
  return {
    ...(isJsonObject(data) ? { data: { _entities: own(data, name) } } : {}),
    // Nothing about the errors of a subgraph is sure yet: whoever places them looks at each.
    ...(ours.length > 0
      ? { errors: ours as unknown as NonNullable<ExecutionResult['errors']> }
      : {}),
  };
}
