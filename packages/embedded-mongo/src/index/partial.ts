import { CommandError, code } from '../values/errors.ts';
import { truthy } from '../values/make.ts';
import { show } from '../values/show.ts';
import { isDoc, Regex, type Doc, type Value } from '../values/types.ts';

const COMPARISONS = new Set(['$eq', '$gt', '$gte', '$lt', '$lte', '$type', '$in']);

const unsupported = (expression: Value): CommandError =>
  new CommandError(
    code.CannotCreateIndex,
    `Expression not supported in partial index: ${show(expression)}`,
  );

/**
 * Checks the filter of a partial index: conditions that a planner can see another filter to imply.
 * @throws CommandError 67 on any other condition, such as `$ne` or `{$exists: false}`
 */
export function checkPartialFilter(filter: Doc): void {
  for (const [name, operand] of filter) {
    if (name === '$and' || name === '$or') {
      if (!Array.isArray(operand)) throw unsupported(filter);
      for (const part of operand) if (isDoc(part)) checkPartialFilter(part);
    } else if (name.startsWith('$')) throw unsupported(filter);
    else checkField(filter, operand);
  }
}

function checkField(filter: Doc, operand: Value): void {
  if (operand instanceof Regex) throw unsupported(filter);
  const [first] = isDoc(operand) ? operand.keys() : [];
  if (!isDoc(operand) || !first?.startsWith('$')) return;
  for (const [op, v] of operand) {
    const fine = op === '$exists' ? truthy(v) : COMPARISONS.has(op);
    const pattern = op === '$in' && Array.isArray(v) && v.some((item) => item instanceof Regex);
    if (!fine || pattern) throw unsupported(filter);
  }
}
