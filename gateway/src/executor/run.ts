import type { ExecutionResult } from 'graphql';
import {
  errorsIn,
  MALFORMED,
  placeErrors,
  type PlacedError,
  type SubgraphError,
} from './placed-errors.ts';
import type { Merge } from './merge.ts';
import { isJsonObject, type JsonObject, own } from './own-keys.ts';
import { partOf } from './part-of-answer.ts';
import { objectsAt } from './places.ts';
import { type Batch, batchOf } from './batch.ts';
import type {
  FetchStep,
  JointStep,
  PreparedCall,
  PreparedFetch,
  Step,
  SubscriptionStep,
} from './steps.ts';

/** What came of asking a subgraph. */
export type Answer = ExecutionResult & {
  /** The subgraph has said nothing: the errors are ours. */
  readonly isUnanswered?: true;
};

/** Asks a subgraph on behalf of one request. A failure is an answer with an error, never a rejection. */
export type Ask = (
  call: PreparedCall,
  variables: JsonObject,
  batches: readonly Batch[],
) => Promise<Answer>;

/** The work on one request. Nothing of a request lives anywhere else. */
export interface Run {
  readonly variables: JsonObject;
  readonly ask: Ask;
  readonly merge: Merge;
  /** What the subgraphs have answered so far, under inner keys. */
  readonly root: JsonObject;
  readonly errors: PlacedError[];
}

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
  if (step.kind === 'joint') return runJoint(run, step);
  if (step.kind === 'subscription') throw new Error('a subscription is run event by event');
  return allOf(step.steps.map((each) => runStep(run, each)));
}

function allOf(works: readonly (Promise<void> | undefined)[]): Promise<void> | undefined {
  const pending = works.filter((work) => work !== undefined);
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
  const wanted = wantedBy(run, step);
  return wanted && askAlone(run, step, wanted);
}

/** What a fetch is about in this request. */
interface Wanted {
  readonly targets: readonly JsonObject[];
  readonly batch: Batch | undefined;
}

/** Nothing if there is nothing to ask for. */
function wantedBy({ root }: Run, { at, fetch }: FetchStep): Wanted | undefined {
  const targets = at.length === 0 ? [root] : objectsAt(root, at);
  if (targets.length === 0) return undefined;
  const batch = fetch.represent && batchOf(targets, fetch.represent);
  return batch?.representations.length === 0 ? undefined : { targets, batch };
}

async function askAlone(run: Run, step: FetchStep, { targets, batch }: Wanted): Promise<void> {
  const { fetch } = step;
  const variables = pick(run.variables, fetch.variables);
  const answer = await run.ask(fetch, variables, batch ? [batch] : []);
  take(run, step, { targets, batch, answer });
}

/** As many representations as a subgraph takes at once (docs/adr/0009-gateway-limits.md). */
const MOST_REPRESENTATIONS = 1_000;

/** A part of a joint call that wants something, and what it is called there. */
interface LivePart extends Wanted {
  readonly step: FetchStep;
  readonly name: string;
}

/** Asks for the parts in one call, then does what follows each. Parts that want nothing send no representations. */
function runJoint(run: Run, { call, parts }: JointStep): Promise<void> | undefined {
  const wanted = parts.map(({ step }) => wantedBy(run, step));
  const live = parts.flatMap(({ step }, index) => {
    const each = wanted[index];
    return each ? [{ step, name: call.lists[index] ?? '', ...each }] : [];
  });
  const following = () => allOf(parts.map(({ rest }) => rest && runStep(run, rest)));
  if (live.length === 0) return following();
  const all = live.reduce((sum, { batch }) => sum + (batch?.representations.length ?? 0), 0);
  const asked =
    live.length === 1 || all > MOST_REPRESENTATIONS
      ? eachAlone(run, live)
      : askTogether(run, call, { live, batches: wanted.map((each) => each?.batch ?? NOTHING) });
  return asked.then(following);
}

const NOTHING: Batch = { representations: [], json: '', indices: [] };

const eachAlone = async (run: Run, live: readonly LivePart[]): Promise<void> => {
  await Promise.all(live.map((part) => askAlone(run, part.step, part)));
};

async function askTogether(
  run: Run,
  call: PreparedCall,
  { live, batches }: { live: readonly LivePart[]; batches: readonly Batch[] },
): Promise<void> {
  const answer = await run.ask(call, pick(run.variables, call.variables), batches);
  // A fault of one part can cost the others their data, or the subgraph refuses the whole: each is asked for by itself.
  if (!answer.isUnanswered && !hasAll(answer.data, call.lists)) return eachAlone(run, live);
  for (const { step, name, targets, batch } of live) {
    take(run, step, { targets, batch, answer: partOf(answer, name, call.lists) });
  }
}

const hasAll = (data: unknown, names: readonly string[]): boolean =>
  isJsonObject(data) && names.every((name) => Array.isArray(own(data, name)));

function pick(variables: JsonObject, names: readonly string[]): JsonObject {
  const picked: JsonObject = {};
  for (const name of names) if (Object.hasOwn(variables, name)) picked[name] = variables[name];
  return picked;
}

interface Taken {
  readonly targets: readonly JsonObject[];
  readonly batch: Batch | undefined;
  readonly answer: Answer;
}

function take(run: Run, step: FetchStep, { targets, batch, answer }: Taken): void {
  const errors = errorsIn(answer);
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
