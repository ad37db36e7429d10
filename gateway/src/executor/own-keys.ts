/** An object of JSON. Its keys come from outside: read and write them with {@link own} and {@link setOwn}. */
export type JsonObject = Record<string, unknown>;

const INHERITED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Whether every object has a member of this name, such as `constructor`: reading it finds something never sent. */
export const isInherited = (key: string): boolean => INHERITED.has(key);

/** What an object itself has under a key. `JSON.parse` makes `__proto__` an own key like any other. */
export const own = (object: JsonObject, key: string): unknown =>
  INHERITED.has(key) && !Object.hasOwn(object, key) ? undefined : object[key];

/** Gives an object a key of its own; assigning `__proto__` by name would change its prototype instead. */
export function setOwn(object: JsonObject, key: string, value: unknown): void {
  if (key !== '__proto__') {
    object[key] = value;
    return;
  }
  Object.defineProperty(object, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

/** Whether a value is an object of JSON, lists left out. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
