import 'reflect-metadata';
import { buildSubgraphSchema, printSubgraphSchema } from '@apollo/subgraph';
import { getDocumentNodeFromSchema } from '@graphql-tools/utils';
import type { Consumer } from '@7pay/events';
import type { Log } from '@7pay/telemetry';
import { type Clock, systemClock } from '@7pay/time';
import { concatAST, type ExecutionResult, type GraphQLSchema, parse, print } from 'graphql';
import { buildSchemaSync, createResolversMap, type NonEmptyArray } from 'type-graphql';
import { accessTable, type FieldAccess } from './access/access-table.ts';
import { type EntityReference, guardFields } from './access/allow.ts';
import { createExecutor, prepareDocuments, type SubgraphRequest } from './execute.ts';
import { withListSizes } from './list-sizes.ts';
import { createSubscriber, type Subscribe } from './subscriptions/subscribe.ts';
import type { Viewer } from './viewer.ts';

/** Something a subgraph does by itself while it runs, such as settling what is pending. */
export interface Worker {
  start(): void;
  stop(): Promise<void>;
}

type ResolverClass = new (...args: never[]) => object;

/** The table of contents of a subgraph. */
export interface SubgraphDefinition<Context extends { readonly viewer: Viewer }> {
  readonly name: string;
  readonly resolvers: NonEmptyArray<ResolverClass>;
  /** Types that only `_entities` reaches; without this they vanish from the schema silently. */
  readonly orphanedTypes?: readonly ResolverClass[];
  /** How to find an entity by its key, and who may have it. */
  readonly references?: Readonly<Record<string, EntityReference<never, unknown, Context>>>;
  /** Made anew for each request: loaders and the use cases with their viewer. */
  readonly context: (viewer: Viewer) => Context;
  readonly consumers?: readonly Consumer[];
  readonly workers?: readonly Worker[];
  /** By which logins are fresh or too old. */
  readonly clock?: Clock;
  readonly log: Log;
}

/** A subgraph that can be asked, by function call or behind HTTP. */
export interface Subgraph {
  readonly name: string;
  readonly schema: GraphQLSchema;
  /** Its schema as federation reads it; checked in as schema.graphql. */
  readonly sdl: string;
  /** Who may have which field; told in docs/access.md. */
  readonly access: readonly FieldAccess[];
  readonly consumers: readonly Consumer[];
  readonly workers: readonly Worker[];
  execute(request: SubgraphRequest, viewer: Viewer): Promise<ExecutionResult>;
  /** Absent where there is nothing to subscribe to. */
  readonly subscribe?: Subscribe;
}

const LINK = parse(
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@tag", "@cost", "@listSize"])',
);

/**
 * Builds the federation schema of a subgraph from its type-graphql classes.
 * @throws Error that names each field without a rule of access: such a subgraph does not start
 */
export function defineSubgraph<Context extends { readonly viewer: Viewer }>(
  definition: SubgraphDefinition<Context>,
): Subgraph {
  const { name, resolvers, orphanedTypes = [], references = {}, context, log } = definition;
  const built = buildSchemaSync({
    resolvers: resolvers as NonEmptyArray<ResolverClass>,
    orphanedTypes: [...orphanedTypes],
    skipCheck: true,
    validate: false, // shapes are the scalars' and the nouns' work
    container: plainContainer,
    pubSub: noBus,
  });
  const access = accessTable(built, references);
  guardFields(built, definition.clock ?? systemClock);
  const resolversMap: Record<string, unknown> = { ...createResolversMap(built) };
  for (const [type, reference] of Object.entries(references)) {
    resolversMap[type] = {
      ...(resolversMap[type] as object | undefined),
      __resolveReference: reference,
    };
  }
  const typeDefs = concatAST([LINK, withListSizes(getDocumentNodeFromSchema(built))]);
  const schema = buildSubgraphSchema([{ typeDefs, resolvers: resolversMap as never }]);
  const prepare = prepareDocuments(schema);
  const own = { prepare, log: log.child({ subgraph: name }) };
  return {
    name,
    schema,
    sdl: `${print(parse(printSubgraphSchema(schema)))}\n`,
    access,
    consumers: definition.consumers ?? [],
    workers: definition.workers ?? [],
    execute: createExecutor(schema, context, own),
    ...(schema.getSubscriptionType() ? { subscribe: createSubscriber(schema, context, own) } : {}),
  };
}

// type-graphql asks for a bus as soon as there are subscriptions. Ours have sources of their own, in the database.
const noBus = {
  publish: () => {
    throw new Error('nothing is published in memory');
  },
  subscribe: () => {
    throw new Error('a subscription has a source of its own (subscribe:)');
  },
};

// Resolver classes hold nothing: one instance each, made on first use.
const instances = new Map<unknown, unknown>();
const plainContainer = {
  get(someClass: new () => unknown) {
    if (!instances.has(someClass)) instances.set(someClass, new someClass());
    return instances.get(someClass);
  },
};
