import type { Batch } from './batch.ts';
import { clientKey } from './inner-keys.ts';
import { isJsonObject, type JsonObject } from './own-keys.ts';
import { type Path, pathsAt } from './places.ts';
import type { PreparedFetch } from './steps.ts';

/** An error as a subgraph tells it. Nothing about it is sure. */
export interface SubgraphError {
  readonly message?: unknown;
  readonly path?: unknown;
  readonly extensions?: unknown;
}

/** An error in the client's terms. */
export interface PlacedError {
  readonly message: string;
  readonly path: Path | undefined;
  readonly extensions: JsonObject;
}

/** What is told of an answer that is none. */
export const MALFORMED: SubgraphError = {
  message: 'A service did not answer properly.',
  extensions: { code: 'SUBGRAPH_MALFORMED' },
};

/** The errors of an answer, whatever a subgraph has put in their place. */
export function errorsIn({ errors }: { readonly errors?: unknown }): readonly SubgraphError[] {
  if (errors === undefined || errors === null) return [];
  if (!Array.isArray(errors)) return [MALFORMED];
  return (errors as readonly unknown[]).map((each) => (isJsonObject(each) ? each : MALFORMED));
}

const MOST_ERRORS = 100;

/**
 * Tells the errors of a call in the client's terms. What happened to an entity happened at every place where it
 * hangs; what happened to the call happened to all that it was to complete.
 */
export function placeErrors(
  run: { readonly root: JsonObject; readonly errors: PlacedError[] },
  { at, fetch }: { readonly at: readonly string[]; readonly fetch: PreparedFetch },
  batch: Batch | undefined,
  errors: readonly SubgraphError[],
): void {
  if (errors.length === 0) return;
  const places = at.length === 0 ? [[]] : pathsAt(run.root, at);
  for (const error of errors) {
    const extensions = isJsonObject(error.extensions) ? error.extensions : {};
    const message = typeof error.message === 'string' ? error.message : 'Unknown error.';
    for (const place of placesOf(isPath(error.path) ? error.path : [], places, batch)) {
      if (run.errors.length >= MOST_ERRORS) return;
      const path = place.map((part) => toClient(part, fetch));
      run.errors.push({ message, extensions, path: path.length === 0 ? undefined : path });
    }
  }
}

function placesOf(path: Path, places: readonly Path[], batch: Batch | undefined): readonly Path[] {
  if (!batch) return places.map((place) => [...place, ...path]);
  const [field, index, ...rest] = path;
  const isOfOne = field === '_entities' && typeof index === 'number';
  const found = places.filter((_, place) => {
    const asked = batch.indices[place] ?? -1;
    return isOfOne ? asked === index : asked >= 0;
  });
  if (found.length === 0) return [[]];
  return isOfOne ? found.map((place) => [...place, ...rest]) : found;
}

const toClient = (part: string | number, { renamed }: PreparedFetch): string | number =>
  typeof part === 'number' ? part : clientKey(renamed.get(part) ?? part);

const isPath = (path: unknown): path is Path =>
  Array.isArray(path) && path.every((part) => typeof part === 'string' || Number.isInteger(part));
