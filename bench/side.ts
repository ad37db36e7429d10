import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { load } from './load.ts';
import { type Figure, quantile, told } from './report.ts';

const ROUNDS = 3;
const ROUND_MS = 1_500;
const IN_FLIGHT = 32;

/** One set-up under measurement. */
export interface Side {
  readonly name: string;
  readonly url: string;
  /** Of whoever asks, one after another: with rates on, one caller alone would soon be refused. */
  readonly tokens: readonly string[];
  readonly pid: number;
}

/** What a side did with one query. */
export interface Measured {
  readonly side: Side;
  requests: number;
  seconds: number;
  cpuMs: number;
  readonly latencies: number[];
}

/** A query, and a piece of text that every right answer to it has. */
export interface Asked {
  readonly query: string;
  readonly right: string;
}

/** Asks a side until it answers rightly, and gives the answer. */
export async function firstAnswer(
  { name, url, tokens }: Side,
  { query, right }: Asked,
): Promise<string> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${tokens[0]}` };
  let last = '';
  for (let attempt = 0; attempt < 150; attempt += 1) {
    const body = JSON.stringify({ query });
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body }).catch(
      () => undefined,
    );
    last = response ? await response.text() : 'nobody listens';
    if (response?.ok && last.includes(right)) return last;
    await wait(100);
  }
  throw new Error(`${name} does not answer: ${last}`);
}

/** Asks one query of all sides, round by round in turn, each round in the opposite order. */
export async function measure(sides: readonly Side[], asked: Asked): Promise<readonly Measured[]> {
  const all = sides.map((side) => ({ side, requests: 0, seconds: 0, cpuMs: 0, latencies: [] }));
  for (let round = 0; round <= ROUNDS; round += 1) {
    // The first round warms up.
    for (const each of round % 2 === 0 ? all : all.toReversed()) await run(each, asked, round > 0);
  }
  return all;
}

async function run(measured: Measured, { query, right }: Asked, counts: boolean): Promise<void> {
  const { url, tokens, pid } = measured.side;
  let turn = 0;
  const before = cpuMsOf(pid);
  const { latencies, seconds, wrong } = await load(url, {
    inFlight: IN_FLIGHT,
    next: () => ({ token: tokens[turn++ % tokens.length] ?? '', query, variables: {} }),
    isRight: (answer) => answer.includes(right),
    milliseconds: ROUND_MS,
  });
  if (wrong.length > 0) throw new Error(`a wrong answer of ${measured.side.name}: ${wrong[0]}`);
  if (!counts) return;
  measured.requests += latencies.length;
  measured.seconds += seconds;
  measured.cpuMs += cpuMsOf(pid) - before;
  measured.latencies.push(...latencies);
}

/** Requests in a second. */
export const rateOf = ({ requests, seconds }: Measured): number => requests / seconds;

/** Processor time of the side's own process for one request, microseconds. */
export const cpuOf = ({ cpuMs, requests }: Measured): number => (cpuMs * 1_000) / requests;

export const figuresOf = (what: string, all: readonly Measured[]): readonly Figure[] =>
  all.flatMap((each) => [
    told(`${what}: ${each.side.name}: requests per second`, rateOf(each), '1/s'),
    told(`${what}: ${each.side.name}: processor time`, cpuOf(each), 'µs/request'),
    told(`${what}: ${each.side.name}: answer, p99`, quantile(each.latencies, 0.99), 'ms'),
  ]);

/** Processor time of a process so far; NaN where the system has no /proc. Milliseconds. */
export function cpuMsOf(pid: number): number {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return Number.NaN;
  const fields = readFileSync(file, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const TICK_MS = 10; // USER_HZ is 100 on every Linux that node runs on
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
