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
  'REAUTHENTICATION_REQUIRED',
  'SUBSCRIPTION_INTERRUPTED',
  'UNAUTHENTICATED',
  'UNAVAILABLE',
  'BAD_REQUEST',
]);

const fault = (code: string, message: string, facts = {}): GraphQLError =>
  new GraphQLError(message, { extensions: { code, ...facts } });

/** No token, or one that does not hold. */
export const unauthenticated = (): GraphQLError =>
  fault('UNAUTHENTICATED', 'ログインしてください。 Please log in.');

/** The token is good but does not allow this. */
export const forbidden = (): GraphQLError =>
  fault('FORBIDDEN', 'この操作は許可されていません。 This is not allowed.');

/** The caller may do this, but logged in too long ago: at most `maxAge` seconds (OIDC `max_age`, RFC 9470). */
export const loginTooOld = (maxAge: number): GraphQLError =>
  fault(
    'REAUTHENTICATION_REQUIRED',
    '安全のため、もう一度ログインしてください。 Please log in again for this.',
    { maxAge },
  );

/** A thing that does not exist, or that the caller may not know of: the same answer for both. */
export const notFound = (): GraphQLError => fault('NOT_FOUND', '見つかりませんでした。 Not found.');

/** An input of the wrong shape. Say which, and what is expected; never repeat the value. */
export const badUserInput = (message: string): GraphQLError => fault('BAD_USER_INPUT', message);

/** Whether an error was made for the caller. */
export const isExposed = (error: GraphQLError): boolean => {
  const { code } = error.extensions;
  return typeof code === 'string' && PUBLIC_CODES.has(code);
};
