import type { ExecutionResult } from 'graphql';
import { placeErrors, type PlacedError, type SubgraphError } from './placed-errors.ts';
import type { Merge } from './merge.ts';
import { isJsonObject, type JsonObject } from './own-keys.ts';
import { objectsAt } from './places.ts';
import { type Batch, batchOf } from './batch.ts';
import type { PreparedFetch, Step, SubscriptionStep } from './steps.ts';

/** Asks a subgraph on behalf of one request. A failure is an answer with an error, never a rejection. */
export type Ask = (
  fetch: PreparedFetch,
  variables: JsonObject,
  batch: Batch | undefined,
) => Promise<ExecutionResult>;

/** The work on one request. Nothing of a request lives anywhere else. */
export interface Run {
  readonly variables: JsonObject;
  readonly ask: Ask;
  readonly merge: Merge;
  /** What the subgraphs have answered so far, under inner keys. */
  readonly root: JsonObject;
  readonly errors: PlacedError[];
}

type FetchStep = Extract<Step, { kind: 'fetch' }>;

/** Takes what the source of a subscription told, and does the rest of the plan for it. */
export function runEvent(
  run: Run,
  { source, rest }: SubscriptionStep,
  event: ExecutionResult,
): Promise<void> | undefined {
  const step: FetchStep = { kind: 'fetch', at: [], fetch: source };
  take(run, step, { targets: [run.root], batch: undefined, answer: event });
  return rest && runStep(run, rest);
}

/** Does a step. Nothing is returned if there was nothing to wait for. */
export function runStep(run: Run, step: Step): Promise<void> | undefined {
  if (step.kind === 'fetch') return runFetch(run, step);
  if (step.kind === 'one after another') return runFrom(run, step.steps, 0);
  if (step.kind === 'subscription') throw new Error('a subscription is run event by event');
  const pending = step.steps.flatMap((each) => runStep(run, each) ?? []);
  if (pending.length <= 1) return pending[0];
  return Promise.all(pending).then(() => {});
}

function runFrom(run: Run, steps: readonly Step[], first: number): Promise<void> | undefined {
  for (let index = first; index < steps.length; index += 1) {
    const step = steps[index];
    const pending = step && runStep(run, step);
    if (pending) return pending.then(() => runFrom(run, steps, index + 1));
  }
  return undefined;
}

function runFetch(run: Run, step: FetchStep): Promise<void> | undefined {
  const { at, fetch } = step;
  const targets = at.length === 0 ? [run.root] : objectsAt(run.root, at);
  if (targets.length === 0) return undefined;
  const batch = fetch.represent && batchOf(targets, fetch.represent);
  if (batch?.representations.length === 0) return undefined;
  return run
    .ask(fetch, pick(run.variables, fetch.variables), batch)
    .then((answer) => take(run, step, { targets, batch, answer }));
}

function pick(variables: JsonObject, names: readonly string[]): JsonObject {
  const picked: JsonObject = {};
  for (const name of names) if (Object.hasOwn(variables, name)) picked[name] = variables[name];
  return picked;
}

const MALFORMED: SubgraphError = {
  message: 'A service did not answer properly.',
  extensions: { code: 'SUBGRAPH_MALFORMED' },
};

interface Taken {
  readonly targets: readonly JsonObject[];
  readonly batch: Batch | undefined;
  readonly answer: ExecutionResult;
}

function take(run: Run, step: FetchStep, { targets, batch, answer }: Taken): void {
  const errors: readonly SubgraphError[] = answer.errors ?? [];
  const place = (each: readonly SubgraphError[]) => placeErrors(run, step, batch, each);
  place(errors);
  const { data } = answer;
  const parts = partsOf(data, step.fetch, batch);
  if (!parts) {
    // A null with its reasons is an answer; anything else that is no answer has to be told.
    if (errors.length === 0 || (data !== null && data !== undefined)) place([MALFORMED]);
    return;
  }
  for (const part of parts) for (const rewrite of step.fetch.rewrites) rewrite(part);
  for (const [index, target] of targets.entries()) {
    const part = parts[batch ? (batch.indices[index] ?? -1) : 0];
    if (isJsonObject(part)) run.merge(target, part);
  }
}

/** What there is to merge: the data, or the entities one by one. Nothing if the answer has another form. */
function partsOf(
  data: ExecutionResult['data'],
  { keys }: PreparedFetch,
  batch: Batch | undefined,
): readonly unknown[] | undefined {
  if (!isJsonObject(data)) return undefined;
  for (const key of keys) if (!Object.hasOwn(data, key)) return undefined;
  if (!batch) return [data];
  const entities = data['_entities'];
  if (!Array.isArray(entities) || entities.length !== batch.representations.length)
    return undefined;
  return entities.every((entity) => entity === null || isJsonObject(entity)) ? entities : undefined;
}
