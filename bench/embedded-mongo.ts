import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnEmbeddedMongo, type EmbeddedMongo } from '@7pay/embedded-mongo';
import { Binary, MongoClient, type Collection, type Db, type Document } from 'mongodb';
import { perSecond, rawTransactions, transactionsInProcess } from './embedded-mongo-raw.ts';
import { atLeast, atMost, type Figure, quantile, told } from './report.ts';

const IN_FLIGHT = 64;
const ROUNDS = 3;
const ROUND_MS = 1500;
const SMALL = 10_000;
const LARGE = 1_000_000;
const FILLER = new Binary(Buffer.alloc(900, 7));

/** The embedded engine through the driver, each figure beside ping on the same engine in the same round. */
export async function benchEmbeddedMongo(): Promise<Figure[]> {
  const dataDir = mkdtempSync(path.join(tmpdir(), '7pay-bench-mongo-'));
  try {
    return await measure(dataDir);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function measure(dataDir: string): Promise<Figure[]> {
  const listenedEmpty = await listenedIn(path.join(dataDir, 'empty'));
  const folder = path.join(dataDir, 'full');
  const engine = await spawnEmbeddedMongo({ dataDir: folder });
  const idleMb = await residentMb(engine);
  const client = await MongoClient.connect(engine.uri, { maxPoolSize: IN_FLIGHT });
  const db = client.db('bench');
  await fill(db.collection('small'), SMALL);
  const operations = await prepare(client);
  const rates = await interleaved(operations);
  const delays = await changeDelays(db.collection('events'));
  const stalls = await longestWaits(client);
  await fill(db.collection('large'), LARGE);
  const [small, large] = await lookups(db.collection('small'), db.collection('large'));
  await client.close();
  await engine.stop();
  const listenedFull = await listenedIn(folder);
  const inProcess = await transactionsInProcess(IN_FLIGHT);
  const raw = rawTransactions(IN_FLIGHT);
  const share = (name: string): number =>
    quantile(
      (rates.get(name) ?? []).map((rate, i) => rate / (rates.get('ping')?.[i] ?? Number.NaN)),
      0.5,
    );
  const rate = (name: string): number => quantile(rates.get(name) ?? [], 0.5);
  return [
    told(`ping, ${IN_FLIGHT} in flight`, rate('ping'), '1/s'),
    told('findOne by _id', rate('findOne by _id'), '1/s'),
    atLeast('findOne by _id, beside ping', share('findOne by _id'), 'of 1', 0.6),
    told(`findOne by a unique field, ${SMALL} documents`, rate('findOne by unique field'), '1/s'),
    told('insertOne', rate('insertOne'), '1/s'),
    told('insertOne, beside ping', share('insertOne'), 'of 1'),
    told('updateOne $inc', rate('updateOne $inc'), '1/s'),
    told('updateOne $inc, beside ping', share('updateOne $inc'), 'of 1'),
    atLeast('transaction of four documents', rate('transaction'), '1/s', 1000),
    told('transaction of four documents, beside ping', share('transaction'), 'of 1'),
    told('transaction of four documents, in process', inProcess, '1/s'),
    told('the same writes by bare node:sqlite, 64 a commit', raw, '1/s'),
    atLeast('transaction in process, beside bare node:sqlite', inProcess / raw, 'of 1', 0.4),
    atMost(
      `findOne by a unique field, time over ${LARGE} ÷ time over ${SMALL}`,
      large / small,
      'times',
      3,
    ),
    told(
      'change stream, from the answer of a write to its event, p50',
      quantile(delays, 0.5),
      'ms',
    ),
    told(
      'change stream, from the answer of a write to its event, p99',
      quantile(delays, 0.99),
      'ms',
    ),
    ...stalls.map(([work, ms]) => atMost(`longest wait of others beside ${work}`, ms, 'ms', 50)),
    atMost('memory, idle', idleMb, 'MB', 120),
    atMost('listening, empty folder', listenedEmpty, 'ms', 300),
    atMost(`listening, ${LARGE} documents of 1 KB`, listenedFull, 'ms', 1000),
  ];
}

interface Operation {
  readonly name: string;
  readonly run: (n: number) => Promise<unknown>;
}

async function prepare(client: MongoClient): Promise<Operation[]> {
  const db = client.db('bench');
  const [small, inserted] = [db.collection<Document>('small'), db.collection<Document>('inserted')];
  const journal = db.collection<Document>('journal');
  await inserted.createIndex({ key: 1 }, { unique: true });
  await journal.createIndex({ key: 1 }, { unique: true });
  let serial = 0;
  const one = (): number => Math.floor(Math.random() * SMALL);
  const sessions = Array.from({ length: IN_FLIGHT }, () => client.startSession());
  return [
    { name: 'ping', run: () => db.command({ ping: 1 }) },
    { name: 'findOne by _id', run: () => small.findOne({ _id: one() as never }) },
    { name: 'findOne by unique field', run: () => small.findOne({ key: `k${one()}` }) },
    { name: 'insertOne', run: () => inserted.insertOne({ key: `i${++serial}`, FILLER }) },
    {
      name: 'updateOne $inc',
      run: () => small.updateOne({ _id: one() as never }, { $inc: { n: 1 } }),
    },
    {
      name: 'transaction',
      run: (n) => {
        const session = sessions[n] as (typeof sessions)[number];
        // Each worker has accounts of its own: what is measured is the engine, not conflicts.
        return session.withTransaction(async () => {
          await small.updateOne({ _id: n as never }, { $inc: { n: -1 } }, { session });
          await small.updateOne({ _id: (n + IN_FLIGHT) as never }, { $inc: { n: 1 } }, { session });
          await journal.insertOne({ key: `j${++serial}`, FILLER }, { session });
          await journal.insertOne({ key: `o${++serial}`, FILLER }, { session });
        });
      },
    },
  ];
}

async function interleaved(operations: readonly Operation[]): Promise<Map<string, number[]>> {
  const rates = new Map<string, number[]>(operations.map(({ name }) => [name, []]));
  for (const { run } of operations) await perSecond(IN_FLIGHT, 300, run);
  for (let round = 0; round < ROUNDS; round++)
    for (const { name, run } of operations)
      rates.get(name)?.push(await perSecond(IN_FLIGHT, ROUND_MS, run));
  return rates;
}

async function fill(collection: Collection<Document>, count: number): Promise<void> {
  await collection.createIndex({ key: 1 }, { unique: true });
  const batch = 1000;
  for (let from = 0; from < count; from += batch)
    await collection.insertMany(
      Array.from({ length: batch }, (_, i) => ({
        _id: (from + i) as never,
        key: `k${from + i}`,
        n: 0,
        FILLER,
      })),
    );
}

// In turns, so that both see the same weather.
async function lookups(
  small: Collection<Document>,
  large: Collection<Document>,
): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []];
  for (let i = 0; i < 4000; i++) {
    const [which, collection, count] =
      i % 2 === 0 ? ([0, small, SMALL] as const) : ([1, large, LARGE] as const);
    const from = performance.now();
    await collection.findOne({ key: `k${Math.floor(Math.random() * count)}` });
    times[which].push(performance.now() - from);
  }
  return [quantile(times[0], 0.5), quantile(times[1], 0.5)];
}

async function changeDelays(events: Collection<Document>): Promise<number[]> {
  const delays: number[] = [];
  const stream = events.watch([], { maxAwaitTimeMS: 1000 });
  const first = stream.next();
  await new Promise((resolve) => setTimeout(resolve, 300));
  await events.insertOne({ n: -1 });
  await first;
  for (let n = 0; n < 300; n++) {
    const next = stream.next().then(() => performance.now());
    await events.insertOne({ n });
    const answered = performance.now();
    delays.push(Math.max(0, (await next) - answered));
  }
  await stream.close();
  return delays;
}

// The longest that a lone ping waits while another client does something heavy.
async function longestWaits(client: MongoClient): Promise<(readonly [string, number])[]> {
  const db = client.db('bench');
  const heavy = db.collection<Document>('heavy');
  await heavy.insertMany(Array.from({ length: 50 }, (_, n) => ({ n, text: `${'a'.repeat(60)}b` })));
  const big = db.collection<Document>('big');
  for (let n = 0; n < 120; n += 20)
    await big.insertMany(
      Array.from({ length: 20 }, (_, i) => ({ n: n + i, filler: new Binary(Buffer.alloc(1e6)) })),
    );
  const small = db.collection<Document>('small');
  const works: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['a pattern that never ends', () => heavy.find({ text: /(a+)+$/ }).toArray()],
    ['a sort above its cap', () => big.find().sort({ n: 1 }).toArray()],
    ['a scan of 10000 documents', () => small.countDocuments({ absent: 1 })],
    [
      'the build of an index over 10000 documents',
      async () => {
        await small.dropIndex('n_1').catch(() => undefined);
        await small.createIndex({ n: 1 });
      },
    ],
  ];
  const out: (readonly [string, number])[] = [];
  for (const [name, work] of works) {
    const longest: number[] = [];
    // The middle of five: in this process, too, garbage is collected now and then.
    for (let i = 0; i < 5; i++) longest.push(await longestPing(db, work));
    out.push([name, quantile(longest, 0.5)]);
  }
  return out;
}

async function longestPing(db: Db, work: () => Promise<unknown>): Promise<number> {
  let done = false;
  let longest = 0;
  const pings = (async () => {
    while (!done) {
      const from = performance.now();
      await db.command({ ping: 1 });
      longest = Math.max(longest, performance.now() - from);
    }
  })();
  await work().catch(() => undefined);
  done = true;
  await pings;
  return longest;
}

async function listenedIn(dataDir: string): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 3; i++) {
    const from = performance.now();
    const engine = await spawnEmbeddedMongo({ dataDir });
    times.push(performance.now() - from);
    await engine.stop();
  }
  return quantile(times, 0.5);
}

async function residentMb(engine: EmbeddedMongo): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 500));
  const status = readFileSync(`/proc/${engine.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024;
}
