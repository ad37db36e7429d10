import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { spawnEmbeddedMongo } from '@7pay/embedded-mongo';
import { documentsIn, readManifest, supergraphStore } from '@7pay/gateway';
import { connect } from '@7pay/mongo';
import { freshSecrets, prepareDatabase, serviceEnvironments } from '@7pay/platform';
import { eventually } from '@7pay/testing';
import type { JWK } from 'jose';
import { graphAt } from '../support/graph.ts';
import { type MovableAddress, movableAddress } from './movable-address.ts';
import { type Program, run } from './program.ts';

/** What came of it. */
export interface Replaced {
  readonly switches: number;
  readonly restarts: number;
  readonly right: number;
  readonly wrong: readonly string[];
  /** How long the gateway stood still at most, and at the 99th percentile, milliseconds. */
  readonly longestStallMs: number;
  readonly p99StallMs: number;
  /** How much of one such time its thread computed at most, milliseconds: the rest it waited for a core. */
  readonly computingMs: number;
  /** What the gateway said of supergraphs that it did not take. */
  readonly refusals: number;
}

const RESTARTED = ['merchant', 'operations'] as const;
const WORKERS = 4;
const PAUSE_MS = 8; // leaves some of the machine to those who are replaced
const ASKED =
  '{ stores(first: 2) { nodes { id } pageInfo { hasNextPage } } switch(key: "payment") { key state } __type(name: "Switch") { description } }';
const PROBE = pathToFileURL(path.resolve('test/processes/stall-probe.ts')).href;

const by = 'test';

/**
 * Replaces the supergraph of a gateway process, and one service process after the other, while clients ask. `out` is the
 * folder of the bundled programs. Everything that is started is ended.
 */
export async function replacedUnderLoad(options: {
  readonly out: string;
  readonly switches: number;
  readonly restarts: number;
}): Promise<Replaced> {
  const closing: (() => unknown)[] = [];
  try {
    return await replace(options, closing);
  } finally {
    for (const close of closing.toReversed()) await close();
  }
}

async function replace(
  { out, switches, restarts }: { out: string; switches: number; restarts: number },
  closing: (() => unknown)[],
): Promise<Replaced> {
  const folder = mkdtempSync(path.join(tmpdir(), '7pay-replaced-'));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  const engine = await spawnEmbeddedMongo({ dataDir: path.join(folder, 'mongo'), auth: false });
  closing.push(() => engine.stop());
  const connection = await connect(engine.uri);
  await prepareDatabase(connection);
  await connection.close();

  const environments = serviceEnvironments({
    mongodbUri: engine.uri,
    secrets: freshSecrets(),
    ports: { gateway: 0, identity: 1, sandbox: 1, subgraphs: 1 },
    root: process.cwd(),
    logLevel: 'info',
    rates: 'off',
  });
  const begin = async (name: string, env: Readonly<Record<string, string>> = {}) => {
    const program = run(path.join(out, `${name}.js`), {
      PATH: path.dirname(process.execPath),
      ...environments.get(name),
      PORT: '0',
      ...env,
    });
    closing.push(() => program.end('SIGKILL'));
    const [, port] = /"port":(\d+)/.exec(await program.says(/"port":\d+/)) ?? [];
    return { program, port: Number(port) };
  };
  const services = new Map<string, { address: MovableAddress; program: Program }>();
  for (const name of RESTARTED) {
    const address = await movableAddress();
    const { program, port } = await begin(name);
    address.moveTo(port);
    closing.push(() => address.close());
    services.set(name, { address, program });
  }
  const graphs = await publishTwo(path.join(folder, 'schema'));
  await graphs.point(0);
  const gateway = await begin('gateway', {
    SUBGRAPH_URLS: JSON.stringify(
      Object.fromEntries(
        [...services].map(([name, { address }]) => [name, `http://127.0.0.1:${address.port}`]),
      ),
    ),
    SCHEMA_STORE: path.join(folder, 'schema'),
    SCHEMA_PUBLIC_KEY: JSON.stringify(graphs.publicKey),
    NODE_OPTIONS: `--import=${PROBE}`,
  });

  const url = `http://127.0.0.1:${gateway.port}`;
  const graph = graphAt(url);
  const ask = async () => JSON.stringify(await graph.ask(ASKED).catch(String));
  const wrong: string[] = [];
  let right = 0;
  let isOver = false;
  const judge = (answer: string, expected: readonly string[]) => {
    if (expected.includes(answer)) right += 1;
    else wrong.push(answer);
  };
  const load = Array.from({ length: WORKERS }, async () => {
    while (!isOver) {
      judge(await ask(), [answerOf(0), answerOf(1)]);
      await wait(PAUSE_MS);
    }
  });
  const switching = async () => {
    for (let index = 1; index <= switches; index += 1) {
      await graphs.point(index % 2);
      await eventually(async () => {
        const { supergraph } = (await (await fetch(`${url}/health`)).json()) as {
          supergraph: string;
        };
        return graphs.digest(index % 2).startsWith(supergraph);
      }, 60_000);
      judge(await ask(), [answerOf(index % 2)]);
    }
  };
  // A new instance first; then the address moves; then the old one is told to end, and has to in good order.
  const restarting = async () => {
    for (let index = 0; index < restarts; index += 1) {
      const name = RESTARTED[index % RESTARTED.length] ?? '';
      const service = services.get(name);
      const next = await begin(name);
      service?.address.moveTo(next.port);
      const code = await service?.program.end('SIGTERM');
      if (code !== 0) wrong.push(`${name} ended with ${code}`);
      if (service) services.set(name, { ...service, program: next.program });
    }
  };
  process.kill(gateway.program.pid, 'SIGUSR2'); // what stood still at start is not counted
  await gateway.program.says(/probe\.stall/);
  await Promise.all([switching(), restarting()]);
  isOver = true;
  await Promise.all(load);
  process.kill(gateway.program.pid, 'SIGUSR2');
  const said = await gateway.program.says(/probe\.stall[^]*probe\.stall/);
  const [, longest, p99, computing] =
    /.*"longestMs":(\d+),"p99Ms":(\d+),"computingMs":(\d+)/s.exec(said) ?? [];
  return {
    switches,
    restarts,
    right,
    wrong,
    longestStallMs: Number(longest),
    p99StallMs: Number(p99),
    computingMs: Number(computing),
    refusals: said.split('supergraph.refused').length - 1,
  };
}

const descriptionOf = (version: number) => `A switch of version ${version}.`;
const answerOf = (version: number) =>
  JSON.stringify({
    status: 200,
    data: {
      stores: { nodes: [], pageInfo: { hasNextPage: false } },
      switch: { key: 'payment', state: 'OPEN' },
      __type: { description: descriptionOf(version) },
    },
  });

/** Two supergraphs of ours in a store, which can be told apart by a description. */
async function publishTwo(folder: string) {
  const store = supergraphStore(folder);
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const key = privateKey.export({ format: 'jwk' }) as JWK;
  const supergraph = readFileSync('gateway/supergraph.graphql', 'utf8');
  const documents = documentsIn(readManifest(readFileSync('gateway/operations.json', 'utf8')));
  const digests: string[] = [];
  for (const version of [0, 1]) {
    const sdl = supergraph.replace(
      /"""[^"]*"""\n(?=type Switch\b)/,
      `"""${descriptionOf(version)}"""\n`,
    );
    const parent = digests.at(-1) ?? null;
    const { digest } = await store.publish({ sdl, documents, by, at: new Date(), parent, key });
    digests.push(digest);
  }
  const digest = (version: number) => digests[version] ?? '';
  return {
    publicKey: publicKey.export({ format: 'jwk' }),
    digest,
    point: async (version: number) =>
      store.point({ digest: digest(version), seen: await store.pointer(), by, at: new Date() }),
  };
}
