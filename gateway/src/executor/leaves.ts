import { type GraphQLLeafType, isEnumType } from 'graphql';

/** Makes the value of a leaf from what a subgraph sent; undefined if it is none of this type. */
export type ReadLeaf = (value: unknown) => unknown;

const SCALARS: ReadonlyMap<string, ReadLeaf> = new Map<string, ReadLeaf>([
  [
    'Int',
    (value) =>
      typeof value === 'number' && value === Math.trunc(value) && Math.abs(value + 0.5) < 2 ** 31
        ? value
        : undefined,
  ],
  ['Float', (value) => (Number.isFinite(value) ? value : undefined)],
  ['String', (value) => (typeof value === 'string' ? value : undefined)],
  ['Boolean', (value) => (typeof value === 'boolean' ? value : undefined)],
  [
    'ID',
    (value) => {
      if (typeof value === 'string') return value;
      return Number.isInteger(value) ? String(value) : undefined;
    },
  ],
]);

/** How a leaf is read. Values of our own scalars are the subgraph's affair and go through as they are. */
export function leafReader(type: GraphQLLeafType): ReadLeaf {
  if (!isEnumType(type)) return SCALARS.get(type.name) ?? ((value) => value);
  const names = new Set<unknown>(type.getValues().map(({ name }) => name));
  return (value) => (names.has(value) ? value : undefined);
}
