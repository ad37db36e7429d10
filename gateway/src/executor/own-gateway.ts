import { ApolloGateway } from '@apollo/gateway';
import type { ApolloServerOptions } from '@apollo/server';
import type { Log } from '@7pay/telemetry';
import { type ExecutionResult, GraphQLError, type GraphQLSchema, OperationTypeNode } from 'graphql';
import type { GatewayContext } from '../gateway.ts';
import { withoutClient } from '../reach/deadline.ts';
import { answerTo } from './answer.ts';
import { askFor, type Asking, noAnswer } from './ask.ts';
import { type Generation, openGeneration, type OpenReach } from './generation.ts';
import type { KnownOperation, KnownText } from './known-operation.ts';
import type { Operation } from './operation.ts';
import type { JsonObject } from './own-keys.ts';
import { prepareSubscription } from '../subscriptions/prepare-subscription.ts';
import type { RegisteredDocument } from '../supergraph/registered-document.ts';
import { PlanUnavailable, planInTime } from './plan-in-time.ts';
import { ALL_REPAIRS, type Repairs } from './repairs.ts';
import { type PlannersInThread, plannersInThread } from './planners-in-thread.ts';
import { openThreadedPlanner } from './threaded-planner.ts';
import { type UnanswerableDocument, warmUp } from './warm-up.ts';

type GatewayInterface = NonNullable<ApolloServerOptions<GatewayContext>['gateway']>;
type Listener = Parameters<GatewayInterface['onSchemaLoadOrUpdate']>[0];
type Executor = NonNullable<Awaited<ReturnType<GatewayInterface['load']>>['executor']>;
type RequestContext = Parameters<Executor>[0];
type SupergraphSource = NonNullable<
  Extract<
    ConstructorParameters<typeof ApolloGateway>[0],
    { supergraphSdl?: unknown }
  >['supergraphSdl']
>;

export interface OwnGatewayOptions {
  /**
   * The supergraph with what is known to be asked of it: its planner lives in another thread, and it serves when those
   * documents are planned. Or what loads and replaces it, as `@apollo/gateway` takes it: then plans are made in this thread.
   */
  readonly supergraphSdl: NextSupergraph | SupergraphSource;
  readonly openReach: OpenReach;
  /** How long a request may take: afterwards nobody uses the way to the subgraphs of an earlier supergraph. */
  readonly deadlineMs: number;
  readonly repairs?: Repairs;
  /** Where plans are made that are not made in this thread; a thread of its own unless told. */
  readonly threads?: PlannersInThread;
  readonly log: Log;
}

/** A supergraph that is to serve, and what is known to be asked of it. */
export interface NextSupergraph {
  readonly sdl: string;
  readonly documents: readonly RegisteredDocument[];
}

const GRACE_MS = 1_000;

/**
 * A gateway for ApolloServer that executes plans by itself. Each supergraph becomes a {@link Generation} here before the
 * server hears of it; where `@apollo/gateway` is to load and check supergraphs, it does so inside.
 */
export class OwnGateway implements GatewayInterface {
  readonly #options: OwnGatewayOptions;
  readonly #inner: ApolloGateway | undefined;
  readonly #listeners = new Set<Listener>();
  readonly #generations = new WeakMap<GraphQLSchema, Generation>();
  readonly #retiring = new Map<NodeJS.Timeout, Generation>();
  #latest: Generation | undefined;
  #fault: unknown;
  #isStopped = false;
  readonly #threads: PlannersInThread;

  constructor(options: OwnGatewayOptions) {
    this.#options = options;
    const { supergraphSdl, threads = plannersInThread() } = options;
    this.#threads = threads;
    if (isNext(supergraphSdl)) return;
    this.#inner = new ApolloGateway({
      supergraphSdl,
      buildService: () => ({ process: () => Promise.reject(new Error('never asked')) }),
      logger: quiet,
    });
    this.#inner.onSchemaLoadOrUpdate((update) => this.#take(update));
  }

  onSchemaLoadOrUpdate(listener: Listener): () => void {
    this.#listeners.add(listener);
    if (this.#latest) listener(told(this.#latest));
    return () => void this.#listeners.delete(listener);
  }

  async load(options: Parameters<GatewayInterface['load']>[0]): Promise<{ executor: Executor }> {
    const { supergraphSdl, log } = this.#options;
    await this.#inner?.load(options);
    if (isNext(supergraphSdl)) {
      // At start there is none before: what cannot be answered is told, and the rest is served.
      const tell = (cause: UnanswerableDocument) => log.error('operation.unanswerable', { cause });
      await this.#replace(supergraphSdl, tell).catch(async (cause: unknown) => {
        await this.#threads.close(); // nobody stops what did not start
        throw cause;
      });
    }
    if (!this.#latest) throw this.#fault;
    return { executor: (context) => this.#execute(context) };
  }

  /**
   * Lets another supergraph serve. Its planner lives in another thread, and the documents are planned before the
   * first request meets it. @throws what is wrong with it; the one before serves on
   */
  replace(next: NextSupergraph): Promise<void> {
    return this.#replace(next);
  }

  async #replace(
    { sdl, documents }: NextSupergraph,
    onUnanswerable?: (fault: UnanswerableDocument) => void,
  ): Promise<void> {
    const { openReach, repairs = ALL_REPAIRS } = this.#options;
    const planner = await openThreadedPlanner(this.#threads, sdl, repairs);
    const generation = openGeneration(
      { schema: planner.apiSchema(), sdl },
      { openReach, repairs, planner },
    );
    try {
      await warmUp(generation, documents, onUnanswerable);
      if (this.#isStopped) throw new Error('the gateway was stopped');
      this.#serve(generation);
    } catch (error) {
      await generation.close();
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#inner?.stop();
    for (const timer of this.#retiring.keys()) clearTimeout(timer);
    const open = [...this.#retiring.values(), ...(this.#latest ? [this.#latest] : [])];
    this.#retiring.clear();
    await Promise.all(open.map((generation) => generation.close()));
    await this.#threads.close();
  }

  #take(update: Parameters<Listener>[0]): void {
    const { apiSchema: schema, coreSupergraphSdl: sdl } = update;
    const { openReach, repairs = ALL_REPAIRS, log } = this.#options;
    let generation: Generation;
    try {
      generation = openGeneration({ schema, sdl }, { openReach, repairs });
    } catch (cause) {
      this.#fault = cause;
      log.error('supergraph.refused', { cause });
      return; // the one before serves on
    }
    this.#serve(generation);
  }

  #serve(generation: Generation): void {
    const earlier = this.#latest;
    this.#generations.set(generation.schema, generation);
    for (const listener of this.#listeners) listener(told(generation));
    this.#latest = generation;
    if (earlier) this.#retire(earlier);
  }

  #retire(generation: Generation): void {
    const timer = setTimeout(() => {
      this.#retiring.delete(timer);
      void generation.close();
    }, this.#options.deadlineMs + GRACE_MS);
    timer.unref();
    this.#retiring.set(timer, generation);
  }

  /**
   * An operation that was valid and admitted before, in the generation that serves: it needs to be neither read nor validated
   * again. Variables that cannot be read are the server's business, which has words for them.
   */
  known({ query, operationName, variables }: KnownText): KnownOperation | undefined {
    const generation = this.#latest;
    const operation = generation?.known(query, operationName);
    if (!generation || !operation) return undefined;
    // A subscription is no answer: the server decides whether its client takes events.
    if (operation.node.operation === OperationTypeNode.SUBSCRIPTION) return undefined;
    const coerced = operation.coerce(variables);
    if (coerced.errors) return undefined;
    return {
      operation,
      schema: generation.schema,
      execute: (asking) => this.#run(generation, operation, coerced.variables, asking),
    };
  }

  async #execute(context: RequestContext): Promise<ExecutionResult<Record<string, unknown>>> {
    const generation = this.#generations.get(context.schema);
    if (!generation) throw new Error('a request of a schema that was never loaded');
    const { document, operation: node, queryHash, source, request } = context;
    const { operationName, variables } = request;
    let operation: Operation;
    try {
      const asked = { document, operation: node, queryHash, source, operationName };
      operation = generation.operation(asked);
    } catch (error) {
      return refused(error);
    }
    const coerced = operation.coerce(variables);
    if (coerced.errors) return { errors: coerced.errors };
    return this.#run(generation, operation, coerced.variables, context.context as GatewayContext);
  }

  async #run(
    generation: Generation,
    operation: Operation,
    variables: JsonObject,
    { viewer, requestId, deadline, subscription }: Asking & Pick<GatewayContext, 'subscription'>,
  ): Promise<ExecutionResult<Record<string, unknown>>> {
    try {
      const isMutation = operation.node.operation === OperationTypeNode.MUTATION;
      const left = isMutation ? withoutClient(deadline) : deadline;
      const made = operation.variantFor(variables);
      const variant = made instanceof Promise ? await planInTime(made, left) : made;
      const asking = { viewer, requestId, deadline: left };
      if (variant.steps?.kind === 'subscription') {
        const planned = { generation, operation, variant, variables };
        const prepared = prepareSubscription(planned, variant.steps, this.#options.log);
        if (subscription) subscription.prepared = prepared;
        return { data: null }; // its events are answered by whoever has taken it
      }
      const ask = askFor(generation.reach, asking, this.#options.log);
      return await answerTo({ generation, operation, variant, variables, ask });
    } catch (error) {
      if (!(error instanceof PlanUnavailable)) return refused(error);
      this.#options.log.warn('plan.unavailable', { reference: requestId, cause: error });
      return { errors: [noAnswer('UNAVAILABLE', requestId)] };
    }
  }
}

const isNext = (source: OwnGatewayOptions['supergraphSdl']): source is NextSupergraph =>
  typeof source === 'object' && 'sdl' in source;
/** What was refused before anything was executed. @throws whatever is a fault of ours */
function refused(error: unknown): ExecutionResult<Record<string, unknown>> {
  if (error instanceof GraphQLError) return { errors: [error] };
  throw error;
}

const told = ({ schema, sdl }: Generation) => ({ apiSchema: schema, coreSupergraphSdl: sdl });

// What it would say about its supergraph is said by the errors it throws.
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
