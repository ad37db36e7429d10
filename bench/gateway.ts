import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { spawnEmbeddedMongo } from '@7pay/embedded-mongo';
import type { MemberViewer } from '@7pay/graphql';
import { randomIds } from '@7pay/ids';
import {
  freshSecrets,
  openPlatform,
  seed,
  serviceEnvironments,
  startProcesses,
  startSandbox,
} from '@7pay/platform';
import { silentLog } from '@7pay/telemetry';
import { tokenMint } from '@7pay/testing';
import { systemClock } from '@7pay/time';
import { load } from './load.ts';
import { atLeast, type Figure, quantile, told } from './report.ts';

const ROUNDS = 4;
const ROUND_MS = 2_000;
const IN_FLIGHT = 32;
const PAYMENTS = 10;
const QUERY = `{ wallet { balance refundProgramme { id } payments(first: ${PAYMENTS}) { nodes { id amount pointsEarned store { name } merchant { name } } } } }`;

/**
 * The query over four subgraphs, each a process of its own behind HTTP: the plain @apollo/gateway set-up on its
 * standalone server beside ours, round by round in one run, asked for the same answer.
 */
export async function benchGateway(): Promise<Figure[]> {
  const dataDir = mkdtempSync(path.join(tmpdir(), '7pay-bench-'));
  const engine = await spawnEmbeddedMongo({ dataDir });
  const secrets = freshSecrets();
  const base = 21_000 + Math.floor(Math.random() * 8_000);
  const ports = { gateway: base, identity: base + 1, sandbox: base + 2, subgraphs: base + 10 };
  const closing: (() => unknown)[] = [
    () => rmSync(dataDir, { recursive: true, force: true }),
    () => engine.stop(),
  ];
  try {
    const viewer = await memberWithPayments(engine.uri, secrets);
    const sandbox = await startSandbox({
      port: ports.sandbox,
      issuer: `http://localhost:${ports.identity}`,
      secrets,
      clock: systemClock,
    });
    closing.push(() => sandbox.stop());
    const environments = serviceEnvironments({
      mongodbUri: engine.uri,
      secrets,
      ports,
      root: process.cwd(),
      logLevel: 'error',
    });
    const processes = await startProcesses(environments, path.resolve('out'));
    closing.push(() => processes.stop());
    const urls = JSON.parse(environments.get('gateway')?.['SUBGRAPH_URLS'] ?? '{}') as Record<
      string,
      string
    >;
    const stockPort = base + 30;
    const stock = spawn(process.execPath, ['out/stock-gateway.js'], {
      env: { BENCH: JSON.stringify({ port: stockPort, urls, key: secrets.internalKey, viewer }) },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    closing.push(() => stock.kill());

    writeFileSync(path.join(dataDir, 'secrets.json'), JSON.stringify(secrets), { mode: 0o600 });
    const together = spawn(process.execPath, ['out/platform.js'], {
      env: {
        MONGODB_URI: engine.uri,
        DATA_DIR: dataDir,
        LOG_LEVEL: 'error',
        PORT: String(base + 40),
        IDENTITY_PORT: String(base + 41),
        SANDBOX_PORT: String(base + 42),
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    closing.push(() => together.kill());
    const tokenFor = (gateway: number, identity: number) =>
      tokenMint({
        issuer: `http://localhost:${identity}`,
        audience: `http://localhost:${gateway}/graphql`,
        key: secrets.signingKey,
      }).member(viewer.memberId);
    const token = await tokenFor(ports.gateway, ports.identity);
    const sides: Side[] = [
      aSide('plain', stockPort, token, stock.pid),
      aSide('ours over HTTP', ports.gateway, token, processes.pids.get('gateway')),
      aSide('ours in one process', base + 40, await tokenFor(base + 40, base + 41), together.pid),
    ];
    await sameAnswer(sides);
    return await compare(sides);
  } finally {
    for (const close of closing.toReversed()) await close();
  }
}

/** A member with payments, made by the one-process platform on the same data. */
async function memberWithPayments(
  mongodbUri: string,
  secrets: ReturnType<typeof freshSecrets>,
): Promise<MemberViewer> {
  const platform = await openPlatform({
    mongodbUri,
    secrets,
    ports: { gateway: 0, identity: 0, sandbox: 0 },
    supergraph: readFileSync('gateway/supergraph.graphql', 'utf8'),
    root: process.cwd(),
    log: silentLog,
  });
  const viewer: MemberViewer = {
    kind: 'member',
    memberId: randomIds.next('mem'),
    scopes: ['wallet', 'points', 'refund', 'merchant'],
    roles: [],
    acr: 'urn:7id:acr:3',
    authTime: 0,
    locale: 'ja',
    requestId: 'bench',
    clientId: null,
  };
  const wallet = platform.subgraphs.find(({ name }) => name === 'wallet')!;
  const { stores } = await seed(platform);
  const storeRow = await platform.connection
    .collection('wallet_stores')
    .findOne({ _id: stores[0]!.id as never });
  const terminal = {
    ...viewer,
    kind: 'terminal' as const,
    scopes: ['terminal'],
    terminalId: 'ter_bench',
    storeId: stores[0]!.id,
    merchantId: String(storeRow?.['merchantId']),
  };
  const code = async () => {
    const { data } = await wallet.execute(
      {
        query:
          'mutation { r: issuePaymentCode { ... on PaymentCodeIssued { paymentCode { code } } } }',
      },
      viewer,
    );
    return (data as unknown as { r: { paymentCode: { code: string } } }).r.paymentCode.code;
  };
  await wallet.execute(
    { query: 'mutation { openWallet(input: { termsVersion: "2019-07-01" }) { __typename } }' },
    viewer,
  );
  await wallet.execute(
    {
      query: 'mutation($i: TopUpAtRegisterInput!) { topUpAtRegister(input: $i) { __typename } }',
      variables: { i: { topUpId: 'bench', code: await code(), amount: 49_000 } },
    },
    terminal,
  );
  for (let index = 0; index < PAYMENTS; index += 1) {
    await wallet.execute(
      {
        query: 'mutation($i: AcceptPaymentInput!) { acceptPayment(input: $i) { __typename } }',
        variables: { i: { merchantPaymentId: `b-${index}`, code: await code(), amount: 400 } },
      },
      terminal,
    );
  }
  await wait(1_000); // the points come by themselves
  await platform.stop();
  return viewer;
}

/** One set-up under measurement. */
interface Side {
  readonly name: string;
  readonly url: string;
  readonly token: string;
  readonly pid: number;
  requests: number;
  seconds: number;
  cpuMs: number;
  readonly latencies: number[];
}

const aSide = (name: string, port: number, token: string, pid = 0): Side => ({
  name,
  token,
  pid,
  url: `http://localhost:${port}`,
  requests: 0,
  seconds: 0,
  cpuMs: 0,
  latencies: [],
});

/** Waits until each side answers, and holds their answers against each other. */
async function sameAnswer(sides: readonly Side[]): Promise<void> {
  const texts: string[] = [];
  for (const { url, token } of sides) {
    const body = JSON.stringify({ query: QUERY });
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    for (let attempt = 0; ; attempt += 1) {
      const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body }).catch(
        () => undefined,
      );
      if (response?.ok) {
        texts.push(JSON.stringify(await response.json()));
        break;
      }
      if (attempt > 100) throw new Error(`${url} does not answer`);
      await wait(100);
    }
  }
  if (new Set(texts).size > 1 || !texts[0]?.includes('pointsEarned":2')) {
    throw new Error(`the answers differ:\n${texts.join('\n')}`);
  }
}

async function compare(sides: readonly Side[]): Promise<Figure[]> {
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      const before = cpuMsOf(side.pid);
      const { latencies, seconds, wrong } = await load(side.url, {
        inFlight: IN_FLIGHT,
        next: () => ({ token: side.token, query: QUERY, variables: {} }),
        isRight: (answer) => JSON.stringify(answer).includes('"pointsEarned":2'),
        milliseconds: round === 0 ? 1_000 : ROUND_MS, // the first round warms up
      });
      if (wrong.length > 0) throw new Error(`a wrong answer: ${wrong[0]}`);
      if (round === 0) continue;
      side.requests += latencies.length;
      side.seconds += seconds;
      side.cpuMs += cpuMsOf(side.pid) - before;
      side.latencies.push(...latencies);
    }
  }
  const [plain, overHttp, together] = sides as [Side, Side, Side];
  const rate = ({ requests, seconds }: Side) => requests / seconds;
  const cpu = ({ cpuMs, requests }: Side) => (cpuMs * 1_000) / requests;
  return [
    atLeast(
      'requests per second, one process ÷ plain @apollo/gateway',
      rate(together) / rate(plain),
      'ratio',
      2,
    ),
    told('requests per second, over HTTP ÷ plain', rate(overHttp) / rate(plain), 'ratio'),
    atLeast(
      'processor time of the gateway, plain ÷ over HTTP',
      cpu(plain) / cpu(overHttp),
      'ratio',
      2,
    ),
    ...sides.flatMap((side) => [
      told(`${side.name}: requests per second`, rate(side), '1/s'),
      told(`${side.name}: processor time`, cpu(side), 'µs/request'),
      told(`${side.name}: answer, p99`, quantile(side.latencies, 0.99), 'ms'),
    ]),
  ];
}

/** Processor time of a process so far; NaN where the system has no /proc. Milliseconds. */
function cpuMsOf(pid: number): number {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return Number.NaN;
  const fields = readFileSync(file, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const TICK_MS = 10; // USER_HZ is 100 on every Linux that node runs on
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
