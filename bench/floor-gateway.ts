import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { Pool } from 'undici';

/** One call of a subgraph, ready to be sent. */
export interface FloorCall {
  readonly url: string;
  readonly token: string;
  readonly body: string;
}

/** What the bench hands over, in the environment variable BENCH: for each query its calls, wave by wave. */
interface Setting {
  readonly port: number;
  readonly waves: Readonly<Record<string, readonly (readonly FloorCall[])[]>>;
}

// The floor: the calls that a plan makes, by code that knows nothing of GraphQL. No gateway of node can cost less.
const { port, waves } = JSON.parse(process.env['BENCH'] ?? '{}') as Setting;
const pools = new Map<string, Pool>();

async function send({ url, token, body }: FloorCall): Promise<unknown> {
  const pool = pools.get(url) ?? new Pool(url, { connections: 32, pipelining: 1 });
  pools.set(url, pool);
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const answer = await pool.request({ method: 'POST', path: '/graphql', headers, body });
  return JSON.parse(await answer.body.text());
}

createServer(async (request, response) => {
  const { query } = JSON.parse(await text(request)) as { query: string };
  const answers: unknown[] = [];
  for (const wave of waves[query] ?? []) answers.push(...(await Promise.all(wave.map(send))));
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answers));
}).listen(port, '127.0.0.1');
