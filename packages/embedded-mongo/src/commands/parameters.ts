import { SESSION_MINUTES } from '../transactions/sessions.ts';
import { CommandError, code, notImplemented } from '../values/errors.ts';
import type { Encodable } from '../values/encode.ts';
import { sized } from '../values/number.ts';
import { isDoc } from '../values/types.ts';
import type { Context, Handler } from './context.ts';

type Reader = (context: Context) => Encodable;

/** The server parameters there are, with how each is read. None can be set while running. */
const PARAMETERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['acceptApiVersion2', () => false],
  ['authenticationMechanisms', () => ['SCRAM-SHA-256']],
  ['cursorTimeoutMillis', ({ engine }) => sized(engine.settings.cursorTimeoutMs)],
  ['enableTestCommands', ({ peer }) => peer.faults !== null],
  ['featureCompatibilityVersion', () => ({ version: '8.0' })],
  ['localLogicalSessionTimeoutMinutes', () => SESSION_MINUTES],
  ['requireApiVersion', () => false],
  [
    'transactionLifetimeLimitSeconds',
    ({ engine }) => sized(Math.round(engine.settings.transactionLifetimeMs / 1000)),
  ],
]);

const GENERIC = new Set(['comment', 'maxTimeMS', 'lsid', 'readConcern']);

/** `getParameter`: `'*'` gives all, otherwise the parameters are named as fields of the command. */
export const getParameter: Handler = (context) => {
  const wanted = context.body.get('getParameter');
  if (isDoc(wanted)) throw notImplemented('getParameter with details');
  const named = [...context.body.keys()].filter(
    (name) => name !== 'getParameter' && !name.startsWith('$') && !GENERIC.has(name),
  );
  const names = wanted === '*' ? [...PARAMETERS.keys()] : named;
  if (names.length === 0) throw new CommandError(code.InvalidOptions, 'no option found to get');
  return Object.fromEntries(
    names.map((name) => {
      const read = PARAMETERS.get(name);
      if (!read)
        throw new CommandError(
          code.InvalidOptions,
          `no option found to get: the server parameter '${name}' is not known`,
        );
      return [name, read(context)];
    }),
  );
};

/** `setParameter`: no parameter can be set while running. */
export const setParameter: Handler = (context) => {
  throw notImplemented(`setParameter ${[...context.body.keys()].slice(1, 2).join('')}`);
};
