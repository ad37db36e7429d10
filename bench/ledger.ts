import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnEmbeddedMongo } from '@7pay/embedded-mongo';
import { prepareLedger, verifyBooks } from '@7pay/ledger';
import { connect, UnitOfWorkTimedOut } from '@7pay/mongo';
import type { Connection } from 'mongoose';
import { derivedBalanceLag } from './ledger-lag.ts';
import { fillJournal } from './ledger-fill.ts';
import { mediciSide } from './ledger-medici.ts';
import {
  bulkSide,
  classicSide,
  type LedgerSide,
  ourSide,
  rawSide,
  type Turn,
} from './ledger-sides.ts';
import { atLeast, atMost, type Figure, quantile, told } from './report.ts';

const ROUNDS = 3;
const ROUND_MS = 2_500;
const IN_FLIGHT = [64, 256];
/** Entries in the journal at which payments are measured; as many as LEDGER_BENCH_ENTRIES says. */
const SIZES = [10_000, 100_000, 1_000_000, 10_000_000];
const SIZE_DEFAULT = 1_000_000;
/** Making the books again costs minutes for each million. */
const VERIFIED_MOST = 1_000_000;

/** Each may be run alone: `npm run bench -- ledger --part curve`. */
const PARTS = ['beside', 'lag', 'curve'] as const;

/**
 * Payments to one merchant: through the ledger; as bare transactions of four small documents; in the classic form,
 * which updates the balance of every leg; and by medici, where it is installed. Side by side in rounds on one database,
 * the embedded engine in a process of its own, or MONGODB_URI.
 */
export async function benchLedger(part?: string): Promise<Figure[]> {
  if (part !== undefined && !PARTS.some((each) => each === part))
    throw new Error(`ledger has the parts ${PARTS.join(', ')}`);
  const isAsked = (each: (typeof PARTS)[number]) => part === undefined || part === each;
  const dataDir = mkdtempSync(path.join(tmpdir(), '7pay-bench-ledger-'));
  const given = process.env['MONGODB_URI'];
  const engine = given ? null : await spawnEmbeddedMongo({ dataDir });
  const uri = given ?? engine!.uri;
  const dbName = `bench_ledger_${process.pid}`;
  // A batch of the fill holds the engine; on a busy machine the driver must not give it up for lost.
  const connection = await connect(uri, { dbName, poolSize: 256, timeoutMs: 60_000 });
  try {
    await prepareLedger(connection);
    const figures: Figure[] = [];
    for (const inFlight of isAsked('beside') ? IN_FLIGHT : [])
      figures.push(...(await sideBySide(connection, uri, inFlight)));
    if (isAsked('lag')) figures.push(...(await derivedBalanceLag(connection)));
    if (isAsked('curve')) figures.push(...(await curve(connection)));
    return figures;
  } finally {
    if (given) await connection.dropDatabase(); // our own engine goes with its folder
    await connection.close();
    await engine?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

interface Measured {
  readonly perSecond: number[];
  readonly latencies: number[];
  attempts: number;
  done: number;
  timedOut: number;
}

async function sideBySide(
  connection: Connection,
  uri: string,
  inFlight: number,
): Promise<Figure[]> {
  const medici = await mediciSide(uri, inFlight);
  const sides: LedgerSide[] = [
    await ourSide(connection, inFlight),
    await rawSide(connection, inFlight),
    await bulkSide(connection, inFlight),
    await classicSide(connection, inFlight),
    ...(medici ? [medici] : []),
  ];
  const measured = new Map(
    sides.map(({ name }): [string, Measured] => [
      name,
      { perSecond: [], latencies: [], attempts: 0, done: 0, timedOut: 0 },
    ]),
  );
  for (const side of sides) await load(side.turn, inFlight, 300);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const side of sides) {
      const into = measured.get(side.name)!;
      const before = side.attempts();
      const { latencies, seconds, timedOut } = await load(side.turn, inFlight, ROUND_MS);
      into.timedOut += timedOut;
      into.perSecond.push(latencies.length / seconds);
      into.latencies.push(...latencies);
      into.attempts += side.attempts() - before;
      into.done += latencies.length;
    }
  }
  await medici?.close();
  const of = (name: string) => measured.get(name)!;
  const ratio = (name: string) =>
    quantile(
      of('ledger').perSecond.map((rate, round) => rate / (of(name).perSecond[round] ?? Number.NaN)),
      0.5,
    );
  const title = (text: string) => `${text}, ${inFlight} in flight`;
  const figures = sides.flatMap(({ name }) => [
    told(title(name), quantile(of(name).perSecond, 0.5), '1/s'),
    told(title(`${name}, p99`), quantile(of(name).latencies, 0.99), 'ms'),
    told(
      title(`${name}, runs of a body beyond the first`),
      (of(name).attempts - of(name).done) / Math.max(1, of(name).done),
      'each',
    ),
    told(title(`${name}, given up after 1.5 s`), of(name).timedOut, ''),
  ]);
  const repeated = of('ledger').attempts - of('ledger').done;
  return [
    ...figures,
    atLeast(title('ledger ÷ bare transactions'), ratio('bare transactions'), 'times', 0.8),
    told(title('ledger ÷ bare, one command'), ratio('bare, one command'), 'times'),
    told(title('ledger ÷ classic'), ratio('classic'), 'times'),
    ...(medici ? [atLeast(title('ledger ÷ medici'), ratio('medici'), 'times', 5)] : []),
    atMost(title('conflicts on documents that payments share'), repeated, '', 0),
  ];
}

/** So many workers, each with one turn after another, for so long. */
async function load(turn: Turn, workers: number, ms: number) {
  const latencies: number[] = [];
  let timedOut = 0;
  const from = performance.now();
  await Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      while (performance.now() - from < ms) {
        const start = performance.now();
        try {
          await turn(worker);
          latencies.push(performance.now() - start);
        } catch (error) {
          if (!(error instanceof UnitOfWorkTimedOut)) throw error;
          timedOut += 1;
        }
      }
    }),
  );
  return { latencies, timedOut, seconds: (performance.now() - from) / 1_000 };
}

/** What a payment costs as the journal grows, beside bare transactions in the same minute: the machine may be slower by then. */
async function curve(connection: Connection): Promise<Figure[]> {
  const most = Number(process.env['LEDGER_BENCH_ENTRIES'] ?? SIZE_DEFAULT);
  const [ours, raw] = [await ourSide(connection, 64), await rawSide(connection, 64)];
  const perSecond = async ({ turn }: LedgerSide) => {
    const { latencies, seconds } = await load(turn, 64, ROUND_MS);
    return latencies.length / seconds;
  };
  const figures: Figure[] = [];
  const ratios: number[] = [];
  for (const size of SIZES.filter((each) => each <= most)) {
    const start = performance.now();
    await fillJournal(connection, size);
    const filledSeconds = (performance.now() - start) / 1_000;
    await load(ours.turn, 64, 500);
    const rounds: { payments: number; ratio: number }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const payments = await perSecond(ours);
      rounds.push({ payments, ratio: payments / (await perSecond(raw)) });
    }
    const median = (values: number[]) => quantile(values, 0.5);
    ratios.push(median(rounds.map(({ ratio }) => ratio)));
    figures.push(
      told(`payments on ${size} entries`, median(rounds.map(({ payments }) => payments)), '1/s'),
      told(`payments ÷ bare transactions on ${size} entries`, ratios.at(-1)!, 'times'),
      told(`filled up to ${size} entries in`, filledSeconds, 's'),
    );
    if (size === Math.min(VERIFIED_MOST, most)) figures.push(...(await madeAgain(connection)));
  }
  const flat = ratios.at(-1)! / ratios[0]!;
  return [
    ...figures,
    atLeast('that ratio on the most entries ÷ on the fewest', flat, 'times', 0.8),
  ];
}

async function madeAgain(connection: Connection): Promise<Figure[]> {
  const start = performance.now();
  const { entries, faults } = await verifyBooks(connection);
  const seconds = (performance.now() - start) / 1_000;
  if (faults.length > 0) throw new Error(`the books are not exact: ${faults[0]}`);
  return [
    told(`books made again from ${entries} entries`, seconds, 's'),
    told('entries made again a second', entries / seconds, '1/s'),
  ];
}
