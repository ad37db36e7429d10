import {
  defaultFieldResolver,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLSchema,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/**
 * Makes lists whose items may not be null complete each item in a turn of its own.
 *
 * graphql-js 16 completes items one after another. Where one fails at once, it drops the list together with the promises
 * of the items before it; when one of those rejects later, nobody hears it and Node ends the process. An item that is
 * itself a promise cannot fail at once: all of them are then waited for together, and every failure is heard.
 */
export function settleLists(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const settle = settlerOf(field.type);
      if (settle) field.resolve = settledBy(settle, field.resolve);
    }
  }
}

type Settle = (value: unknown) => unknown;

/** What makes promises of the items; nothing for types that cannot leave one behind. */
function settlerOf(type: GraphQLOutputType): Settle | undefined {
  const list = isNonNullType(type) ? type.ofType : type;
  if (!isListType(list)) return undefined;
  const item: GraphQLOutputType = list.ofType;
  const inner = settlerOf(item);
  if (!inner && !isNonNullType(item)) return undefined; // a null takes its place, and nothing is dropped
  const settleItem = inner ?? ((value: unknown) => value);
  return (value) => {
    if (typeof value !== 'object' || value === null || !(Symbol.iterator in value)) return value;
    const items = Array.from(value as Iterable<unknown>);
    // One item alone has nobody to leave behind.
    if (items.length < 2) return items.map((each) => whenThere(each, settleItem));
    return items.map((each) => Promise.resolve(whenThere(each, settleItem)));
  };
}

const settledBy =
  (
    settle: Settle,
    resolve: GraphQLFieldResolver<unknown, unknown> = defaultFieldResolver,
  ): GraphQLFieldResolver<unknown, unknown> =>
  (...args) =>
    whenThere(resolve(...args), settle);

const whenThere = (value: unknown, settle: Settle): unknown =>
  isThenable(value) ? value.then(settle) : settle(value);

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' &&
  value !== null &&
  'then' in value &&
  typeof value.then === 'function';
