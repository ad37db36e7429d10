import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnEmbeddedMongo } from '@7pay/embedded-mongo';
import type { MemberViewer } from '@7pay/graphql';
import {
  freshSecrets,
  type Secrets,
  serviceEnvironments,
  startProcesses,
  startSandbox,
} from '@7pay/platform';
import { tokenMint } from '@7pay/testing';
import { systemClock } from '@7pay/time';
import type { FloorCall } from './floor-gateway.ts';
import { memberWithPayments } from './member-with-payments.ts';
import { wavesOf } from './plan-waves.ts';
import { atLeast, type Figure } from './report.ts';
import {
  type Asked,
  cpuOf,
  figuresOf,
  firstAnswer,
  measure,
  type Measured,
  rateOf,
  type Side,
} from './side.ts';

const PAYMENTS = 10;
/** Three subgraphs, four calls in two waves. */
const THREE: Asked = {
  query: `{ wallet { balance payments(first: ${PAYMENTS}) { nodes { id amount pointsEarned store { name } merchant { name } } } } }`,
  right: 'pointsEarned":2',
};
/** One subgraph, one call. */
const ONE: Asked = {
  query: `{ wallet { balance payments(first: ${PAYMENTS}) { nodes { id amount } } } }`,
  right: 'amount":400',
};

/**
 * Our executor beside that of `@apollo/gateway`, each gateway a process of its own before subgraphs that answer from
 * memory, round by round in one run: on its standalone server with its own HTTP client, and on our front and reach.
 * The floor is the same calls by bare code. Then both in one process with all subgraphs and the database.
 */
export async function benchGateway(): Promise<Figure[]> {
  const dataDir = mkdtempSync(path.join(tmpdir(), '7pay-bench-'));
  const engine = await spawnEmbeddedMongo({ dataDir });
  const secrets = freshSecrets();
  const closing: (() => unknown)[] = [
    () => rmSync(dataDir, { recursive: true, force: true }),
    () => engine.stop(),
  ];
  try {
    // Below the ports that the system gives to outgoing connections.
    const base = 21_000 + Math.floor(Math.random() * 8_000);
    const bench = { secrets, mongodbUri: engine.uri, closing, base };
    const viewer = await memberWithPayments(engine.uri, secrets, PAYMENTS);
    return [
      ...(await overHttp({ ...bench, viewer })),
      ...(await inOneProcess({ ...bench, viewer })),
    ];
  } finally {
    for (const close of closing.toReversed()) await close();
  }
}

interface Bench {
  readonly secrets: Secrets;
  readonly mongodbUri: string;
  readonly viewer: MemberViewer;
  readonly closing: (() => unknown)[];
  readonly base: number;
}

async function overHttp({ secrets, mongodbUri, viewer, closing, base }: Bench): Promise<Figure[]> {
  const ports = { gateway: base, identity: base + 1, sandbox: base + 2, subgraphs: base + 10 };
  const issuer = `http://localhost:${ports.identity}`;
  const sandbox = await startSandbox({ port: ports.sandbox, issuer, secrets, clock: systemClock });
  closing.push(() => sandbox.stop());
  const environments = new Map(
    serviceEnvironments({
      mongodbUri,
      secrets,
      ports,
      root: process.cwd(),
      logLevel: 'error',
      rates: 'off',
    }),
  );
  const ours = environments.get('gateway') ?? {};
  const real = JSON.parse(ours['SUBGRAPH_URLS'] ?? '{}') as Record<string, string>;
  const replayed = Object.entries(real).map(([name, url], index) => ({
    name,
    url,
    port: base + 20 + index,
  }));
  const urls = Object.fromEntries(
    replayed.map(({ name, port }) => [name, `http://127.0.0.1:${port}`]),
  );
  environments.set('gateway', { ...ours, SUBGRAPH_URLS: JSON.stringify(urls) });
  const processes = await startProcesses(environments, path.resolve('out'));
  closing.push(() => processes.stop());
  program(
    'replay-subgraphs',
    Object.fromEntries(replayed.map(({ port, url }) => [port, url])),
    closing,
  );
  const stockPort = base + 31;
  const stock = await startProcesses(
    new Map([
      [
        'gateway',
        { ...environments.get('gateway'), PORT: String(stockPort), GATEWAY_EXECUTOR: 'stock' },
      ],
    ]),
    path.resolve('out'),
  );
  closing.push(() => stock.stop());
  const key = secrets.internalKey;
  const plain = program('stock-gateway', { port: base + 30, urls, key, viewer }, closing);
  const token = await tokenMint({
    issuer,
    audience: `http://localhost:${ports.gateway}/graphql`,
    key: secrets.signingKey,
  }).member(viewer.memberId);
  const side = (name: string, port: number, pid = 0): Side => ({
    name,
    token,
    pid,
    url: `http://localhost:${port}`,
  });
  const compared = [
    side('plain @apollo/gateway', base + 30, plain.pid),
    side('its executor, our reach', stockPort, stock.pids.get('gateway')),
    side('ours', ports.gateway, processes.pids.get('gateway')),
  ];
  const waves: Record<string, readonly (readonly FloorCall[])[]> = {};
  for (const asked of [THREE, ONE]) {
    await sameAnswer(compared, asked);
    waves[asked.query] = await wavesOf(asked.query, { urls, key, viewer });
  }
  const floor = program('floor-gateway', { port: base + 32, waves }, closing);
  const sides = [...compared, side('the floor', base + 32, floor.pid)];
  for (const asked of [THREE, ONE]) await firstAnswer(side('the floor', base + 32), asked);
  const three = await measure(sides, THREE);
  const one = await measure(sides, ONE);
  return [
    ...ratios('three subgraphs', three, { cpu: 3, rate: 2, floor: 0.4 }),
    ...figuresOf('three subgraphs', three),
    ...ratios('one subgraph', one, { cpu: 1.8, rate: 1.5, floor: 0.3 }),
    ...figuresOf('one subgraph', one),
  ];
}

function ratios(
  what: string,
  measured: readonly Measured[],
  aims: { cpu: number; rate: number; floor: number },
): readonly Figure[] {
  const [plain, , ours, floor] = measured as readonly [Measured, Measured, Measured, Measured];
  return [
    atLeast(`${what}: processor time, plain ÷ ours`, cpuOf(plain) / cpuOf(ours), 'ratio', aims.cpu),
    atLeast(
      `${what}: requests per second, ours ÷ plain`,
      rateOf(ours) / rateOf(plain),
      'ratio',
      aims.rate,
    ),
    atLeast(
      `${what}: processor time, the floor ÷ ours`,
      cpuOf(floor) / cpuOf(ours),
      'ratio',
      aims.floor,
    ),
  ];
}

async function inOneProcess({
  secrets,
  mongodbUri,
  viewer,
  closing,
  base,
}: Bench): Promise<Figure[]> {
  const start = async (name: string, executor: 'own' | 'parsing', first: number): Promise<Side> => {
    const ports = { gateway: first, identity: first + 1, sandbox: first + 2 };
    const child = program('local-gateway', { mongodbUri, secrets, ports, executor }, closing);
    const token = await tokenMint({
      issuer: `http://localhost:${ports.identity}`,
      audience: `http://localhost:${ports.gateway}/graphql`,
      key: secrets.signingKey,
    }).member(viewer.memberId);
    return { name, token, url: `http://localhost:${ports.gateway}`, pid: child.pid ?? 0 };
  };
  const sides = [
    await start('its executor, documents parsed each time', 'parsing', base + 50),
    await start('ours', 'own', base + 60),
  ];
  await sameAnswer(sides, THREE);
  const measured = await measure(sides, THREE);
  const [local, ours] = measured as readonly [Measured, Measured];
  return [
    atLeast(
      'one process: processor time, its executor ÷ ours',
      cpuOf(local) / cpuOf(ours),
      'ratio',
      1.3,
    ),
    ...figuresOf('one process', measured),
  ];
}

/** Starts one of the bench's own programs. */
function program(name: string, setting: unknown, closing: (() => unknown)[]): ChildProcess {
  const child = spawn(process.execPath, [`out/${name}.js`], {
    env: { BENCH: JSON.stringify(setting) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  closing.push(() => child.kill());
  return child;
}

/** Waits until each side answers, and holds their answers against each other. */
async function sameAnswer(sides: readonly Side[], asked: Asked): Promise<void> {
  const texts: string[] = [];
  for (const side of sides) texts.push((await firstAnswer(side, asked)).trim());
  if (new Set(texts).size > 1) throw new Error(`the answers differ:\n${texts.join('\n')}`);
}
