import type { ExecutionResult, GraphQLSchema } from 'graphql';
import type { Asking } from './ask.ts';
import type { Operation } from './operation.ts';

/** What is asked, as it was sent. */
export interface KnownText {
  readonly query: string;
  readonly operationName?: string | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
}

/** An operation that was executed before, with the variables of this request read. */
export interface KnownOperation {
  readonly operation: Operation;
  /** The schema that validated it. */
  readonly schema: GraphQLSchema;
  execute(asking: Asking): Promise<ExecutionResult>;
}

/** Finds an operation that was executed before; nothing if it has to be read and validated. */
export type FindKnown = (asked: KnownText) => KnownOperation | undefined;
