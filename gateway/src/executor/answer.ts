import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Fault } from './completion.ts';
import { introspect } from './introspection.ts';
import { setOwn } from './own-keys.ts';
import type { Generation } from './generation.ts';
import type { Operation, Variant } from './operation.ts';
import { isRelated } from './places.ts';
import type { PlacedError } from './placed-errors.ts';
import { type Ask, type Run, runEvent, runStep } from './run.ts';

const MOST_FAULTS = 100;

/** One request, ready to be run. */
export interface PreparedRequest {
  readonly generation: Generation;
  readonly operation: Operation;
  readonly variant: Variant;
  readonly variables: Run['variables'];
  readonly ask: Ask;
  /** What the source of a subscription told: the answer is about this event. */
  readonly event?: ExecutionResult;
}

/** Runs a request and makes its answer. */
export async function answerTo(request: PreparedRequest): Promise<ExecutionResult> {
  const { variables, ask, variant, generation, event } = request;
  const run: Run = { variables, ask, merge: generation.merge, root: {}, errors: [] };
  if (event && variant.steps?.kind === 'subscription') await runEvent(run, variant.steps, event);
  else if (variant.steps) await runStep(run, variant.steps);
  const ofSchema = variant.shape.introspection.length === 0 ? [] : fillIntrospection(run, request);
  const { data, faults } = variant.shape.apply(run.root);
  const errors = [
    ...run.errors.map((error) => asGraphQL(error)),
    ...untold(faults, run.errors).map((error) => asGraphQL(error)),
    ...ofSchema,
  ];
  return errors.length === 0 ? { data } : { data, errors };
}

function fillIntrospection(run: Run, { generation, operation, variant }: PreparedRequest) {
  const { data, errors = [] } = introspect(generation.schema, operation, variant, run.variables);
  for (const { name, alias } of variant.shape.introspection) {
    const key = alias?.value ?? name.value;
    setOwn(run.root, generation.innerKey(name.value, key), data?.[key]);
  }
  return errors;
}

/** The faults that no error of a subgraph explains: a null under an error of its own is told once. */
function untold(faults: readonly Fault[], errors: readonly PlacedError[]): readonly PlacedError[] {
  const explained = (fault: Fault) =>
    errors.some(({ path }) => path === undefined || isRelated(path, fault.path));
  return faults
    .filter((fault) => !explained(fault))
    .slice(0, MOST_FAULTS)
    .map((fault) => ({ ...fault, extensions: { code: 'INVALID_SUBGRAPH_RESULT' } }));
}

const asGraphQL = ({ message, path, extensions }: PlacedError): GraphQLError =>
  new GraphQLError(message, { ...(path ? { path } : {}), extensions });
