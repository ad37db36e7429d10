import { composeServices } from '@apollo/composition';
import type { Subgraph } from '@7pay/graphql';
import { parse } from 'graphql';
import { ALLOWED_HINTS, type Hint, unallowedHints } from './schema/composition-hints.ts';

/** The schema of each subgraph by name. */
export const subgraphSchemas = (subgraphs: readonly Subgraph[]): Map<string, string> =>
  new Map(subgraphs.map(({ name, sdl }) => [name, sdl]));

/** What came of composing: a supergraph or errors, and the hints. */
export interface Composition {
  readonly supergraph: string | undefined;
  readonly errors: readonly string[];
  readonly hints: readonly Hint[];
}

/** Composes subgraphs given as text by name, in the order of their names. */
export function compose(schemas: ReadonlyMap<string, string>): Composition {
  const services = [...schemas]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, sdl]) => ({ name, typeDefs: parse(sdl), url: `http://${name}.internal/graphql` }));
  const { supergraphSdl, errors = [], hints = [] } = composeServices(services);
  return {
    supergraph: supergraphSdl,
    errors: errors.map(({ message }) => message),
    hints: hints.map(({ definition, coordinate, message }) => ({
      code: definition.code,
      coordinate: coordinate ?? '',
      message,
    })),
  };
}

/**
 * Composes the supergraph. A hint is an error here: it is a schema that two subgraphs understand differently.
 * @throws Error with every fault and hint
 */
export function composeSupergraph(schemas: ReadonlyMap<string, string>): string {
  const { supergraph, errors, hints } = compose(schemas);
  const faults = [
    ...errors,
    ...unallowedHints(hints, ALLOWED_HINTS).map(({ message }) => `hint: ${message}`),
  ];
  if (!supergraph || faults.length > 0) {
    throw new Error(`The supergraph does not compose:\n${faults.join('\n')}`);
  }
  return supergraph;
}
