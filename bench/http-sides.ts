import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { digestOf } from '@7pay/gateway';
import { type MemberViewer, mintInternalToken } from '@7pay/graphql';
import {
  partyDoorUrl,
  type Secrets,
  serviceEnvironments,
  startProcesses,
  startSandbox,
} from '@7pay/platform';
import { tokenMint } from '@7pay/testing';
import { systemClock } from '@7pay/time';

import type { FloorCall } from './floor-gateway.ts';
import { wavesOf } from './plan-waves.ts';
import { type Closing, program } from './program.ts';
import { type Asked, firstAnswer, type Side } from './side.ts';

/** What all parts of the bench of the gateway have in common. */
export interface Bench {
  readonly secrets: Secrets;
  readonly mongodbUri: string;
  readonly viewer: MemberViewer;
  readonly dataDir: string;
  readonly closing: Closing;
  /** The first of a hundred ports. */
  readonly base: number;
}

/** The gateways that are compared, each a process of its own before the same subgraphs, which answer from memory. */
export interface HttpSides {
  readonly plain: Side;
  readonly stock: Side;
  readonly full: Side;
  readonly bare: Side;
  readonly floor: Side;
  /** Where it is installed. */
  readonly hive: Side | undefined;
}

const HIVE = 'bench/hive/hive-gateway.mjs';
/** So many members that nobody meets a limit of rates. */
const CALLERS = 40;

/** Starts them all and holds their answers against each other. */
export async function httpSides(bench: Bench, queries: readonly Asked[]): Promise<HttpSides> {
  const { secrets, viewer, closing, base } = bench;
  const key = secrets.internalKey;
  const { urls, gateway } = await startSubgraphs(bench);
  const operations = path.join(bench.dataDir, 'operations.json');
  const texts = queries.map(({ query }) => [digestOf(query), query] as const);
  writeFileSync(operations, JSON.stringify({ 'seven-eleven-app': Object.fromEntries(texts) }));
  const ours = { ...gateway, SUBGRAPH_URLS: JSON.stringify(urls), OPERATIONS: operations };
  // Everything on: production, registered documents, tokens, limits, cost, and rates.
  const full = await startGateway({ ...ours, NODE_ENV: 'production', PORT: String(base) }, closing);
  const stock = await startGateway(
    { ...ours, GATEWAY_EXECUTOR: 'stock', GATEWAY_RATES: 'off', PORT: String(base + 31) },
    closing,
  );
  const plain = program('stock-gateway', { port: base + 30, urls, key, viewer }, closing);
  const bare = program('bare-gateway', { port: base + 33, urls, key, viewer }, closing);
  const mint = tokenMint({
    issuer: `http://localhost:${base + 1}`,
    audience: `http://localhost:${base}/graphql`,
    key: secrets.signingKey,
  });
  const members = [viewer.memberId, ...Array.from({ length: CALLERS }, (_, n) => `mem_bench${n}`)];
  const tokens = await Promise.all(members.map((id) => mint.member(id)));
  const side = (name: string, port: number, pid = 0): Side => {
    return { name, tokens, pid, url: `http://localhost:${port}` };
  };
  const started = {
    plain: side('plain @apollo/gateway', base + 30, plain.pid),
    stock: side('its executor, our front and reach', base + 31, stock),
    full: side('ours, everything on', base, full),
    bare: side('ours, bare', base + 33, bare.pid),
    hive: isHiveInstalled()
      ? side('Hive Gateway', base + 34, await startHive(bench, urls))
      : undefined,
  };
  const waves: Record<string, readonly (readonly FloorCall[])[]> = {};
  for (const asked of queries) {
    await sameAnswer(
      Object.values(started).flatMap((each) => each ?? []),
      asked,
    );
    waves[asked.query] = await wavesOf(asked.query, { urls, key, viewer });
  }
  const floorPort = base + 32;
  const { pid } = program('floor-gateway', { port: floorPort, waves }, closing);
  const floor = side('the floor', floorPort, pid);
  for (const asked of queries) await firstAnswer(floor, asked);
  return { ...started, floor };
}

/** Whether Hive Gateway is there to be compared with: it is a guest, and no dependency of ours. */
export const isHiveInstalled = (): boolean =>
  existsSync('bench/hive/node_modules/@graphql-hive/gateway-runtime');

async function startHive(
  { secrets, viewer, base, closing }: Bench,
  urls: Readonly<Record<string, string>>,
): Promise<number | undefined> {
  const mint = async (subgraph: string) => {
    const token = await mintInternalToken(secrets.internalKey, {
      viewer,
      subgraph,
      now: new Date(),
    });
    return [subgraph, token] as const;
  };
  const tokens = Object.fromEntries(await Promise.all(Object.keys(urls).map(mint)));
  // It looks for a cloud around it otherwise.
  const environment = { METADATA_SERVER_DETECTION: 'none' };
  return program(HIVE, { port: base + 34, urls, tokens }, closing, environment).pid;
}

/** The services but the gateway, and before them replayers of what they have answered once. */
async function startSubgraphs({ secrets, mongodbUri, closing, base }: Bench) {
  const ports = { gateway: base, identity: base + 1, sandbox: base + 2, subgraphs: base + 10 };
  const issuer = `http://localhost:${ports.identity}`;
  const sandbox = await startSandbox({
    port: ports.sandbox,
    issuer,
    secrets,
    clock: systemClock,
    partyDoor: partyDoorUrl(ports),
  });
  closing.push(() => sandbox.stop());
  const environments = new Map(
    serviceEnvironments({ mongodbUri, secrets, ports, root: process.cwd(), logLevel: 'error' }),
  );
  const gateway = environments.get('gateway') ?? {};
  environments.delete('gateway');
  const processes = await startProcesses(environments, path.resolve('out'));
  closing.push(() => processes.stop());
  const real = JSON.parse(gateway['SUBGRAPH_URLS'] ?? '{}') as Record<string, string>;
  const replayed = Object.entries(real).map(([name, url], index) => {
    return { name, url, port: base + 20 + index };
  });
  const behind = Object.fromEntries(replayed.map(({ port, url }) => [port, url]));
  program('replay-subgraphs', behind, closing);
  const urls = Object.fromEntries(
    replayed.map(({ name, port }) => [name, `http://127.0.0.1:${port}`]),
  );
  return { urls, gateway };
}

/** Starts the gateway process and gives its pid. */
export async function startGateway(
  environment: Readonly<Record<string, string>>,
  closing: Closing,
): Promise<number> {
  const started = await startProcesses(new Map([['gateway', environment]]), path.resolve('out'));
  closing.push(() => started.stop());
  return started.pids.get('gateway') ?? 0;
}

/** Waits until each side answers, and holds their answers against each other. */
export async function sameAnswer(sides: readonly Side[], asked: Asked): Promise<void> {
  const texts: string[] = [];
  for (const side of sides) texts.push((await firstAnswer(side, asked)).trim());
  if (new Set(texts).size > 1) throw new Error(`the answers differ:\n${texts.join('\n')}`);
}
