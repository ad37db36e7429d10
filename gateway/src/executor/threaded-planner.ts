import { buildASTSchema, parse, print } from 'graphql';
import { innerKeys } from './inner-keys.ts';
import { Kinds } from './kinds.ts';
import { PlanUnavailable } from './plan-in-time.ts';
import { type Planner } from './planner.ts';
import { plannerDocument } from './planner-document.ts';
import type { PlannersInThread } from './planners-in-thread.ts';
import { openPlanning, type Planning } from './planning.ts';
import type { Repairs } from './repairs.ts';
import { prepareSteps } from './steps.ts';
import { argumentedFields } from './supergraph-repair.ts';

/**
 * How many plans may wait for the thread. The worst takes a twentieth to a tenth of a second: more could not be made within the
 * time of a request (docs/adr/0009-gateway-limits.md).
 */
export const MOST_WAITING_PLANS = 50;

const SOUND = { assumeValid: true, assumeValidSDL: true }; // the thread has looked at it

/**
 * Opens a planner in another thread. Here only schemas are built from text, one at a time, so that requests are
 * served in between. If the thread ends, a planner in this one takes its place.
 * @throws Error of the supergraph
 */
export async function openThreadedPlanner(
  threads: PlannersInThread,
  sdl: string,
  repairs: Repairs,
): Promise<Planner> {
  const threaded = await threads.open(sdl, repairs);
  const document = parse(sdl, { noLocation: true });
  await breathe();
  const kinds = new Kinds(buildASTSchema(document, SOUND));
  await breathe();
  const innerKey = innerKeys(argumentedFields(document), repairs);
  await breathe();
  const apiSchema = buildASTSchema(parse(threaded.apiSdl, { noLocation: true }), SOUND);
  await breathe();
  let waiting = 0;
  let substitute: Planning | undefined;
  const planHere: Planning['plan'] = (asked, operationName) => {
    substitute ??= openPlanning(sdl, repairs);
    return substitute.plan(asked, operationName);
  };
  return {
    innerKey,
    kinds,
    subgraphs: threaded.subgraphs,
    apiSchema: () => apiSchema,
    plan: (client, operationName, switches) => {
      if (waiting >= MOST_WAITING_PLANS) throw new PlanUnavailable('too many plans wait');
      const asked = plannerDocument(client, switches, innerKey);
      waiting += 1;
      return threaded
        .plan(print(asked), operationName)
        .finally(() => (waiting -= 1))
        .then((plan) => prepareSteps(plan ?? planHere(asked, operationName), kinds, repairs));
    },
    close: async () => threaded.close(),
  };
}

const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));
