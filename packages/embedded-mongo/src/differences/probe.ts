import { COMMAND_NAMES } from '../commands/command-names.ts';
import type { Encodable, Plain } from '../values/encode.ts';
import type { Doc } from '../values/types.ts';
import { COMMAND_ARGUMENTS, INDEX_KINDS, INDEX_OPTIONS, PROBE_ROWS } from './surface-commands.ts';
import {
  ACCUMULATORS,
  EXPRESSIONS,
  FILTER_OPERATORS,
  PROJECTION_OPERATORS,
  STAGES,
  TOP_FILTER_OPERATORS,
  UPDATE_OPERATORS,
} from './surface-operators.ts';

/** Runs a command on an engine and gives its answer, errors included. */
export type Run = (command: Plain, db?: string) => Promise<Doc>;

/** Something of MongoDB 8.0 that the engine does not do, and what it says. */
export interface Refusal {
  readonly area: string;
  readonly name: string;
  readonly code: number;
  readonly message: string;
}

/** Not implemented; and what a server without search answers. */
const REFUSED = new Set([238, 31082]);
/** A connection answers these itself, before the engine is asked. */
const CONNECTION = new Set(['hello', 'logout', 'saslStart', 'saslContinue']);
/** What the engine answers to a name that nobody knows; nothing of MongoDB may be answered so. */
const UNKNOWN = new Set([59, 168, 15952, 31325, 40324, 40415]);

const codeOf = (reply: Doc): number =>
  Number(reply.get('code') ?? firstError(reply)?.get('code') ?? 0);
const firstError = (reply: Doc): Doc | undefined =>
  (reply.get('writeErrors') as Doc[] | undefined)?.[0];

/**
 * Tries everything on the lists of MongoDB's surface and gives back what is refused. A name that is
 * known may still be answered with an error here: the arguments are only good enough to be looked at.
 */
export async function probeSurface(run: Run): Promise<Refusal[]> {
  const refusals: Refusal[] = [];
  const ask = async (area: string, name: string, command: Plain, db?: string): Promise<void> => {
    const reply = await run(command, db);
    const code = codeOf(reply);
    const message = String(reply.get('errmsg') ?? firstError(reply)?.get('errmsg') ?? '');
    if (
      REFUSED.has(code) ||
      UNKNOWN.has(code) ||
      /unknown (operator|top level)|Unknown modifier/.test(message)
    )
      refusals.push({ area, name, code, message });
  };
  const start = async (): Promise<void> => {
    await run({ dropDatabase: 1 });
    await run({ insert: 'rows', documents: [...PROBE_ROWS] });
    await run({
      createIndexes: 'rows',
      indexes: [
        { key: { at: 1 }, name: 'at', expireAfterSeconds: 600_000_000 },
        { key: { a: 1 }, name: 'a' },
      ],
    });
  };
  for (const name of COMMAND_NAMES)
    if (!CONNECTION.has(name)) await ask('command', name, { [name]: 1 }, 'admin');
  for (const [name, { base, db, arguments: all }] of Object.entries(COMMAND_ARGUMENTS)) {
    for (const [argument, value] of Object.entries(all)) {
      await start();
      const more: Plain = name === 'find' && /^(min|max)$/.test(argument) ? { hint: 'a' } : {};
      await ask(`argument of ${name}`, argument, { ...base, ...more, [argument]: value }, db);
    }
  }
  await start();
  await probeIndexes(ask);
  await probeOperators(ask);
  return refusals;
}

type Ask = (area: string, name: string, command: Plain, db?: string) => Promise<void>;

async function probeIndexes(ask: Ask): Promise<void> {
  const index = (key: Plain, more: Plain): Plain => ({
    createIndexes: 'indexed',
    indexes: [{ key, name: 'probe', ...more }],
  });
  for (const [name, value] of Object.entries(INDEX_OPTIONS)) {
    await ask('option of an index', name, index({ c: 1 }, { [name]: value }));
    await ask('option of an index', name, { dropIndexes: 'indexed', index: '*' });
  }
  for (const kind of INDEX_KINDS)
    await ask('kind of index', kind, index(kind === 'wildcard' ? { '$**': 1 } : { c: kind }, {}));
}

async function probeOperators(ask: Ask): Promise<void> {
  const pipeline = (stage: Plain): Plain => ({ aggregate: 'rows', pipeline: [stage], cursor: {} });
  const find = (filter: Plain): Plain => ({ find: 'rows', filter });
  for (const name of STAGES)
    await ask('aggregation stage', name, pipeline({ [name]: sample(name) }));
  for (const name of FILTER_OPERATORS)
    await ask('filter operator', name, find({ a: { [name]: 1 } }));
  for (const name of TOP_FILTER_OPERATORS) await ask('filter operator', name, find({ [name]: 1 }));
  for (const name of UPDATE_OPERATORS)
    await ask('update operator', name, {
      update: 'rows',
      updates: [{ q: { _id: 1 }, u: { [name]: { list: 1 } } }],
    });
  for (const name of PROJECTION_OPERATORS)
    await ask('projection operator', name, {
      find: 'rows',
      projection: { list: { [name]: name === '$meta' ? 'textScore' : 1 } },
    });
  for (const name of ACCUMULATORS)
    await ask('accumulator', name, pipeline({ $group: { _id: null, x: { [name]: {} } } }));
  for (const name of EXPRESSIONS)
    await ask('expression operator', name, pipeline({ $project: { x: { [name]: '$a' } } }));
}

const sample = (stage: string): Encodable =>
  stage === '$unionWith' || stage === '$out' || stage === '$merge' ? 'other' : {};
