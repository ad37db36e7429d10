import { isOutage } from '@7pay/mongo';
import type { Log } from '@7pay/telemetry';
import {
  type DocumentNode,
  execute,
  type ExecutionResult,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  type TypeNode,
  validate,
} from 'graphql';
import { badUserInput, isExposed } from './errors.ts';
import { settleLists } from './settled-lists.ts';
import type { Viewer } from './viewer.ts';

/** One operation for a subgraph. */
export interface SubgraphRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly operationName?: string | undefined;
  /** The parsed form, when the caller holds it already. */
  readonly document?: DocumentNode | undefined;
}

const PREPARED_DOCUMENTS = 2_000;
const REPRESENTATIONS = 1_000;

/**
 * Executes operations on prepared documents: each text is parsed and validated once. Errors that were not
 * made for the caller are logged with their cause and leave as INTERNAL or UNAVAILABLE with a reference.
 */
export function createExecutor<Context extends object>(
  schema: GraphQLSchema,
  makeContext: (viewer: Viewer) => Context,
  { prepare, log }: { prepare: Prepare; log: Log },
) {
  settleLists(schema);
  return async (request: SubgraphRequest, viewer: Viewer): Promise<ExecutionResult> => {
    const document = prepare(request);
    if (!('kind' in document)) return { errors: document };
    const operation = getOperationAST(document, request.operationName);
    if (representationsIn(operation, request.variables) > REPRESENTATIONS) {
      return { errors: [badUserInput(`at most ${REPRESENTATIONS} representations at once`)] };
    }
    if (operation?.operation === OperationTypeNode.SUBSCRIPTION) {
      return { errors: [badUserInput('a subscription is answered as text/event-stream')] };
    }
    const result = await execute({
      schema,
      document,
      variableValues: request.variables ?? {},
      operationName: request.operationName ?? null,
      contextValue: makeContext(viewer),
    });
    return maskedErrors(result, viewer.requestId, log);
  };
}

/** How many entities a request asks for: all lists of representations together, whatever their variables are called. */
function representationsIn(
  operation: OperationDefinitionNode | null | undefined,
  variables: SubgraphRequest['variables'] = {},
): number {
  let all = 0;
  for (const { variable, type } of operation?.variableDefinitions ?? []) {
    if (namedTypeOf(type) !== '_Any') continue;
    const given = variables[variable.name.value];
    if (Array.isArray(given)) all += given.length;
  }
  return all;
}

const namedTypeOf = (type: TypeNode): string =>
  type.kind === Kind.NAMED_TYPE ? type.name.value : namedTypeOf(type.type);

/** The parsed and validated form of a request, or what is wrong with it. */
export type Prepare = (request: SubgraphRequest) => DocumentNode | readonly GraphQLError[];

/** Prepares each text once. */
export function prepareDocuments(schema: GraphQLSchema): Prepare {
  const prepared = new Map<string, DocumentNode | readonly GraphQLError[]>();

  return ({ query, document }) => {
    const known = prepared.get(query);
    if (known) return known;
    const made = check(schema, query, document);
    if (prepared.size >= PREPARED_DOCUMENTS) {
      const [oldest] = prepared.keys();
      if (oldest !== undefined) prepared.delete(oldest);
    }
    prepared.set(query, made);
    return made;
  };
}

/** A result whose errors may leave: what was not made for the caller is logged, and told by a reference. */
export const maskedErrors = (
  result: ExecutionResult,
  reference: string,
  log: Log,
): ExecutionResult =>
  result.errors
    ? { ...result, errors: result.errors.map((error) => mask(error, reference, log)) }
    : result;

function check(
  schema: GraphQLSchema,
  query: string,
  document: DocumentNode | undefined,
): DocumentNode | readonly GraphQLError[] {
  try {
    const parsed = document ?? parse(query, { maxTokens: 20_000 });
    const errors = validate(schema, parsed, undefined, { maxErrors: 5 });
    return errors.length === 0 ? parsed : errors.map((error) => asBadInput(error));
  } catch (error) {
    if (error instanceof GraphQLError) return [asBadInput(error)];
    throw error;
  }
}

// A literal that a scalar refused is, or carries, the scalar's own error; other faults are the validation's.
function asBadInput(error: GraphQLError): GraphQLError {
  const own = error.originalError instanceof GraphQLError ? error.originalError : error;
  if (isExposed(own)) return new GraphQLError(own.message, { extensions: own.extensions });
  return new GraphQLError(error.message, { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
}

function mask(error: GraphQLError, reference: string, log: Log): GraphQLError {
  const origin = error.originalError;
  if (origin instanceof GraphQLError && isExposed(origin)) return withPath(origin, error);
  if (!origin && isExposed(error)) return error;
  // Coercion of variables fails before there is a path: without an original error, or with one of graphql's own.
  const isOurs = origin !== undefined && !(origin instanceof GraphQLError);
  if (error.path === undefined && !isOurs) return badUserInput(error.message);
  const code = isOutage(origin) ? 'UNAVAILABLE' : 'INTERNAL';
  log.error('graphql.failed', { reference, code, cause: origin ?? error });
  return new GraphQLError('ただいま処理できません。 We cannot do this at the moment.', {
    path: error.path ?? null,
    extensions: { code, reference },
  });
}

const withPath = (origin: GraphQLError, error: GraphQLError): GraphQLError =>
  new GraphQLError(origin.message, { path: error.path ?? null, extensions: origin.extensions });
