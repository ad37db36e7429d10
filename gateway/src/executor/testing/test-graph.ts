import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { Subgraph } from '@7pay/graphql';
import {
  buildSchema,
  execute,
  type ExecutionResult,
  type GraphQLSchema,
  isObjectType,
  Kind,
  parse,
  type DocumentNode,
} from 'graphql';
import { Lru } from '../lru.ts';
import { entityOf, RESOLVERS, type Resolve, type Row } from './graph-data.ts';
import { SUBGRAPHS, WHOLE } from './graph-schema.ts';

/** The test graph: its supergraph, its subgraphs, and the whole as one schema. */
export interface TestGraph {
  readonly supergraph: string;
  readonly subgraphs: readonly Subgraph[];
  readonly whole: GraphQLSchema;
}

export function testGraph(): TestGraph {
  return {
    supergraph: compose(SUBGRAPHS),
    subgraphs: Object.entries(SUBGRAPHS).map(([name, sdl]) => subgraphOf(name, sdl)),
    whole: wholeSchema(),
  };
}

/** Composes subgraphs given as text by name. */
export function compose(subgraphs: Readonly<Record<string, string>>): string {
  const { supergraphSdl, errors = [] } = composeServices(
    Object.entries(subgraphs).map(([name, sdl]) => ({
      name,
      url: `http://${name}.internal/graphql`,
      typeDefs: parse(sdl),
    })),
  );
  if (!supergraphSdl) throw new Error(errors.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

function wholeSchema(): GraphQLSchema {
  const schema = buildSchema(WHOLE);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const resolve = resolverOf(type.name, field.name);
      if (resolve) field.resolve = resolve;
    }
  }
  return schema;
}

/** A field that an interface object adds is answered for each type of the interface. */
const resolverOf = (type: string, field: string): Resolve | undefined =>
  RESOLVERS[type]?.[field] ??
  (type === 'Book' || type === 'Film' ? RESOLVERS['Media']?.[field] : undefined);

/** A subgraph that answers from the test data. */
export function subgraphOf(name: string, sdl: string): Subgraph {
  const typeDefs = parse(sdl);
  const schema = buildSubgraphSchema([
    { typeDefs, resolvers: resolversFor(typeDefs) as never },
  ]) as GraphQLSchema;
  const documents = new Lru<string, DocumentNode>(500);
  return {
    name,
    schema,
    sdl,
    access: [],
    consumers: [],
    workers: [],
    execute: async ({ query, variables, operationName }): Promise<ExecutionResult> => {
      const document = documents.get(query) ?? parse(query);
      documents.set(query, document);
      return execute({
        schema,
        document,
        variableValues: variables ?? {},
        operationName: operationName ?? null,
        contextValue: {},
      });
    },
  };
}

function resolversFor(typeDefs: DocumentNode): Record<string, unknown> {
  const resolvers: Record<string, unknown> = {};
  for (const definition of typeDefs.definitions) {
    const isObject = definition.kind === Kind.OBJECT_TYPE_DEFINITION;
    if (!isObject && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    const name = definition.name.value;
    const isEntity = definition.directives?.some((directive) => directive.name.value === 'key');
    const isInterfaceObject = definition.directives?.some(
      (directive) => directive.name.value === 'interfaceObject',
    );
    const reference = (row: Row) => {
      const entity = entityOf(row);
      return entity && isInterfaceObject ? { ...entity, __typename: name } : entity;
    };
    const fields = (isObject ? (definition.fields ?? []) : []).flatMap((field) => {
      const resolve = resolverOf(name, field.name.value);
      return resolve ? [[field.name.value, resolve] as const] : [];
    });
    resolvers[name] = {
      ...Object.fromEntries(fields),
      ...(isEntity ? { __resolveReference: reference } : {}),
    };
  }
  // A root field hands out rows; here an interface object is called by the name of its interface.
  const query = resolvers['Query'] as Record<string, Resolve> | undefined;
  const featured = query?.['featured'];
  if (query && featured) {
    query['featured'] = (row, args) => ({ ...(featured(row, args) as Row), __typename: 'Media' });
  }
  return resolvers;
}
