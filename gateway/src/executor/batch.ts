import type { JsonObject } from './own-keys.ts';
import type { Represent } from './representation.ts';

/** The entities that one call asks for, each once. */
export interface Batch {
  readonly representations: readonly JsonObject[];
  /** The same as JSON text, comma-separated. */
  readonly json: string;
  /** For each place in the answer the index of its representation; -1 where nothing can be asked. */
  readonly indices: readonly number[];
}

/** Represents entities to a subgraph. Those that look the same are asked for once. */
export function batchOf(entities: readonly JsonObject[], represent: Represent): Batch {
  const seen = new Map<string, number>();
  const representations: JsonObject[] = [];
  const indices = entities.map((entity) => {
    const representation = represent(entity);
    if (!representation) return -1;
    const text = JSON.stringify(representation);
    const known = seen.get(text);
    if (known !== undefined) return known;
    seen.set(text, representations.length);
    return representations.push(representation) - 1;
  });
  return { representations, indices, json: [...seen.keys()].join(',') };
}
