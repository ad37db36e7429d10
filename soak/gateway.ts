import path from 'node:path';
import { soakGateway as compareExecutors } from '../gateway/src/executor/testing/soak.ts';
import { askDistinctOperations } from '../gateway/src/testing/distinct-operations.ts';
import { interleaveMembers } from '../gateway/src/testing/interleaved-members.ts';
import { replacedUnderLoad } from '../test/processes/replaced-under-load.ts';
import type { SoakOptions, SoakResult } from './main.ts';

const CONNECTIONS = 64;
const KEPT = 2_200; // a little more than the gateway keeps of operations and documents
const ROUNDS_A_SWITCH = 1_000;
const ROUNDS_A_RESTART = 10_000;
const HEAP_GROWTH_MOST = 0.05;
const STALL_AIM_MS = 50;

const parts = { members, distinct, replacements, fuzz };
/** Each may be run alone: `npm run soak -- gateway --part distinct`. */
export const GATEWAY_PARTS = Object.keys(parts);

/** Crossed answers, memory, replacements and random operations, all at full length: a round is one request of each. */
export async function soakGateway(options: SoakOptions): Promise<SoakResult> {
  const findings: string[] = [];
  for (const [name, part] of Object.entries(parts))
    if (options.part === undefined || options.part === name)
      findings.push(...(await part(options)));
  return { cases: options.rounds, findings };
}

async function members({ rounds, say }: SoakOptions): Promise<string[]> {
  const done = await interleaveMembers({ answers: rounds, connections: CONNECTIONS });
  const { answers, crossed, failed } = done;
  say(
    `members: two, ${CONNECTIONS} connections, ${answers} answers, ${crossed.length} crossed, ${failed.length} failed`,
  );
  return [
    ...crossed.slice(0, 3).map((answer) => `crossed: ${answer}`),
    ...failed.slice(0, 3).map((answer) => `failed: ${answer}`),
  ];
}

async function distinct({ rounds, say }: SoakOptions): Promise<string[]> {
  const { wrong, heap } = await askDistinctOperations({ before: KEPT, operations: rounds });
  const [first = 1] = heap;
  const growth = (heap.at(-1) ?? first) / first - 1;
  const megabytes = heap.map((bytes) => (bytes / 1e6).toFixed(1)).join(' ');
  say(
    `distinct operations: ${rounds}, ${wrong.length} wrong; heap after each tenth ${megabytes} MB`,
  );
  say(`distinct operations: last tenth against the first ${(growth * 100).toFixed(1)} %`);
  return [
    ...wrong.slice(0, 3).map((answer) => `wrong: ${answer}`),
    ...(Math.abs(growth) > HEAP_GROWTH_MOST ? ['the heap grows with distinct operations'] : []),
  ];
}

async function replacements({ rounds, say }: SoakOptions): Promise<string[]> {
  const done = await replacedUnderLoad({
    out: path.dirname(path.resolve(process.argv[1] ?? '')),
    switches: Math.ceil(rounds / ROUNDS_A_SWITCH),
    restarts: Math.ceil(rounds / ROUNDS_A_RESTART),
  });
  say(
    `replaced under load: ${done.switches} supergraphs, ${done.restarts} services; ${done.right} answers right, ${done.wrong.length} wrong, ${done.refusals} refused`,
  );
  say(
    `replaced under load: longest stall ${done.longestStallMs} ms (aim ${STALL_AIM_MS}), of which the thread computed ${done.computingMs} ms at most; p99 ${done.p99StallMs} ms`,
  );
  const refused = done.refusals > 0 ? [`${done.refusals} supergraphs were refused`] : [];
  return [...done.wrong.slice(0, 3).map((answer) => `wrong: ${answer}`), ...refused];
}

async function fuzz({ rounds, seed, say }: SoakOptions): Promise<string[]> {
  const { cases, wrong } = await compareExecutors({ cases: rounds, seed });
  say(`random operations: ${cases}, answered otherwise than by graphql-js: ${wrong}`);
  return wrong === 0 ? [] : [`${wrong} operations were answered otherwise`];
}
