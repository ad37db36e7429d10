import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
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

    const ours = `http://localhost:${ports.gateway}`;
    const plain = `http://localhost:${stockPort}`;
    const token = await tokenMint({
      issuer: `http://localhost:${ports.identity}`,
      audience: `${ours}/graphql`,
      key: secrets.signingKey,
    }).member(viewer.memberId);
    await sameAnswer(plain, ours, token);
    return await compare({
      plain,
      ours,
      token,
      stock,
      gatewayPid: processes.pids.get('gateway') ?? 0,
    });
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

async function sameAnswer(plain: string, ours: string, token: string): Promise<void> {
  const texts: string[] = [];
  for (const url of [plain, ours]) {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const response = await fetch(`${url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          body: JSON.stringify({ query: QUERY }),
        });
        texts.push(JSON.stringify(await response.json()));
        break;
      } catch (error) {
        if (attempt > 100) throw error;
        await wait(100);
      }
    }
  }
  if (texts[0] !== texts[1] || !texts[0]?.includes('pointsEarned":2'))
    throw new Error(`the answers differ:\n${texts.join('\n')}`);
}

interface Side {
  requests: number;
  seconds: number;
  cpuMs: number;
  readonly latencies: number[];
}

async function compare(options: {
  plain: string;
  ours: string;
  token: string;
  stock: ChildProcess;
  gatewayPid: number;
}): Promise<Figure[]> {
  const { plain, ours, token, stock, gatewayPid } = options;
  const sides = { plain: newSide(), ours: newSide() };
  const targets = [
    { side: sides.plain, url: plain, pid: stock.pid ?? 0 },
    { side: sides.ours, url: ours, pid: gatewayPid },
  ];
  const request = { token, query: QUERY, variables: {} };
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const { side, url, pid } of round % 2 === 0 ? targets : targets.toReversed()) {
      const before = cpuMsOf(pid);
      const { latencies, seconds, wrong } = await load(url, {
        inFlight: IN_FLIGHT,
        next: () => request,
        isRight: (answer) => JSON.stringify(answer).includes('"pointsEarned":2'),
        milliseconds: round === 0 ? 1_000 : ROUND_MS, // the first round warms up
      });
      if (wrong.length > 0) throw new Error(`a wrong answer: ${wrong[0]}`);
      if (round === 0) continue;
      side.requests += latencies.length;
      side.seconds += seconds;
      side.cpuMs += cpuMsOf(pid) - before;
      side.latencies.push(...latencies);
    }
  }
  const rate = ({ requests, seconds }: Side) => requests / seconds;
  const cpu = ({ cpuMs, requests }: Side) => (cpuMs * 1_000) / requests;
  return [
    atLeast(
      'requests per second, ours ÷ plain @apollo/gateway',
      rate(sides.ours) / rate(sides.plain),
      'ratio',
      2,
    ),
    told('processor time per request, plain ÷ ours', cpu(sides.plain) / cpu(sides.ours), 'ratio'),
    told('plain: requests per second', rate(sides.plain), '1/s'),
    told('ours: requests per second', rate(sides.ours), '1/s'),
    told('plain: processor time of the gateway', cpu(sides.plain), 'µs/request'),
    told('ours: processor time of the gateway', cpu(sides.ours), 'µs/request'),
    told('plain: answer, p99', quantile(sides.plain.latencies, 0.99), 'ms'),
    told('ours: answer, p99', quantile(sides.ours.latencies, 0.99), 'ms'),
  ];
}

const newSide = (): Side => ({ requests: 0, seconds: 0, cpuMs: 0, latencies: [] });

/** Processor time of a process so far; NaN where the system has no /proc. Milliseconds. */
function cpuMsOf(pid: number): number {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return Number.NaN;
  const fields = readFileSync(file, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const TICK_MS = 10; // USER_HZ is 100 on every Linux that node runs on
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
