import { badUserInput } from './errors.ts';

const SHAPE = /^[\w.:-]{1,64}$/;

/**
 * A number made by a caller, under which a mutation happens once: 1 to 64 letters, digits or `_ . : -`.
 * @throws BAD_USER_INPUT
 */
export function checkCallersId(name: string, id: string): void {
  if (!SHAPE.test(id)) {
    throw badUserInput(`${name}: 1 to 64 letters, digits or _ . : - are expected`);
  }
}
