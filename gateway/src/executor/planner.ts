import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { type DocumentNode, parse } from 'graphql';
import { type InnerKey, innerKeys } from './inner-keys.ts';
import { Kinds } from './kinds.ts';
import { plannerDocument } from './planner-document.ts';
import type { Repairs } from './repairs.ts';
import { prepareSteps, type Step } from './steps.ts';
import { argumentedFields, withoutUnresolvableKeys } from './supergraph-repair.ts';
import type { Switches } from './switches.ts';
import { refuseUnsupported } from './unsupported.ts';

/** Plans the operations of one supergraph. */
export interface Planner {
  readonly innerKey: InnerKey;
  readonly kinds: Kinds;
  /** The subgraphs that the supergraph names. */
  readonly subgraphs: readonly { readonly name: string; readonly url: string }[];
  /** What is to be done for an operation with its switches set so; nothing if there is nothing to do. */
  plan(
    document: DocumentNode,
    operationName: string | undefined,
    switches: Switches,
  ): Step | undefined;
}

/** @throws UnsupportedSupergraph, or an error of the supergraph itself */
export function openPlanner(sdl: string, repairs: Repairs): Planner {
  const document = parse(sdl, { noLocation: true });
  refuseUnsupported(document);
  const { supergraph, planner } = plannerFor(document, repairs);
  const apiSchema = supergraph.apiSchema();
  const kinds = new Kinds(supergraph.schema.toGraphQLJSSchema());
  const innerKey = innerKeys(argumentedFields(document), repairs);
  return {
    innerKey,
    kinds,
    subgraphs: supergraph.subgraphsMetadata(),
    plan: (client, operationName, switches) => {
      const operation = operationFromDocument(
        apiSchema,
        plannerDocument(client, switches, innerKey),
        operationName === undefined ? {} : { operationName },
      );
      return prepareSteps(planner.buildQueryPlan(operation), kinds);
    },
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
