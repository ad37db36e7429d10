import { CommandError } from '../values/errors.ts';
import { isDoc, type Doc, type Value } from '../values/types.ts';

/** A place in the history: after the change `index` of the commit `ts`. */
export interface Position {
  readonly ts: number;
  /** Place of the change within its commit; -1 is before the first one. */
  readonly index: number;
  /** True for the `invalidate` that follows the change. */
  readonly invalidate: boolean;
  /** The fragment of a split event it comes after; none is after the whole event. */
  readonly fragment?: number;
}

const VERSION = '82';

/** The resume token of a place: fixed-width hex, so that tokens sort as their places do. */
export function tokenOf(at: Position): Doc {
  const ts = at.ts.toString(16).padStart(14, '0');
  const index = (at.index + 1).toString(16).padStart(8, '0');
  const fragment = at.fragment ? at.fragment.toString(16).padStart(4, '0') : '';
  return new Map([['_data', `${VERSION}${ts}${index}${at.invalidate ? '01' : '00'}${fragment}`]]);
}

/** Reads a token back. @throws CommandError 40647 */
export function positionOf(token: Value): Position {
  const data = isDoc(token) ? token.get('_data') : undefined;
  const m =
    typeof data === 'string'
      ? /^82([0-9a-f]{14})([0-9a-f]{8})(00|01)([0-9a-f]{4})?$/.exec(data)
      : null;
  if (!m) throw new CommandError(40647, 'Bad resume token: it was not made by this server');
  return {
    ts: Number.parseInt(m[1] as string, 16),
    index: Number.parseInt(m[2] as string, 16) - 1,
    invalidate: m[3] === '01',
    ...(m[4] ? { fragment: Number.parseInt(m[4], 16) } : {}),
  };
}
