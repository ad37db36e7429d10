import { createServer, type Server } from 'node:http';
import {
  closeServer,
  type InternalKey,
  listen,
  mintInternalToken,
  serveSubgraph,
} from '@7pay/graphql';
import type { Platform } from '@7pay/platform';
import { silentLog } from '@7pay/telemetry';
import { type Answer, outcomeOf } from './ask.ts';
import { firstEvent, isSubscription } from './first-event.ts';
import type { Caller } from './callers.ts';
import type { Cell, Step } from './expectation.ts';
import { KEYS, ROOT_CALLS, theMembers } from './roots.ts';
import type { Graph } from './ways.ts';
import type { World } from './world.ts';

/** The subgraphs behind HTTP, as in processes of their own. */
export interface Doors {
  post(subgraph: string, body: object, token?: string): Promise<{ status: number; answer: Answer }>;
  stop(): Promise<unknown>;
}

export async function openDoors(platform: Platform, key: InternalKey): Promise<Doors> {
  const { kty, crv, x } = key;
  const publicKey = { kty, crv, x } as InternalKey;
  const servers: Server[] = [];
  const urls = new Map<string, string>();
  for (const subgraph of platform.subgraphs) {
    const options = { key: publicKey, clock: platform.clock, log: silentLog };
    const server = createServer(serveSubgraph(subgraph, options));
    urls.set(subgraph.name, `http://127.0.0.1:${await listen(server, 0)}/graphql`);
    servers.push(server);
  }
  return {
    post: async (subgraph, body, token) => {
      const asked = body as { query: string };
      if (isSubscription(asked.query)) return firstEvent(urls.get(subgraph)!, asked, token);
      const response = await fetch(urls.get(subgraph)!, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(body),
      });
      return { status: response.status, answer: (await response.json()) as Answer };
    },
    stop: () => Promise.all(servers.map(closeServer)),
  };
}

/** One question to a subgraph: a query, a mutation, or a field of an entity by its key. */
export interface Question {
  readonly step: Step;
  readonly names: readonly string[];
  readonly body: (change?: Readonly<Record<string, unknown>>) => object;
  readonly isEntity: boolean;
}

/** Every query, mutation and field of an entity that a subgraph answers. */
export function questionsTo(graph: Graph, world: World, entities: readonly Step[]): Question[] {
  const roots = graph.roots.map((step): Question => {
    const { args } = ROOT_CALLS[`${step.type}.${step.field}`]!;
    const query = graph.document([{ steps: [step] }], args(world));
    return { step, names: [step.field], body: () => ({ query }), isEntity: false };
  });
  const fields = entities.map((step): Question => {
    const query = `query($all: [_Any!]!) { _entities(representations: $all) { ... on ${step.type} { ${graph.leafOf(step)} } } }`;
    const key = KEYS[step.type]!(world);
    const body = (change = {}) => ({
      query,
      variables: { all: [{ __typename: step.type, ...key, ...change }] },
    });
    return { step, names: ['_entities', step.field], body, isEntity: true };
  });
  return [...roots, ...fields];
}

/** Every question to every subgraph for one caller, as the gateway would ask for them. */
export async function atTheSubgraphs(
  { doors, key, now }: { doors: Doors; key: InternalKey; now: Date },
  world: World,
  { caller, questions }: { caller: Caller; questions: readonly Question[] },
): Promise<Cell[]> {
  const cells: Cell[] = [];
  for (const { step, names, body, isEntity } of questions) {
    const { viewer } = caller;
    const { subgraph, type, field } = step;
    const token = await mintInternalToken(key, { viewer, subgraph, now });
    const { answer } = await doors.post(subgraph, body(), token);
    const call = isEntity ? undefined : ROOT_CALLS[`${type}.${field}`];
    const thing = isEntity ? theMembers(world) : (call?.thing ?? (() => caller.own))(world, caller);
    const outcome = outcomeOf(answer, names);
    const isShared = isEntity || call?.isOfAll === true;
    cells.push({ door: 'subgraph', caller, way: { steps: [step] }, thing, isShared, outcome });
  }
  return cells;
}
