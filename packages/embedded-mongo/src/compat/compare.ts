import { BSON, MongoServerError, type Db, type Document, type MongoClient } from 'mongodb';
import { SCENARIOS, type Scenario } from './calls.ts';

/** One call that two servers answer differently. */
export interface Difference {
  readonly scenario: string;
  readonly command: string;
  readonly one: string;
  readonly other: string;
}

/** What both were asked, and where their answers differ. */
export interface Comparison {
  readonly calls: number;
  readonly differences: readonly Difference[];
}

// What two servers may not agree about: times, who they are, how they work inside.
const LEFT_OUT = new Set([
  '$clusterTime',
  'operationTime',
  'electionId',
  'opTime',
  'codeName',
  'errInfo',
  'serverInfo',
  'queryPlanner',
  'explainVersion',
  'command',
  'ok',
  'queryShapeHash',
  'optimizationTimeMillis',
]);
const RAW = { promoteValues: false, promoteLongs: false, promoteBuffers: false } as const;

/** Sends the whole list to two servers and compares every answer, number types and codes included. */
export async function compareServers(one: MongoClient, other: MongoClient): Promise<Comparison> {
  const differences: Difference[] = [];
  let calls = 0;
  for (const scenario of SCENARIOS) {
    const [left, right] = await Promise.all([play(one, scenario), play(other, scenario)]);
    calls += left.length;
    for (const [i, answer] of left.entries()) {
      if (answer === right[i]) continue;
      const command = BSON.EJSON.stringify(scenario.commands[i] ?? {});
      differences.push({ scenario: scenario.name, command, one: answer, other: right[i] ?? '' });
    }
  }
  return { calls, differences };
}

async function play(client: MongoClient, scenario: Scenario): Promise<string[]> {
  const db = client.db('embedded_mongo_compat');
  await db.dropDatabase();
  if (scenario.rows.length > 0)
    await db.collection('rows').insertMany(scenario.rows.map((row) => ({ ...row })) as Document[]);
  const answers: string[] = [];
  for (const command of scenario.commands) answers.push(await answer(db, command));
  await db.dropDatabase();
  return answers;
}

// Messages differ between versions of MongoDB too; the code is what programs read.
async function answer(db: Db, command: Document): Promise<string> {
  try {
    const reply = await db.command(command, RAW);
    return BSON.EJSON.stringify(shown(reply), { relaxed: false });
  } catch (error) {
    if (!(error instanceof MongoServerError)) throw error;
    return `error ${error.code}`;
  }
}

function shown(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) {
    const list = value.map((item) => shown(item));
    return name === 'writeErrors' ? list.map((item) => withoutMessage(item as Document)) : list;
  }
  if (!isPlain(value)) return value;
  const kept = Object.entries(value).filter(([key]) => !LEFT_OUT.has(key));
  return Object.fromEntries(
    kept.map(([key, item]) => [
      key,
      key === 'cursor' ? { ...(shown(item) as Document), id: 0 } : shown(item, key),
    ]),
  );
}

const withoutMessage = (error: Document): Document =>
  Object.fromEntries(Object.entries(error).filter(([name]) => name !== 'errmsg'));

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  [Object.prototype, null].includes(Object.getPrototypeOf(value) as null);
