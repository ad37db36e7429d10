import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { spawnEmbeddedMongo } from '@7pay/embedded-mongo';
import { inProcessReach, type Reach } from '@7pay/gateway';
import type { MemberViewer, Subgraph } from '@7pay/graphql';
import { randomIds } from '@7pay/ids';
import { verifyBooks } from '@7pay/ledger';
import { freshSecrets, openPlatform, seed } from '@7pay/platform';
import { silentLog } from '@7pay/telemetry';
import { tokenMint } from '@7pay/testing';
import type { LoadTask } from './load-worker.ts';
import type { LoadRequest, LoadResult } from './load.ts';
import { type Figure, quantile, told } from './report.ts';

const MEMBERS = 128;
const CODES_EACH = 16;
const IN_FLIGHT = 64;
const WARM_UP = 256;
const PAY = `mutation($input: AcceptPaymentInput!) { acceptPayment(input: $input) { __typename ... on PaymentAccepted { payment { id amount state } } ... on Refusal { code } } }`;

/** Drives acceptPayment through the gateway with real tokens, on the embedded engine in its own process. */
export async function benchPayment(): Promise<Figure[]> {
  const dataDir = mkdtempSync(path.join(tmpdir(), '7pay-bench-'));
  const engine = await spawnEmbeddedMongo({ dataDir });
  const secrets = freshSecrets();
  const spent = { graph: 0, subgraph: 0, database: 0 };
  let counting = false;
  const platform = await openPlatform({
    rates: 'unlimited',
    mongodbUri: engine.uri,
    secrets,
    ports: { gateway: 0, identity: 0, sandbox: 0 },
    supergraph: readFileSync('gateway/supergraph.graphql', 'utf8'),
    root: process.cwd(),
    log: silentLog,
    reachWith: (subgraphs) =>
      timed(inProcessReach(subgraphs), (ms) => void (counting && (spent.subgraph += ms))),
    onDatabaseCommand: (name, ms) => {
      if (counting && PAYMENT_COMMANDS.has(name)) spent.database += ms;
    },
  });
  try {
    const { stores } = await seed(platform);
    const requests = await prepareRequests(platform, secrets, stores[0]!.id);
    const url = platform.urls.gateway;
    await inWorker({
      url,
      inFlight: IN_FLIGHT,
      requests: requests.slice(0, WARM_UP),
      right: 'PaymentAccepted',
    });
    counting = true;
    const { latencies, seconds, wrong } = await inWorker({
      url,
      inFlight: IN_FLIGHT,
      requests: requests.slice(WARM_UP),
      right: 'PaymentAccepted',
    });
    counting = false;
    spent.graph = latencies.reduce((sum, ms) => sum + ms, 0);
    const books = await verifyBooks(platform.connection);
    if (wrong.length > 0 || books.faults.length > 0) {
      throw new Error(`wrong answers: ${wrong[0] ?? ''} ${books.faults.join('; ')}`);
    }
    return [
      told(
        `payments accepted per second, ${IN_FLIGHT} in flight`,
        latencies.length / seconds,
        '1/s',
      ),
      told('answer, p50', quantile(latencies, 0.5), 'ms'),
      told('answer, p99', quantile(latencies, 0.99), 'ms'),
      told(
        'share of the answer in the gateway and its sockets',
        1 - spent.subgraph / spent.graph,
        'of 1',
      ),
      told('share in the subgraph', (spent.subgraph - spent.database) / spent.graph, 'of 1'),
      told('share in the database, waits included', spent.database / spent.graph, 'of 1'),
      told('payments measured', latencies.length, ''),
      told('faults found in the books afterwards', books.faults.length, ''),
    ];
  } finally {
    await platform.stop();
    await engine.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

// Commands of other collections (switch poll, points) run beside the payments and are not theirs.
const PAYMENT_COMMANDS = new Set([
  'wallet_payments',
  'wallet_codes',
  'wallet_stores',
  'ledger_accounts',
  'ledger_journal',
  'commitTransaction',
]);

const timed = (reach: Reach, note: (ms: number) => void): Reach => ({
  ...reach,
  call: async (call) => {
    const start = performance.now();
    try {
      return await reach.call(call);
    } finally {
      note(performance.now() - start);
    }
  },
});

async function prepareRequests(
  platform: Awaited<ReturnType<typeof openPlatform>>,
  secrets: ReturnType<typeof freshSecrets>,
  storeId: string,
): Promise<LoadRequest[]> {
  const wallet = platform.subgraphs.find(({ name }) => name === 'wallet') as Subgraph;
  const merchant = platform.subgraphs.find(({ name }) => name === 'merchant') as Subgraph;
  const anonymous = {
    kind: 'anonymous',
    locale: 'ja',
    requestId: 'bench',
    clientId: null,
    scopes: [],
  } as const;
  const store = await merchant.execute(
    { query: `{ store(id: "${storeId}") { merchant { id } } }` },
    anonymous,
  );
  const merchantId = (store.data as unknown as { store: { merchant: { id: string } } }).store
    .merchant.id;
  const place = { terminalId: randomIds.next('ter'), storeId, merchantId };
  const terminal = { ...anonymous, ...place, kind: 'terminal', scopes: ['terminal'] } as const;
  const mint = tokenMint({
    issuer: platform.urls.identity,
    audience: `${platform.urls.gateway}/graphql`,
    key: secrets.signingKey,
  });
  const token = await mint.terminal(place);

  const codesOf = async () => {
    const viewer: MemberViewer = {
      ...anonymous,
      kind: 'member',
      memberId: randomIds.next('mem'),
      scopes: ['wallet'],
      roles: [],
      acr: 'urn:7id:acr:3',
      authTime: 0,
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
        query:
          'mutation($input: TopUpAtRegisterInput!) { topUpAtRegister(input: $input) { __typename } }',
        variables: { input: { topUpId: viewer.memberId, code: await code(), amount: 49_000 } },
      },
      terminal,
    );
    return Promise.all(Array.from({ length: CODES_EACH }, code));
  };
  const codes = await Promise.all(Array.from({ length: MEMBERS }, codesOf));
  // Round by round, so that the payments in flight belong to different people, as at real registers.
  return Array.from({ length: CODES_EACH }, (_, round) =>
    codes.map((mine, member) => ({
      token,
      query: PAY,
      variables: {
        input: { merchantPaymentId: `bench-${round}-${member}`, code: mine[round], amount: 108 },
      },
    })),
  ).flat();
}

function inWorker(task: LoadTask): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./load-worker.js', import.meta.url), { workerData: task });
    worker.once('message', resolve).once('error', reject);
  });
}
