import { PUBLIC_CODES } from '@7pay/graphql';
import { type Log, withoutSecrets } from '@7pay/telemetry';
import type { GraphQLFormattedError } from 'graphql';

const RENAMED: ReadonlyMap<string, string> = new Map([['INTERNAL_SERVER_ERROR', 'INTERNAL']]);

// A place is made of field names and indices; a service that puts anything else there tells something else.
const isPlain = (part: string | number): boolean =>
  typeof part === 'number' || /^\w{1,100}$/.test(part);

// Figures that a program can act on.
const FACTS = ['cost', 'limit', 'maxAge', 'retryAfterSeconds'];
const factsOf = (extensions: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    FACTS.flatMap((name) => (Number.isFinite(extensions[name]) ? [[name, extensions[name]]] : [])),
  );

// What a sentence for callers never holds: where something of ours runs, and where in our sources it went wrong.
const ADDRESSES: readonly (readonly [RegExp, string])[] = [
  [/\b[a-z][a-z+]*:\/\/[^\s"'<>)]+/gi, '[address]'],
  [/\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b/g, '[address]'],
  [/\b[\w-]+(\.[\w-]+)*:\d{2,5}\b/g, '[address]'],
  [/\s+at [^\n]*:\d+:\d+\)?/g, ''],
];

/** A second net: services write sentences for callers, but what they quote is not always theirs. */
const sentence = (message: string): string =>
  withoutSecrets(ADDRESSES.reduce((text, [shape, word]) => text.replace(shape, word), message));

/**
 * Lets an error out only under a code of the allow-list, with its message, place and reference and nothing
 * else: no stack, host, subgraph name or body. Everything other leaves as INTERNAL and is logged.
 */
export function maskError(
  formatted: GraphQLFormattedError,
  error: unknown,
  { reference, log }: { reference: string; log: Log },
): GraphQLFormattedError {
  const { message, path, locations, extensions = {} } = formatted;
  const given = typeof extensions['code'] === 'string' ? extensions['code'] : 'INTERNAL';
  const code = RENAMED.get(given) ?? given;
  const place = { ...(locations ? { locations } : {}), ...(path?.every(isPlain) ? { path } : {}) };
  if (PUBLIC_CODES.has(code) && code !== 'INTERNAL') {
    const known =
      typeof extensions['reference'] === 'string' ? { reference: extensions['reference'] } : {};
    return {
      message: sentence(message),
      ...place,
      extensions: { code, ...known, ...factsOf(extensions) },
    };
  }
  const kept = typeof extensions['reference'] === 'string' ? extensions['reference'] : reference;
  log.error('graph.failed', { reference: kept, code: given, cause: error });
  return {
    message: 'ただいま処理できません。 We cannot do this at the moment.',
    ...place,
    extensions: { code: 'INTERNAL', reference: kept },
  };
}
