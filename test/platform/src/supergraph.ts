import { composeServices } from '@apollo/composition';
import type { Subgraph } from '@7pay/graphql';
import { parse } from 'graphql';

/** The schema of each subgraph by name. */
export const subgraphSchemas = (subgraphs: readonly Subgraph[]): Map<string, string> =>
  new Map(subgraphs.map(({ name, sdl }) => [name, sdl]));

/**
 * Composes the supergraph. A hint is an error here: it is a schema that two subgraphs understand differently.
 * @throws Error with every fault and hint
 */
export function composeSupergraph(schemas: ReadonlyMap<string, string>): string {
  const services = [...schemas]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, sdl]) => ({ name, typeDefs: parse(sdl), url: `http://${name}.internal/graphql` }));
  const { supergraphSdl, errors, hints } = composeServices(services);
  const faults = [
    ...(errors ?? []).map(({ message }) => message),
    ...(hints ?? []).map((hint) => `hint: ${hint.message}`),
  ];
  if (!supergraphSdl || faults.length > 0) {
    throw new Error(`The supergraph does not compose:\n${faults.join('\n')}`);
  }
  return supergraphSdl;
}
