import type { FetchNode, QueryPlan } from '@apollo/query-planner';
import { Kind, parse } from 'graphql';
import { bodyHead, joinFetches } from './join-fetches.ts';
import type { Kinds } from './kinds.ts';
import type { Repairs } from './repairs.ts';
import { compileRepresent, type Represent } from './representation.ts';
import { compileRewrites, renamedKeys, type Rewrite } from './rewrites.ts';
import { UnsupportedOperation } from './unsupported.ts';

/** One call of a subgraph, with everything that is the same for each request. */
export interface PreparedCall {
  readonly subgraph: string;
  readonly query: string;
  readonly operationName: string | undefined;
  readonly kind: 'query' | 'mutation';
  readonly variables: readonly string[];
  /** The body of the call up to its variables, as JSON text. */
  readonly bodyHead: string;
  /** The variables with representations of entities, one for each batch of them. */
  readonly lists: readonly string[];
}

/** A call, and what is made of its answer. */
export interface PreparedFetch extends PreparedCall {
  /** Keys that the data has at its top in any case: without one of them it is no answer. */
  readonly keys: readonly string[];
  /** For a fetch of entities. */
  readonly represent: Represent | undefined;
  readonly rewrites: readonly Rewrite[];
  /** Keys of the answer that the rewrites rename: a place of an error is told in the later names. */
  readonly renamed: ReadonlyMap<string, string>;
}

/** What a plan comes to. A place is a list of keys; `@` crosses a list. */
export type Step =
  | { readonly kind: 'one after another'; readonly steps: readonly Step[] }
  | { readonly kind: 'all at once'; readonly steps: readonly Step[] }
  | FetchStep
  | JointStep
  | SubscriptionStep;

/** One fetch, for everything at a place. */
export interface FetchStep {
  readonly kind: 'fetch';
  readonly at: readonly string[];
  readonly fetch: PreparedFetch;
}

/** Fetches of one wave from one subgraph in one call, and what follows each. */
export interface JointStep {
  readonly kind: 'joint';
  readonly call: PreparedCall;
  readonly parts: readonly Head[];
}

/** A fetch that could be made at once, and what is to be done after it. */
export interface Head {
  readonly step: FetchStep;
  readonly rest: Step | undefined;
}

/** A source that tells of events, and what is to be done for each. */
export interface SubscriptionStep {
  readonly kind: 'subscription';
  readonly source: PreparedFetch;
  readonly rest: Step | undefined;
}

type PlanNode = NonNullable<QueryPlan['node']>;

/** Prepares a plan; nothing if there is nothing to do. @throws UnsupportedOperation */
export function prepareSteps(plan: QueryPlan, kinds: Kinds, repairs: Repairs): Step | undefined {
  return plan.node ? prepare(plan.node, [], { kinds, repairs }) : undefined;
}

interface Preparing {
  readonly kinds: Kinds;
  readonly repairs: Repairs;
}

function prepare(node: PlanNode, at: readonly string[], deps: Preparing): Step | undefined {
  const { kinds, repairs } = deps;
  switch (node.kind) {
    case 'Sequence':
      return inOrder(node.nodes.flatMap((each) => prepare(each, at, deps) ?? []));
    case 'Parallel': {
      const found = node.nodes.flatMap((each) => prepare(each, at, deps) ?? []);
      const steps = repairs.joinFetches ? joined(found) : found;
      return steps.length <= 1 ? steps[0] : { kind: 'all at once', steps };
    }
    case 'Flatten':
      return prepare(node.node, [...at, ...node.path.map(String)], deps);
    case 'Fetch':
      return { kind: 'fetch', at, fetch: prepareFetch(node, kinds) };
    case 'Subscription':
      return {
        kind: 'subscription',
        source: prepareFetch(node.primary, kinds),
        rest: node.rest && prepare(node.rest, [], deps),
      };
    default:
      // Conditions were decided before planning; @defer is not executed here.
      throw new UnsupportedOperation(`a plan with ${node.kind} is not executed`);
  }
}

function inOrder(steps: readonly Step[]): Step | undefined {
  return steps.length <= 1 ? steps[0] : { kind: 'one after another', steps };
}

/** Steps that begin at once, those of them in one that begin by asking the same subgraph for entities. */
function joined(steps: readonly Step[]): readonly Step[] {
  const bySubgraph = new Map<string, Head[]>();
  const others: Step[] = [];
  for (const step of steps) {
    const head = headOf(step);
    if (!head) {
      others.push(step);
      continue;
    }
    const { subgraph } = head.step.fetch;
    const heads = bySubgraph.get(subgraph);
    if (heads) heads.push(head);
    else bySubgraph.set(subgraph, [head]);
  }
  const ofSubgraphs = [...bySubgraph.values()].flatMap((parts): readonly Step[] => {
    const call = parts.length > 1 ? joinFetches(parts.map(({ step }) => step.fetch)) : undefined;
    if (call) return [{ kind: 'joint', call, parts }];
    return parts.flatMap(({ step, rest }) => inOrder([step, ...(rest ? [rest] : [])]) ?? []);
  });
  return [...ofSubgraphs, ...others];
}

/** How a step begins, if it begins with a fetch of entities. */
function headOf(step: Step): Head | undefined {
  const [first, ...rest] = step.kind === 'one after another' ? step.steps : [step];
  if (first?.kind !== 'fetch' || !first.fetch.represent) return undefined;
  return { step: first, rest: inOrder(rest) };
}

function prepareFetch(node: FetchNode, kinds: Kinds): PreparedFetch {
  const { serviceName, operation, operationName, requires, inputRewrites, outputRewrites } = node;
  return {
    subgraph: serviceName,
    query: operation,
    operationName,
    kind: node.operationKind === 'mutation' ? 'mutation' : 'query',
    variables: node.variableUsages ?? [],
    bodyHead: bodyHead(operation, operationName),
    lists: requires?.length ? ['representations'] : [],
    keys: keysOf(operation),
    represent: requires?.length
      ? compileRepresent(requires, compileRewrites(inputRewrites, kinds), kinds)
      : undefined,
    rewrites: compileRewrites(outputRewrites, kinds),
    renamed: renamedKeys(outputRewrites),
  };
}

const keysOf = (operation: string): readonly string[] =>
  parse(operation, { noLocation: true }).definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION
      ? definition.selectionSet.selections.flatMap((selection) =>
          selection.kind === Kind.FIELD ? (selection.alias ?? selection.name).value : [],
        )
      : [],
  );
