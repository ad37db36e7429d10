import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getVariableValues,
  type GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import { Lru } from './lru.ts';
import type { JsonObject } from './own-keys.ts';
import { PlanUnavailable } from './plan-in-time.ts';
import type { Planner } from './planner.ts';
import type { Repairs } from './repairs.ts';
import { compileShape, type Shape } from './shape.ts';
import type { Step } from './steps.ts';
import { readSwitches, switchNames, type Switches } from './switches.ts';
import { UnsupportedOperation } from './unsupported.ts';

/** An operation with its switches set in one way: what to do, and what to make of the answers. */
export interface Variant {
  readonly steps: Step | undefined;
  readonly shape: Shape;
}

/** One operation of a client, compiled once for a supergraph. */
export interface Operation {
  readonly node: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** The variables of a request with defaults and types applied, or what is wrong with them. */
  coerce(
    given: Readonly<Record<string, unknown>> | undefined,
  ):
    | { readonly variables: JsonObject; readonly errors?: undefined }
    | { readonly errors: readonly GraphQLError[] };
  /**
   * Made when first needed, and later when another thread plans.
   * @throws UnsupportedOperation when a switch stands in no position, or nobody can answer; PlanUnavailable when too many wait
   */
  variantFor(variables: JsonObject): Variant | Promise<Variant>;
}

/** How many switches an operation may have: each doubles the plans that it can need. */
export const MOST_SWITCHES = 4;
const KEPT_VARIANTS = 2 ** MOST_SWITCHES;

interface OperationDeps {
  readonly schema: GraphQLSchema;
  readonly planner: Planner;
  readonly repairs: Repairs;
}

/** Takes an operation in hand. Plans are made when first needed. @throws UnsupportedOperation */
export function prepareOperation(
  document: DocumentNode,
  node: OperationDefinitionNode,
  { schema, planner, repairs }: OperationDeps,
): Operation {
  const rootType = schema.getRootType(node.operation);
  if (!rootType) throw new UnsupportedOperation(`a ${node.operation} is not answered here`);
  const names = switchNames(document, node);
  if (names.length > MOST_SWITCHES) {
    throw new UnsupportedOperation(
      `at most ${MOST_SWITCHES} variables may stand in @skip and @include, not ${names.length}`,
    );
  }
  const fragments = fragmentsOf(document);
  // What cannot be planned is kept as well: planning is the costly part, and it would fail again.
  const variants = new Lru<string, Variant | Promise<Variant> | Error>(KEPT_VARIANTS);
  const compile = (switches: Switches): Variant | Promise<Variant> => {
    const planned = planner.plan(document, node.name?.value, switches);
    const selections = { schema, fragments, switches };
    const shape = compileShape(selections, node.selectionSet, rootType, planner.innerKey);
    const variantOf = (steps: Step | undefined): Variant => {
      if (!steps && shape.wantsData && repairs.refuseEmptyPlans) {
        throw new UnsupportedOperation('no service can answer this operation');
      }
      return { steps, shape };
    };
    return planned instanceof Promise ? planned.then(variantOf) : variantOf(planned);
  };
  return {
    node,
    fragments,
    coerce: (given) => {
      const { variableDefinitions = [] } = node;
      if (variableDefinitions.length === 0) return { variables: {} };
      const read = getVariableValues(schema, variableDefinitions, given ?? {}, { maxErrors: 50 });
      return read.errors ? { errors: read.errors } : { variables: read.coerced };
    },
    variantFor: (variables) => {
      const switches = readSwitches(names, variables);
      if (!switches) throw new UnsupportedOperation('@skip and @include want true or false');
      const key = [...switches.values()].map(Number).join('');
      const known = variants.get(key);
      const variant = known ?? attempt(() => compile(switches));
      if (!known && !(variant instanceof PlanUnavailable)) variants.set(key, variant);
      if (variant instanceof Error) throw variant;
      return variant;
    },
  };
}

function attempt<Value>(make: () => Value): Value | Error {
  try {
    return make();
  } catch (error) {
    return error instanceof Error ? error : new Error('not an error', { cause: error });
  }
}

const fragmentsOf = (document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> =>
  new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  );
