import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { type QueryPlan, QueryPlanner } from '@apollo/query-planner';
import { type DocumentNode, type GraphQLSchema, parse } from 'graphql';
import type { Repairs } from './repairs.ts';
import { withoutUnresolvableKeys } from './supergraph-repair.ts';
import { refuseUnsupported } from './unsupported.ts';

export interface NamedSubgraph {
  readonly name: string;
  readonly url: string;
}

/** Apollo's planner of one supergraph, and the schemas that it made on its way. */
export interface Planning {
  readonly subgraphs: readonly NamedSubgraph[];
  /** What clients see. */
  apiSchema(): GraphQLSchema;
  /** Everything, types included that clients may not see. */
  fullSchema(): GraphQLSchema;
  /** Plans a document that was made for the planner. */
  plan(document: DocumentNode, operationName: string | undefined): QueryPlan;
}

/** @throws UnsupportedSupergraph, or an error of the supergraph itself */
export function openPlanning(sdl: string, repairs: Repairs): Planning {
  const document = parse(sdl, { noLocation: true });
  refuseUnsupported(document);
  const { supergraph, planner } = plannerFor(document, repairs);
  const apiSchema = supergraph.apiSchema();
  return {
    subgraphs: supergraph.subgraphsMetadata(),
    apiSchema: () => apiSchema.toGraphQLJSSchema(),
    fullSchema: () => supergraph.schema.toGraphQLJSSchema(),
    plan: (asked, operationName) =>
      planner.buildQueryPlan(
        operationFromDocument(
          apiSchema,
          asked,
          operationName === undefined ? {} : { operationName },
        ),
      ),
  };
}

function plannerFor(document: DocumentNode, { dropUnresolvableKeys }: Repairs) {
  const build = (repaired: DocumentNode) => {
    const supergraph = Supergraph.build(repaired);
    return { supergraph, planner: new QueryPlanner(supergraph) };
  };
  const repaired = dropUnresolvableKeys ? withoutUnresolvableKeys(document) : document;
  try {
    return build(repaired);
  } catch (error) {
    // A field that is external for the sake of a dropped key has lost its reason: such a supergraph stays as it is.
    if (repaired === document) throw error;
    return build(document);
  }
}
