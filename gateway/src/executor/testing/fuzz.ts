import {
  type DocumentNode,
  execute,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  parse,
  validate,
} from 'graphql';
import { difference } from './difference.ts';
import type { Driver } from './driver.ts';
import { randomFrom } from './random.ts';
import { randomOperation } from './random-operations.ts';

/** A case in which an executor answered otherwise than graphql-js. */
export interface WrongCase {
  readonly seed: number;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly difference: string;
}

export interface FuzzOptions {
  readonly whole: GraphQLSchema;
  /** The executors to be judged; cases go round among them. */
  readonly drivers: readonly Driver[];
  readonly cases: number;
  readonly seed: number;
  /** Stop after so many wrong cases. */
  readonly mostWrong?: number;
}

/** Asks random operations of executors and of graphql-js on the whole schema. The answers have to be the same. */
export async function fuzz({
  whole,
  drivers,
  cases,
  seed,
  mostWrong = 5,
}: FuzzOptions): Promise<{ cases: number; withErrors: number; wrong: readonly WrongCase[] }> {
  const wrong: WrongCase[] = [];
  let asked = 0;
  let withErrors = 0;
  for (let own = seed; asked < cases && wrong.length < mostWrong; own += 1) {
    const operation = validOperation(whole, own);
    if (!operation) continue;
    const driver = drivers[asked % drivers.length];
    if (!driver) throw new Error('nobody to ask');
    asked += 1;
    const { query, variables, document } = operation;
    const want = await execute({ schema: whole, document, variableValues: variables });
    const got = await answerOf(driver, operation);
    if (want.errors) withErrors += 1;
    const different = difference(want, got);
    if (different) wrong.push({ seed: own, query, variables, difference: different });
  }
  return { cases: asked, withErrors, wrong };
}

/** The operation of a seed; nothing if it is not valid. */
export function validOperation(whole: GraphQLSchema, seed: number) {
  const operation = randomOperation(whole, randomFrom(seed));
  const document = parse(operation.query);
  return validate(whole, document).length === 0 ? { ...operation, document } : undefined;
}

async function answerOf(
  driver: Driver,
  operation: {
    readonly query: string;
    readonly variables: Readonly<Record<string, unknown>>;
    readonly document: DocumentNode;
  },
): Promise<ExecutionResult> {
  try {
    return await driver.ask(operation);
  } catch (error) {
    return {
      data: null,
      errors: [new GraphQLError(`it crashed: ${String(error)}`, { path: ['crash'] })],
    };
  }
}
