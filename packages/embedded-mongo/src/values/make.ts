import { badValue } from './errors.ts';
import { isNumber, Undefined, type Doc, type Value } from './types.ts';
import { isZero, toDouble } from './number.ts';

/** A document from name and value pairs. */
export const doc = (...entries: readonly (readonly [string, Value])[]): Doc => new Map(entries);

/** MongoDB's reading of a flag: booleans and numbers other than zero; missing, null and undefined are false. */
export function truthy(v: Value | undefined): boolean {
  if (v === undefined || v === null || v instanceof Undefined) return false;
  if (typeof v === 'boolean') return v;
  return isNumber(v) ? !isZero(v) : true;
}

/** A whole number from any numeric type, or an error that names the field. */
export function wholeNumber(v: Value | undefined, field: string): number {
  const n = isNumber(v) ? toDouble(v) : Number.NaN;
  if (!Number.isInteger(n)) throw badValue(`${field} must be a whole number`);
  return n;
}
