import type { IncomingMessage } from 'node:http';

/** The CORS headers for a request, names and values in turn: only for origins that are listed exactly; never `*`. */
export function corsHeaders(request: IncomingMessage, allowedOrigins: readonly string[]): string[] {
  const { origin } = request.headers;
  if (origin === undefined || !allowedOrigins.includes(origin)) return ['vary', 'origin'];
  return ['vary', 'origin', 'access-control-allow-origin', origin, ...OF_LISTED_ORIGINS];
}

const OF_LISTED_ORIGINS = Object.entries({
  'access-control-allow-methods': 'POST',
  'access-control-allow-headers':
    'authorization, dpop, content-type, accept-language, x-request-id, last-event-id, apollo-require-preflight',
  'access-control-expose-headers': 'x-request-id, retry-after, www-authenticate',
  'access-control-max-age': '600',
}).flat();

/** Whether a browser asks before it sends. */
export const isPreflight = (request: IncomingMessage): boolean =>
  request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;

/** Whether a page of another origin, and of none that is listed, made a browser send this. */
export function isForeign(
  { headers }: IncomingMessage,
  allowedOrigins: readonly string[],
): boolean {
  const { origin, host } = headers;
  if (origin === undefined || allowedOrigins.includes(origin)) return false;
  // The scheme is the business of whoever ends TLS in front of us.
  return !/^https?:\/\//.test(origin) || origin.replace(/^https?:\/\//, '') !== host;
}
