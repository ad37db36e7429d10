import { GraphQLError } from 'graphql';

/** The codes that may leave the platform. Everything else is masked as INTERNAL with a reference. */
export const PUBLIC_CODES: ReadonlySet<string> = new Set([
  'BAD_USER_INPUT',
  'BATCH_NOT_ALLOWED',
  'FORBIDDEN',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'INTERNAL',
  'NOT_FOUND',
  'OPERATION_RESOLUTION_FAILURE',
  'PAYLOAD_TOO_LARGE',
  'OPERATION_NOT_REGISTERED',
  'QUERY_TOO_COSTLY',
  'RATE_LIMITED',
  'SUBSCRIPTION_INTERRUPTED',
  'UNAUTHENTICATED',
  'UNAVAILABLE',
  'BAD_REQUEST',
]);

const fault = (code: string, message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code } });

/** No token, or one that does not hold. */
export const unauthenticated = (): GraphQLError =>
  fault('UNAUTHENTICATED', 'ログインしてください。 Please log in.');

/** The token is good but does not allow this. */
export const forbidden = (): GraphQLError =>
  fault('FORBIDDEN', 'この操作は許可されていません。 This is not allowed.');

/** A thing that does not exist, or that the caller may not know of: the same answer for both. */
export const notFound = (): GraphQLError => fault('NOT_FOUND', '見つかりませんでした。 Not found.');

/** An input of the wrong shape. Say which, and what is expected; never repeat the value. */
export const badUserInput = (message: string): GraphQLError => fault('BAD_USER_INPUT', message);

/** Whether an error was made for the caller. */
export const isExposed = (error: GraphQLError): boolean => {
  const { code } = error.extensions;
  return typeof code === 'string' && PUBLIC_CODES.has(code);
};
