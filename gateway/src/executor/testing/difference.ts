import type { ExecutionResult } from 'graphql';

type Path = readonly (string | number)[];

/** What is different between the answer that has to be and the one that is; nothing if they agree. */
export function difference(want: ExecutionResult, got: ExecutionResult): string | undefined {
  const [wanted, given] = [JSON.stringify(want.data ?? null), JSON.stringify(got.data ?? null)];
  if (wanted !== given) return `the data is\n  ${given}\nand not\n  ${wanted}`;
  const expected = nulledPlaces(want);
  const told = nulledPlaces(got);
  const missing = [...expected].filter((place) => !told.has(place));
  const surplus = [...told].filter((place) => !expected.has(place));
  if (missing.length + surplus.length === 0) return undefined;
  return `errors are missing at [${missing.join(' ')}] and surplus at [${surplus.join(' ')}]`;
}

/** The places that are null with an error, each at the null that the client sees. */
function nulledPlaces({ data, errors = [] }: ExecutionResult): ReadonlySet<string> {
  return new Set(errors.map(({ path }) => seen(data, path ?? []).join('.')));
}

function seen(data: unknown, path: Path): Path {
  let value = data;
  for (const [index, key] of path.entries()) {
    if (value === null || value === undefined) return path.slice(0, index);
    value = Object.hasOwn(value, key)
      ? (value as Record<string | number, unknown>)[key]
      : undefined;
  }
  return path;
}
