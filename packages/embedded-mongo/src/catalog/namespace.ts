import { CommandError, code } from '../values/errors.ts';

const invalid = (ns: string): CommandError =>
  new CommandError(code.InvalidNamespace, `Invalid namespace specified '${ns}'`);

/**
 * Checks a database name.
 * @throws CommandError 73
 */
export function checkDb(db: string): void {
  if (db === '' || Buffer.byteLength(db) > 63 || /[/\\. "$*<>:|?\0]/.test(db)) {
    throw new CommandError(code.InvalidNamespace, `Invalid database name: '${db}'`);
  }
}

/**
 * Checks a full namespace.
 * @throws CommandError 73
 */
export function checkNamespace(db: string, name: string): string {
  checkDb(db);
  const ns = `${db}.${name}`;
  if (
    name === '' ||
    name.startsWith('.') ||
    name.endsWith('.') ||
    /[$\0]/.test(name) ||
    Buffer.byteLength(ns) > 255
  )
    throw invalid(ns);
  return ns;
}
