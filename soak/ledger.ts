import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type EmbeddedMongo, spawnEmbeddedMongo } from '@7pay/embedded-mongo';
import { derivedId } from '@7pay/ids';
import {
  prepareLedger,
  publicKeysOf,
  sealEntries,
  sealKey,
  sealRemaining,
  verifyBooks,
} from '@7pay/ledger';
import { atOneMoment, connect, inSession } from '@7pay/mongo';
import { systemClock } from '@7pay/time';
import type { Connection } from 'mongoose';
import { randomFrom } from '../packages/embedded-mongo/src/testing/random.ts';
import { prepareWallet } from '../subgraphs/wallet/src/prepare.ts';
import { sellingStoreStore } from '../subgraphs/wallet/src/store/selling-store.store.ts';
import { PARTNER } from './agreements.ts';
import type { LedgerWork, Told } from './ledger-worker.ts';
import type { SoakOptions, SoakResult } from './main.ts';

const MEMBERS = 12;
const WORKERS = 2;
const IN_FLIGHT = 6;
const BOOKS_EVERY = 20;
const ANSWERS_A_ROUND = 25;
const LONGEST_MS = 300_000; // a machine that does other work besides may give it little
const DB = 'soak_ledger';

/**
 * Payments, holds, captures, cancels and refunds without a pause, while processes are really killed: a service, the
 * database, or both, at a random moment; or a service sleeps longer than its transactions live and wakes. Each service
 * has a clock of its own, up to five minutes off. After every few rounds the books are made again, and every answer that
 * a service had been given is found in them.
 */
export async function soakLedger({ rounds, seed, say }: SoakOptions): Promise<SoakResult> {
  const dataDir = mkdtempSync(path.join(tmpdir(), '7pay-soak-ledger-'));
  const below = randomFrom(seed);
  const random = () => below(1_000_000) / 1_000_000;
  const port = await freePort();
  const options = { dataDir, port, transactionSeconds: 1 };
  // A machine that is starved by the soak itself may need longer than a start may take.
  const start = () => spawnEmbeddedMongo(options).catch(() => spawnEmbeddedMongo(options));
  const soak: Soak = {
    engine: await start(),
    restart: start,
    random,
    told: [],
    workers: [],
    spawned: 0,
    key: generateKeyPairSync('ed25519').privateKey,
  };
  const findings: string[] = [];
  const kinds = new Map<string, number>();
  try {
    await withDatabase(soak, prepare);
    for (let n = 0; n < WORKERS; n += 1) soak.workers.push(spawnWorker(soak));
    for (let round = 1; round <= rounds; round += 1) {
      await answers(soak, ANSWERS_A_ROUND);
      await pause(random() * 300);
      const kind = await disturb(soak);
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      if (round % BOOKS_EVERY !== 0 && round !== rounds) continue;
      const found = await withDatabase(soak, (connection) => faultsOf(connection, soak));
      findings.push(...found.faults.map((fault) => `round ${round}, seed ${seed}: ${fault}`));
      say(
        `round ${round}: ${found.entries} entries, ${soak.told.length} answers, ${findings.length} findings`,
      );
      if (findings.length > 0) break;
    }
    say([...kinds].map(([kind, count]) => `${kind}: ${count}`).join(', '));
  } finally {
    for (const worker of soak.workers) worker.kill('SIGKILL');
    await soak.engine.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
  return { cases: rounds, findings };
}

interface Soak {
  engine: EmbeddedMongo;
  readonly restart: () => Promise<EmbeddedMongo>;
  readonly random: () => number;
  readonly told: Told[];
  readonly workers: ChildProcess[];
  spawned: number;
  readonly key: ReturnType<typeof generateKeyPairSync>['privateKey'];
}

function spawnWorker(soak: Soak): ChildProcess {
  soak.spawned += 1;
  const work: LedgerWork = {
    uri: soak.engine.uri,
    dbName: DB,
    seed: Math.floor(soak.random() * 1e9) + 1,
    name: `w${soak.spawned}`,
    members: Array.from({ length: MEMBERS }, (_, n) => `mem_${n}`),
    inFlight: IN_FLIGHT,
    clockOffMs: Math.floor((soak.random() - 0.5) * 600_000),
    sealKey: soak.key.export({ format: 'jwk' }),
  };
  const program = path.resolve('out/ledger-worker.js');
  const worker = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  worker.stdin!.on('error', () => {}); // it was killed
  worker.stdin!.write(`${JSON.stringify(work)}\n`);
  createInterface({ input: worker.stdout! }).on('line', (line) => {
    soak.told.push(JSON.parse(line) as Told);
  });
  return worker;
}

/** Does one thing that ought to hurt; says what. */
async function disturb(soak: Soak): Promise<string> {
  const index = Math.floor(soak.random() * soak.workers.length);
  const dice = soak.random();
  if (dice < 0.15) {
    soak.workers[index]!.kill('SIGSTOP');
    await pause(500 + soak.random() * 2_500);
    soak.workers[index]!.kill('SIGCONT');
    return 'slept';
  }
  const killsEngine = dice > 0.6;
  const killsWorker = dice < 0.8;
  if (killsEngine) soak.engine.kill();
  if (killsWorker) soak.workers[index]!.kill('SIGKILL');
  if (killsEngine) {
    await soak.engine.exited;
    soak.engine = await soak.restart();
  }
  if (killsWorker) soak.workers[index] = spawnWorker(soak);
  if (killsEngine && killsWorker) return 'both killed';
  return killsEngine ? 'database killed' : 'service killed';
}

async function withDatabase<Result>(
  soak: Soak,
  body: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const connection = await connect(soak.engine.uri, { dbName: DB, timeoutMs: 20_000 });
  try {
    return await body(connection);
  } finally {
    await connection.close();
  }
}

async function prepare(connection: Connection): Promise<void> {
  await prepareLedger(connection);
  await prepareWallet(connection);
  const store = {
    id: 'sto_soak',
    merchantId: 'mer_soak',
    opensOn: '2019-07-01',
    selling: true,
    name: null,
  };
  await sellingStoreStore(connection, null, () => '2019-07-01').note(store);
}

/** What is wrong in the books, and with what the services had been answered. */
async function faultsOf(connection: Connection, soak: Soak) {
  const told = [...soak.told];
  const sealKeys = publicKeysOf([soak.key]);
  await sealRemaining(connection, sealEntries(connection, sealKey(soak.key), systemClock));
  const { entries, faults } = await verifyBooks(connection, { sealKeys });
  const payments = connection.collection<{ _id: string; state: string }>('wallet_payments');
  const refunds = connection.collection<{ _id: string }>('wallet_paymentRefunds');
  const states = new Map((await payments.find().toArray()).map(({ _id, state }) => [_id, state]));
  const known = new Set(
    (await refunds.find({}, { projection: { _id: 1 } }).toArray()).map(({ _id }) => _id),
  );
  const found = [...faults];
  found.push(...(await halfMade(connection)));
  for (const { number, did, outcome } of told) {
    const state = states.get(paymentOf(did, number));
    const fits =
      did === 'refund'
        ? known.has(derivedId('rfd', 'mer_soak', number))
        : fitting(did, outcome).includes(state ?? 'nothing');
    if (!fits) found.push(`${number} was told ${did} ${outcome}, and is ${state ?? 'nothing'}`);
  }
  return { entries, faults: found };
}

const paymentOf = (did: Told['did'], number: string): string => {
  const agreed = () => derivedId('pay', 'agreed', PARTNER, number).replace(/^pay_/, '');
  return derivedId('pay', 'mer_soak', did === 'agree' ? `agreed:${agreed()}` : number);
};

/** A payment that was agreed has the number it pays once under, and the number its payment: both or neither. */
async function halfMade(connection: Connection): Promise<string[]> {
  const [noted, paid] = await atOneMoment(connection, async (session) => {
    const idsIn = async (name: string, filter: object, field: string) => {
      const rows = await connection.collection(name).find(filter, inSession(session)).toArray();
      return new Set(rows.map((row) => String(row[field])));
    };
    return [
      await idsIn('wallet_member_requests', {}, 'paymentId'),
      await idsIn('wallet_payments', { merchantPaymentId: /^agreed:/ }, '_id'),
    ] as const;
  });
  const alone = [
    ...[...noted].filter((id) => !paid.has(id)),
    ...[...paid].filter((id) => !noted.has(id)),
  ];
  return alone.map((id) => `${id} is half made`);
}

/** How a payment may stand that was answered so: what came later may have changed it, but not taken it back. */
function fitting(did: Told['did'], outcome: string): readonly string[] {
  if (did === 'cancel') {
    return outcome === 'REVERSED' ? ['CANCELLED'] : ['VOIDED', 'REFUSED', 'RELEASED'];
  }
  if (did === 'decide' && outcome === 'RELEASED') return ['RELEASED'];
  if (outcome === 'UNDER_REVIEW') {
    return ['UNDER_REVIEW', 'AUTHORIZED', 'ACCEPTED', 'CANCELLED', 'RELEASED'];
  }
  if (outcome === 'AUTHORIZED') return ['AUTHORIZED', 'ACCEPTED', 'CANCELLED', 'RELEASED'];
  if (did === 'agree') return outcome === 'ACCEPTED' ? ['ACCEPTED'] : ['nothing', 'ACCEPTED'];
  if (outcome === 'ACCEPTED') return ['ACCEPTED', 'CANCELLED'];
  if (did === 'capture')
    return [
      'nothing',
      'UNDER_REVIEW',
      'AUTHORIZED',
      'ACCEPTED',
      'CANCELLED',
      'RELEASED',
      'REFUSED',
      'VOIDED',
    ];
  // Also of a payment whose answer was lost and that was cancelled or let go before it was asked for again.
  if (outcome === 'refused PAYMENT_CANCELLED_EARLIER') return ['VOIDED', 'CANCELLED', 'RELEASED'];
  return ['REFUSED'];
}

/** Waits until the services were given so many more answers: a process that has just begun is at work again. */
async function answers({ told }: Soak, more: number): Promise<void> {
  const enough = told.length + more;
  const start = performance.now();
  while (told.length < enough) {
    if (performance.now() - start > LONGEST_MS) throw new Error('the services give no answers');
    await pause(20);
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
