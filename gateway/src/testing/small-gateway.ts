import { anonymousViewer } from './viewers.ts';
import { silentLog } from '@7pay/telemetry';
import { compose } from '../executor/testing/test-graph.ts';
import { type GatewayDeps, openGateway } from '../gateway.ts';
import type { SubgraphCall } from '../reach/reach.ts';
import { serve } from './raw-request.ts';

process.env['APOLLO_TELEMETRY_DISABLED'] = '1';

const SMALL = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@listSize"])
  type Query { hello(name: String = "you", times: Int): String, me: Person, people(first: Int = 20, after: String): PersonConnection! @listSize(slicingArguments: ["first"], sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false) }
  type Mutation { rename(id: ID!, name: String!): String }
  type Person @key(fields: "id") { id: ID!, name: String, friends(first: Int = 20): PersonConnection! @listSize(slicingArguments: ["first"], sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false) }
  type PersonConnection { nodes: [Person!]!, edges: [PersonEdge!]!, pageInfo: PageInfo! }
  type PersonEdge { node: Person!, cursor: String! }
  type PageInfo { hasNextPage: Boolean! }
`;

/** A gateway over one subgraph that answers `hello`, on a free port, and every call that it made. */
export async function smallGateway(deps: Partial<GatewayDeps> = {}) {
  const calls: SubgraphCall[] = [];
  const gateway = await openGateway({
    supergraph: compose({ small: SMALL }),
    reach: {
      call: async (call) => {
        calls.push(call);
        return { data: { hello: 'hello', rename: 'renamed', me: null } };
      },
      close: async () => {},
    },
    readViewer: async () => anonymousViewer(),
    allowedOrigins: ['https://app.example'],
    production: false,
    log: silentLog,
    ...deps,
  });
  const served = await serve(gateway.handler);
  return {
    calls,
    port: served.port,
    stop: async () => {
      await served.stop();
      await gateway.stop();
    },
  };
}
