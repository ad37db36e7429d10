import { badValue } from '../values/errors.ts';
import type { Doc, Value } from '../values/types.ts';
import { modify, type PathContext } from './paths.ts';

/** Reads the new name of a `$rename`. @throws CommandError 2 */
export function renameTarget(field: string, operand: Value): string[] {
  if (typeof operand !== 'string')
    throw badValue(`The 'to' field for $rename must be a string: ${field}`);
  if (operand === '' || operand.split('.').includes(''))
    throw badValue(`The 'to' field for $rename may not have empty parts: ${field}`);
  if (operand === field)
    throw badValue(`The source and target field for $rename must differ: ${field}: "${operand}"`);
  for (const [path, which] of [
    [field, 'source'],
    [operand, 'destination'],
  ] as const) {
    if (path.split('.').some((part) => part === '$' || part.startsWith('$[')))
      throw badValue(`The ${which} field for $rename may not be dynamic: ${path}`);
  }
  return operand.split('.');
}

/** Moves a field. Arrays on either way are refused, as their elements have no names of their own. */
export function rename(
  doc: Doc,
  paths: { readonly from: readonly string[]; readonly to: readonly string[] },
  context: PathContext,
): void {
  let moved: Value | undefined;
  refuseArrays(doc, paths.from, 'source');
  modify(doc, paths.from, (old) => void (moved = old), { ...context, creates: false });
  if (moved === undefined) return;
  refuseArrays(doc, paths.to, 'destination');
  modify(doc, paths.to, () => moved, { ...context, creates: true });
}

function refuseArrays(doc: Doc, path: readonly string[], which: string): void {
  let node: Value | undefined = doc;
  for (const part of path) {
    if (Array.isArray(node))
      throw badValue(
        `The ${which} field cannot be an array element, '${path.join('.')}' in doc has an array field`,
      );
    if (!(node instanceof Map)) return;
    node = node.get(part);
  }
}
