import type { FetchNode, QueryPlan } from '@apollo/query-planner';
import { Kind, parse } from 'graphql';
import type { Kinds } from './kinds.ts';
import { compileRepresent, type Represent } from './representation.ts';
import { compileRewrites, renamedKeys, type Rewrite } from './rewrites.ts';
import { UnsupportedOperation } from './unsupported.ts';

/** One call of a subgraph, with everything that is the same for each request. */
export interface PreparedFetch {
  readonly subgraph: string;
  readonly query: string;
  readonly operationName: string | undefined;
  readonly kind: 'query' | 'mutation';
  readonly variables: readonly string[];
  /** The body of the call up to its variables, as JSON text. */
  readonly bodyHead: string;
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
  | { readonly kind: 'fetch'; readonly at: readonly string[]; readonly fetch: PreparedFetch }
  | SubscriptionStep;

/** A source that tells of events, and what is to be done for each. */
export interface SubscriptionStep {
  readonly kind: 'subscription';
  readonly source: PreparedFetch;
  readonly rest: Step | undefined;
}

type PlanNode = NonNullable<QueryPlan['node']>;

/** Prepares a plan; nothing if there is nothing to do. @throws UnsupportedOperation */
export function prepareSteps(plan: QueryPlan, kinds: Kinds): Step | undefined {
  return plan.node ? prepare(plan.node, [], kinds) : undefined;
}

function prepare(node: PlanNode, at: readonly string[], kinds: Kinds): Step | undefined {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel': {
      const steps = node.nodes.flatMap((each) => prepare(each, at, kinds) ?? []);
      if (steps.length <= 1) return steps[0];
      return { kind: node.kind === 'Sequence' ? 'one after another' : 'all at once', steps };
    }
    case 'Flatten':
      return prepare(node.node, [...at, ...node.path.map(String)], kinds);
    case 'Fetch':
      return { kind: 'fetch', at, fetch: prepareFetch(node, kinds) };
    case 'Subscription':
      return {
        kind: 'subscription',
        source: prepareFetch(node.primary, kinds),
        rest: node.rest && prepare(node.rest, [], kinds),
      };
    default:
      // Conditions were decided before planning; @defer is not executed here.
      throw new UnsupportedOperation(`a plan with ${node.kind} is not executed`);
  }
}

function prepareFetch(node: FetchNode, kinds: Kinds): PreparedFetch {
  const { serviceName, operation, operationName, requires, inputRewrites, outputRewrites } = node;
  const name =
    operationName === undefined ? '' : `,"operationName":${JSON.stringify(operationName)}`;
  return {
    subgraph: serviceName,
    query: operation,
    operationName,
    kind: node.operationKind === 'mutation' ? 'mutation' : 'query',
    variables: node.variableUsages ?? [],
    bodyHead: `{"query":${JSON.stringify(operation)}${name},"variables":`,
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
