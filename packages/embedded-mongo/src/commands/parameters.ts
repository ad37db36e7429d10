import { SESSION_MINUTES } from '../transactions/sessions.ts';
import { CommandError, code, notImplemented } from '../values/errors.ts';
import type { Encodable } from '../values/encode.ts';
import { sized, toDouble } from '../values/number.ts';
import { isDoc, isNumber } from '../values/types.ts';
import type { Context, Handler } from './context.ts';

type Reader = (context: Context) => Encodable;

/** The server parameters there are, with how each is read. */
const PARAMETERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['acceptApiVersion2', () => false],
  ['authenticationMechanisms', () => ['SCRAM-SHA-256']],
  ['cursorTimeoutMillis', ({ engine }) => sized(engine.settings.cursorTimeoutMs)],
  ['enableTestCommands', ({ peer }) => peer.faults !== null],
  ['featureCompatibilityVersion', () => ({ version: '8.0' })],
  ['localLogicalSessionTimeoutMinutes', () => SESSION_MINUTES],
  ['requireApiVersion', () => false],
  ['ttlMonitorSleepSecs', ({ engine }) => sized(engine.settings.ttlSleepMs / 1000)],
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

interface Settable {
  readonly least: number;
  /** Sets the value and gives the one before. */
  readonly set: (context: Context, value: number) => number;
}

const seconds = (name: 'transactionLifetimeMs' | 'ttlSleepMs'): Settable => ({
  least: 1,
  set: ({ engine: { settings } }, value) => {
    const was = settings[name] / 1000;
    settings[name] = value * 1000;
    return was;
  },
});

const SETTABLE: ReadonlyMap<string, Settable> = new Map<string, Settable>([
  ['ttlMonitorSleepSecs', seconds('ttlSleepMs')],
  ['transactionLifetimeLimitSeconds', seconds('transactionLifetimeMs')],
  [
    'cursorTimeoutMillis',
    {
      least: 1,
      set: ({ engine: { settings } }, value) => {
        const was = settings.cursorTimeoutMs;
        settings.cursorTimeoutMs = value;
        return was;
      },
    },
  ],
]);

/** `setParameter`: one parameter, until the engine ends. */
export const setParameter: Handler = (context) => {
  const { body, db } = context;
  if (db !== 'admin')
    throw new CommandError(
      code.Unauthorized,
      'setParameter may only be run against the admin database.',
    );
  const named = [...body.keys()].filter(
    (name) => name !== 'setParameter' && !name.startsWith('$') && !GENERIC.has(name),
  );
  const [name] = named;
  if (name === undefined || named.length > 1)
    throw new CommandError(code.InvalidOptions, 'setParameter takes one parameter');
  const settable = SETTABLE.get(name);
  if (!settable) {
    if (PARAMETERS.has(name)) throw notImplemented(`setParameter of '${name}' while running`);
    throw new CommandError(
      code.InvalidOptions,
      `attempted to set unrecognized parameter [${name}]`,
    );
  }
  const given = body.get(name);
  const value = isNumber(given) ? toDouble(given) : Number.NaN;
  if (!Number.isInteger(value) || value < settable.least)
    throw new CommandError(
      code.BadValue,
      `Invalid value for parameter ${name}: a whole number of at least ${settable.least} is expected`,
    );
  return { was: sized(settable.set(context, value)) };
};
