import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { serviceEnvironments } from '@7pay/platform';
import { hostileRequests } from './hostile-requests.ts';
import { type Bench, startGateway } from './http-sides.ts';
import { program } from './program.ts';
import { atMost, type Figure, quantile, told } from './report.ts';
import { cpuMsOf } from './side.ts';
import { worstQueries } from './worst-queries.ts';

const TIMES = 10;
const WARM_UP = 3;

/**
 * What the worst costs that can be sent: processor time of the gateway for the largest queries that are answered, each time in a
 * text that was never seen; and the time until what is too large is refused. The subgraphs have whatever is asked of them.
 */
export async function benchGatewayLimits(bench: Bench): Promise<Figure[]> {
  const { closing, base, secrets, mongodbUri } = bench;
  const port = base + 70;
  const madeUp = `http://127.0.0.1:${base + 71}`;
  program('made-up-subgraphs', { port: base + 71 }, closing);
  const ports = { gateway: port, identity: base + 1, sandbox: base + 2, subgraphs: base + 10 };
  const gateway = serviceEnvironments({
    mongodbUri,
    secrets,
    ports,
    root: process.cwd(),
    logLevel: 'silent',
    rates: 'off',
  }).get('gateway');
  const names = Object.keys(JSON.parse(gateway?.['SUBGRAPH_URLS'] ?? '{}') as object);
  const urls = JSON.stringify(Object.fromEntries(names.map((name) => [name, madeUp])));
  // Any document may be sent, as terminals may in production.
  const pid = await startGateway({ ...gateway, SUBGRAPH_URLS: urls }, closing);
  const refused = await illegal(port);
  return [...(await legal(port, pid)), ...refused];
}

async function legal(port: number, pid: number): Promise<Figure[]> {
  const measured: { what: string; cold: number; again: number }[] = [];
  for (const { what, query, cost } of worstQueries(supergraph())) {
    let serial = 0;
    const ask = async (text: string) => {
      const { answer } = await exchange(port, JSON.stringify({ query: text }));
      if (!answer.includes('{"data":{'))
        throw new Error(`${what} is not answered: ${answer.slice(0, 500)}`);
    };
    const cold = await cpuOfEach(pid, () => ask(`${query} # ${(serial += 1)}`));
    const again = await cpuOfEach(pid, () => ask(`${query} # 1`));
    measured.push({ what: `${what}, cost ${cost}`, cold, again });
  }
  measured.sort((a, b) => b.cold - a.cold);
  const [worst] = measured;
  const again = measured.toSorted((a, b) => b.again - a.again)[0];
  return [
    atMost(`worst legal query: never seen before: ${worst?.what}`, worst?.cold ?? NaN, 'ms', 50),
    atMost(`worst legal query: asked again: ${again?.what}`, again?.again ?? NaN, 'ms', 50),
    ...measured
      .slice(1, 5)
      .map(({ what, cold }) => told(`legal, never seen before: ${what}`, cold, 'ms')),
  ];
}

/** Processor time of a process for one run of many, milliseconds. */
async function cpuOfEach(pid: number, run: () => Promise<void>): Promise<number> {
  for (let time = 0; time < WARM_UP; time += 1) await run();
  const before = cpuMsOf(pid);
  for (let time = 0; time < TIMES; time += 1) await run();
  return (cpuMsOf(pid) - before) / TIMES;
}

async function illegal(port: number): Promise<Figure[]> {
  const byCost = worstQueries(supergraph()).toSorted((a, b) => b.cost - a.cost);
  const heaviest = byCost.find(({ query }) => query.includes('first: '));
  if (!heaviest) throw new Error('no query has a page');
  const figures: Figure[] = [];
  for (const { what, body, refusal } of hostileRequests(heaviest)) {
    const waited: number[] = [];
    for (let serial = 0; serial < WARM_UP + TIMES; serial += 1) {
      const { answer, milliseconds } = await exchange(port, body(serial));
      // Whoever is still sending megabytes may be cut off before the answer is read.
      if (answer !== '' && !answer.includes(refusal))
        throw new Error(`${what} is not refused: ${answer.slice(0, 500)}`);
      if (serial >= WARM_UP) waited.push(milliseconds);
    }
    figures.push(atMost(`refused: ${what}`, quantile(waited, 0.5), 'ms', 2));
  }
  return figures;
}

const supergraph = (): string => readFileSync('gateway/supergraph.graphql', 'utf8');

/** Sends a body on a connection of its own that is open already, and waits for the whole answer. */
async function exchange(
  port: number,
  body: string,
): Promise<{ answer: string; milliseconds: number }> {
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  const head = `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n`;
  const message = Buffer.from(head + body);
  const start = performance.now();
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let first = NaN;
    const done = () => {
      const milliseconds = (Number.isNaN(first) ? performance.now() : first) - start;
      resolve({ answer: Buffer.concat(chunks).toString(), milliseconds });
    };
    socket.on('data', (chunk: Buffer) => {
      if (chunks.push(chunk) === 1) first = performance.now();
    });
    // Whoever refuses a body early does not wait for the rest of it.
    socket.once('error', done).once('close', done);
    socket.write(message);
  });
}
