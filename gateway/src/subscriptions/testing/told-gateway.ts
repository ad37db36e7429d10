import type { SubscriptionItem } from '@7pay/graphql';
import { silentLog } from '@7pay/telemetry';
import { openEvents } from '@7pay/testing';
import { compose } from '../../executor/testing/test-graph.ts';
import { type GatewayDeps, openGateway } from '../../gateway.ts';
import { SubgraphUnavailable, type SubscriptionCall } from '../../reach/reach.ts';
import { serve } from '../../testing/raw-request.ts';
import { anonymousViewer } from '../../testing/viewers.ts';
import { SUBSCRIPTION_LIMITS, type SubscriptionLimits } from '../subscription-limits.ts';

process.env['APOLLO_TELEMETRY_DISABLED'] = '1';

const TELLER = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query { hello: String }
  type Subscription { personChanged(id: ID!): Person }
  type Person @key(fields: "id") { id: ID!, name: String }
`;
const AGES = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query { oldest: Person }
  type Person @key(fields: "id") { id: ID!, age: Int }
`;

const AGES_AND_NOTES = AGES.replace('age: Int', 'age: Int, note: String');

/** The line of one subscription to its subgraph, in the hands of a test. */
export interface Line {
  readonly call: SubscriptionCall;
  tell(name: string, cursor: string): void;
  say(item: SubscriptionItem): void;
  end(): void;
  break(): void;
  readonly isOpen: boolean;
}

/** A gateway over two subgraphs: one tells of people, the other knows their ages. */
export async function toldGateway(
  limits: Partial<SubscriptionLimits> = {},
  deps: Partial<GatewayDeps> = {},
) {
  const lines: Line[] = [];
  const ages = { asked: 0, age: 30 };
  let isAway = false;
  let serveNext = async (_sdl: string): Promise<void> => {};
  const gateway = await openGateway({
    supergraph: compose({ teller: TELLER, ages: AGES }),
    follow: (take) => {
      serveNext = (sdl) => take({ sdl, documents: [] });
      return { stop: async () => {} };
    },
    reach: {
      call: async ({ subgraph, request }) => {
        if (subgraph === 'teller') return { data: { hello: 'hello' } };
        ages.asked += 1;
        const all = (request.variables?.['representations'] ?? []) as object[];
        return { data: { _entities: all.map(() => ({ age: ages.age })) } };
      },
      subscribe: (call) => {
        if (isAway) throw new SubgraphUnavailable('away');
        const line = lineOf(call);
        lines.push(line);
        return line.items;
      },
      close: async () => {},
    },
    readViewer: async () => anonymousViewer(),
    allowedOrigins: ['https://app.example'],
    production: false,
    log: silentLog,
    subscriptionLimits: { ...SUBSCRIPTION_LIMITS, lookMs: 5, ...limits },
    ...deps,
  });
  const answers = { closed: 0 };
  const served = await serve((request, response) => {
    response.once('close', () => (answers.closed += 1));
    gateway.handler(request, response);
  });
  return {
    gateway,
    lines,
    ages,
    /** How many answers have ended, or lost their client. */
    answers,
    url: `${served.url}/graphql`,
    /** Lets a supergraph serve in which people have notes as well. */
    serveNext: () => serveNext(compose({ teller: TELLER, ages: AGES_AND_NOTES })),
    /** The subgraph cannot be reached, or can be again. */
    away: (away: 'away' | 'back') => void (isAway = away === 'away'),
    open: (options: Parameters<typeof openEvents>[2] = {}, query = PERSON) =>
      openEvents<{ person: { name: string; age: number | null } | null; hello?: string }>(
        `${served.url}/graphql`,
        { query, variables: { id: '1' } },
        options,
      ),
    stop: async () => {
      await served.stop();
      await gateway.stop();
    },
  };
}

export const PERSON = 'subscription P($id: ID!) { person: personChanged(id: $id) { name age } }';
const ROW = { __typename: 'Person', id: '1' };

function lineOf(call: SubscriptionCall): Line & { items: AsyncGenerator<SubscriptionItem, void> } {
  const waiting: (SubscriptionItem | 'end' | 'break')[] = [];
  let wake = () => {};
  let isOpen = true;
  const put = (what: SubscriptionItem | 'end' | 'break') => {
    waiting.push(what);
    wake();
  };
  call.signal.addEventListener('abort', () => put('end'));
  async function* items(): AsyncGenerator<SubscriptionItem, void> {
    try {
      for (;;) {
        const item = waiting.shift();
        if (item === 'end') return;
        if (item === 'break') throw new SubgraphUnavailable('the line broke');
        if (item) yield item;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      isOpen = false;
    }
  }
  return {
    call,
    items: items(),
    say: put,
    tell: (name, cursor) => put({ result: { data: { own__person: { ...ROW, name } } }, cursor }),
    end: () => put('end'),
    break: () => put('break'),
    get isOpen() {
      return isOpen;
    },
  };
}
