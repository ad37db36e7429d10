import {
  MongoClient,
  type ChangeStreamInsertDocument,
  type ClientSession,
  type Collection,
  type Document,
  type MongoError,
} from 'mongodb';
import type { TestEngine } from './engine.ts';
import type { Random } from './random.ts';

const ACCOUNTS = 8;
const OPENING = 1000n;
const WORKERS = 8;
const QUIET_MS = 10_000;
/** How long a transfer is tried again. */
const PATIENCE_MS = 30_000;

/** What a run of crashes did, and what was wrong afterwards. */
export interface CrashReport {
  readonly rounds: number;
  /** Transfers whose success the client was told. */
  readonly acknowledged: number;
  /** Transfers that ended in an error: they may have happened or not. */
  readonly unknown: number;
  readonly counted: number;
  /** Sentences; empty when everything is as it must be. */
  readonly findings: readonly string[];
}

interface Transfer extends Document {
  readonly key: string;
  readonly from: number;
  readonly to: number;
  readonly yen: bigint;
}

/**
 * Kills the engine again and again, as a power cut would, while clients move money in transactions,
 * count with retryable writes and follow a change stream. The clients never stop: what they had under
 * way they try again, which is where a double commit would show.
 */
export async function crashUnderLoad(
  engine: TestEngine,
  input: { readonly rounds: number; readonly random: Random },
): Promise<CrashReport> {
  const load = new Load(engine.engine.uri, input.random);
  await load.open();
  const running = load.run();
  for (let round = 0; round < input.rounds; round++) {
    await load.underWay();
    await pause(input.random(150));
    await engine.crash();
  }
  await pause(300);
  load.stop();
  await running;
  return load.verify(input.rounds);
}

class Load {
  private readonly client: MongoClient;
  private readonly accounts: Collection<Document>;
  private readonly journal: Collection<Transfer>;
  private readonly counters: Collection<Document>;
  private readonly random: Random;
  private readonly acknowledged = new Set<string>();
  private readonly unknown = new Set<string>();
  private readonly counts = { acknowledged: 0, unknown: 0 };
  private readonly streamed: string[] = [];
  private resumeAfter: unknown;
  private stopped = false;
  /** Events that the stream has to tell; known once the last transfer has ended. */
  private awaited = Infinity;

  constructor(uri: string, random: Random) {
    this.random = random;
    this.client = new MongoClient(uri, {
      serverSelectionTimeoutMS: 15_000,
      useBigInt64: true,
      heartbeatFrequencyMS: 500,
      maxPoolSize: 40,
    });
    const db = this.client.db('crash');
    this.accounts = db.collection('accounts');
    this.journal = db.collection<Transfer>('journal');
    this.counters = db.collection('counters');
  }

  async open(): Promise<void> {
    await this.accounts.insertMany(
      Array.from({ length: ACCOUNTS }, (_, n) => ({ n, yen: OPENING })),
    );
    await this.accounts.createIndex({ n: 1 }, { unique: true });
    await this.journal.createIndex({ key: 1 });
    await this.counters.insertOne({ name: 'all', n: 0n });
    // A first event, so that there is a place to resume from whenever the first crash comes.
    const stream = this.journal.watch();
    const first = stream.next();
    await pause(200);
    await this.transfer('first');
    this.note((await first) as ChangeStreamInsertDocument<Transfer>);
    await stream.close();
  }

  stop(): void {
    this.stopped = true;
  }

  async run(): Promise<void> {
    const workers = Array.from({ length: WORKERS }, (_, id) => this.work(id));
    const follower = this.follow();
    await Promise.all([...workers, this.count()]);
    this.awaited = await this.journal.countDocuments({});
    await follower;
  }

  /** Resolves when the clients have found the engine and are at full load. */
  async underWay(): Promise<void> {
    const enough = this.acknowledged.size + WORKERS * 2;
    const until = Date.now() + QUIET_MS;
    while (this.acknowledged.size < enough && Date.now() < until) await pause(10);
  }

  private async work(id: number): Promise<void> {
    for (let n = 0; !this.stopped; n++) {
      const key = `${id}-${n}`;
      await this.transfer(key).then(
        () => this.acknowledged.add(key),
        () => this.unknown.add(key),
      );
    }
  }

  private async transfer(key: string): Promise<void> {
    const from = this.random(ACCOUNTS);
    const to = (from + 1 + this.random(ACCOUNTS - 1)) % ACCOUNTS;
    const yen = BigInt(1 + this.random(9));
    const post = async (session: ClientSession): Promise<void> => {
      await this.accounts.updateOne({ n: from }, { $inc: { yen: -yen } }, { session });
      await this.accounts.updateOne({ n: to }, { $inc: { yen } }, { session });
      await this.journal.insertOne({ key, from, to, yen }, { session });
    };
    await this.client.withSession(async (session) => {
      const until = Date.now() + PATIENCE_MS;
      while (!(await committed(session, post, until))) await pause(this.random(20));
    });
  }

  private async count(): Promise<void> {
    while (!this.stopped) {
      await this.counters.updateOne({ name: 'all' }, { $inc: { n: 1n } }).then(
        () => (this.counts.acknowledged += 1),
        () => (this.counts.unknown += 1),
      );
    }
  }

  private async follow(): Promise<void> {
    let quietSince = Date.now();
    // To the end of the journal, or until nothing has come for long: then the check says what is missing.
    const done = (): boolean =>
      this.streamed.length >= this.awaited ||
      (this.awaited < Infinity && Date.now() - quietSince > QUIET_MS);
    while (!done()) {
      const stream = this.journal.watch([], { resumeAfter: this.resumeAfter, maxAwaitTimeMS: 100 });
      try {
        while (!done()) {
          const event = await stream.tryNext();
          if (!event) continue;
          this.note(event as ChangeStreamInsertDocument<Transfer>);
          quietSince = Date.now();
        }
      } catch {
        // The engine was killed and the driver's own resume was too early: again from the last token.
      } finally {
        await stream.close().catch(() => undefined);
      }
    }
  }

  private note(event: ChangeStreamInsertDocument<Transfer>): void {
    this.streamed.push(event.fullDocument.key);
    this.resumeAfter = event._id;
  }

  async verify(rounds: number): Promise<CrashReport> {
    const journal = await this.journal.find().toArray();
    const accounts = await this.accounts.find().toArray();
    const counter = await this.counters.findOne({ name: 'all' });
    const counted = Number(counter?.['n']);
    await this.client.close();
    const findings = [
      ...this.checkJournal(journal.map(({ key }) => key)),
      ...checkBalances(accounts, journal),
      ...this.checkStream(journal.map(({ key }) => key)),
    ];
    const { acknowledged, unknown } = this.counts;
    if (counted < acknowledged || counted > acknowledged + unknown)
      findings.push(`counted ${counted}, told ${acknowledged} times and ${unknown} times unknown`);
    return {
      rounds,
      counted,
      findings,
      acknowledged: this.acknowledged.size,
      unknown: this.unknown.size,
    };
  }

  private checkJournal(keys: readonly string[]): string[] {
    const times = new Map<string, number>();
    for (const key of keys) times.set(key, (times.get(key) ?? 0) + 1);
    return [
      ...[...times].filter(([, n]) => n > 1).map(([key, n]) => `${key} was committed ${n} times`),
      ...[...this.acknowledged].filter((key) => !times.has(key)).map((key) => `${key} is lost`),
    ];
  }

  private checkStream(keys: readonly string[]): string[] {
    const times = new Map<string, number>();
    for (const key of this.streamed) times.set(key, (times.get(key) ?? 0) + 1);
    const there = new Set(keys);
    return [
      ...keys.filter((key) => !times.has(key)).map((key) => `the stream has not told ${key}`),
      ...[...times].filter(([, n]) => n > 1).map(([key]) => `the stream has told ${key} twice`),
      ...[...times.keys()].filter((key) => !there.has(key)).map((key) => `${key} was told only`),
    ];
  }
}

/**
 * Runs a transaction; false when it surely did not happen. A commit without an answer is asked again
 * until there is one: the driver's own helper gives up when several connections break at once.
 */
async function committed(
  session: ClientSession,
  run: (session: ClientSession) => Promise<void>,
  until: number,
): Promise<boolean> {
  session.startTransaction();
  try {
    await run(session);
  } catch (error) {
    await session.abortTransaction().catch(() => undefined);
    if (Date.now() > until) throw error;
    return false;
  }
  for (;;) {
    try {
      await session.commitTransaction();
      return true;
    } catch (error) {
      if ((error as MongoError).hasErrorLabel('TransientTransactionError')) return false;
      if (Date.now() > until) throw error;
      await pause(20);
    }
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function checkBalances(accounts: readonly Document[], journal: readonly Transfer[]): string[] {
  const balances = new Map(accounts.map((account) => [Number(account['n']), OPENING]));
  for (const { from, to, yen } of journal) {
    balances.set(Number(from), (balances.get(Number(from)) ?? 0n) - yen);
    balances.set(Number(to), (balances.get(Number(to)) ?? 0n) + yen);
  }
  return accounts
    .filter((account) => balances.get(Number(account['n'])) !== account['yen'])
    .map((account) => `account ${account['n']} has ${account['yen']}, its journal says otherwise`);
}
