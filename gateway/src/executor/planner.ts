import { type DocumentNode, type GraphQLSchema, parse } from 'graphql';
import { type InnerKey, innerKeys } from './inner-keys.ts';
import { Kinds } from './kinds.ts';
import { plannerDocument } from './planner-document.ts';
import { type NamedSubgraph, openPlanning } from './planning.ts';
import type { Repairs } from './repairs.ts';
import { prepareSteps, type Step } from './steps.ts';
import { argumentedFields } from './supergraph-repair.ts';
import type { Switches } from './switches.ts';

type Steps = Step | undefined;

/** Plans the operations of one supergraph. */
export interface Planner {
  readonly innerKey: InnerKey;
  readonly kinds: Kinds;
  /** The subgraphs that the supergraph names. */
  readonly subgraphs: readonly NamedSubgraph[];
  /** What clients see of the supergraph. */
  apiSchema(): GraphQLSchema;
  /**
   * What is to be done for an operation with its switches set so; nothing if there is nothing to do.
   * @throws PlanUnavailable at once when too many plans wait to be made
   */
  plan(
    document: DocumentNode,
    operationName: string | undefined,
    switches: Switches,
  ): Steps | Promise<Steps>;
  close(): Promise<void>;
}

/** Opens a planner in this thread. @throws UnsupportedSupergraph, or an error of the supergraph itself */
export function openPlanner(sdl: string, repairs: Repairs) {
  const planning = openPlanning(sdl, repairs);
  const kinds = new Kinds(planning.fullSchema());
  const innerKey = innerKeys(argumentedFields(parse(sdl, { noLocation: true })), repairs);
  return {
    innerKey,
    kinds,
    subgraphs: planning.subgraphs,
    apiSchema: () => planning.apiSchema(),
    plan: (client: DocumentNode, operationName: string | undefined, switches: Switches): Steps =>
      prepareSteps(
        planning.plan(plannerDocument(client, switches, innerKey), operationName),
        kinds,
        repairs,
      ),
    close: async () => {},
  } satisfies Planner;
}
