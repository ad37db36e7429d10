import type { Faults, Peer } from '../commands/context.ts';
import { labelsFor, standingOf, RETRYABLE_CODES } from '../commands/labels.ts';
import {
  badValue,
  code,
  CommandError,
  codeName,
  notImplemented,
  RETRYABLE,
} from '../values/errors.ts';
import type { Plain } from '../values/encode.ts';
import { truthy } from '../values/make.ts';
import { toDouble } from '../values/number.ts';
import { isDoc, isNumber, type Doc, type Value } from '../values/types.ts';

/** What a fail point does to a command. */
export interface Failure {
  readonly blockMs: number;
  readonly closeConnection: boolean;
  /** Answered instead of running the command. */
  readonly reply: Plain | null;
  /** Added to the answer of a command that did run. */
  readonly addition: Plain | null;
}

interface FailPoint {
  readonly data: Doc;
  skip: number;
  times: number;
}

/** The fail points there are, with the options each of them knows. */
const POINTS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    'failCommand',
    new Set([
      'failCommands',
      'errorCode',
      'errorLabels',
      'closeConnection',
      'blockConnection',
      'blockTimeMS',
      'writeConcernError',
      'appName',
      'failInternalCommands',
      'namespace',
      'threadName',
    ]),
  ],
  ['onPrimaryTransactionalWrite', new Set(['failBeforeCommitExceptionCode', 'closeConnection'])],
  [
    'failGetMoreAfterCursorCheckout',
    new Set(['failCommands', 'errorCode', 'errmsg', 'closeConnection']),
  ],
  ['maxTimeAlwaysTimeOut', new Set<string>()],
]);

/** Faults that tests ask for with `configureFailPoint`; only there with `--test-commands`. */
export class FailPoints implements Faults {
  private readonly points = new Map<string, FailPoint>();

  /** @throws CommandError 2 on options that are not known */
  configure(body: Doc): Plain {
    const name = String(body.get('configureFailPoint'));
    const known = POINTS.get(name);
    if (!known) throw notImplemented(`the fail point '${name}'`);
    const mode = body.get('mode');
    if (mode === 'off') {
      this.points.delete(name);
      return { count: 0n };
    }
    const data = body.get('data') ?? new Map();
    if (!isDoc(data)) throw badValue("'data' must be a document");
    for (const field of data.keys())
      if (!known.has(field)) throw badValue(`the fail point option '${field}' is not known`);
    if (name === 'failCommand' && !Array.isArray(data.get('failCommands')))
      throw badValue("'failCommands' must be an array");
    const number = (field: string, fallback: number): number => {
      const v = isDoc(mode) ? mode.get(field) : undefined;
      return isNumber(v) ? toDouble(v) : fallback;
    };
    if (mode !== 'alwaysOn' && !isDoc(mode))
      throw badValue("'mode' must be 'off', 'alwaysOn' or {times} or {skip}");
    for (const field of isDoc(mode) ? mode.keys() : [])
      if (field !== 'times' && field !== 'skip')
        throw notImplemented(`the mode '${field}' of a fail point`);
    this.points.set(name, {
      data,
      skip: number('skip', 0),
      times: number('times', Infinity),
    });
    return { count: 0n };
  }

  /** The failure that meets a command now, or null. */
  hit(name: string, body: Doc, appName: string | null): Failure | null {
    const data = this.points.get('failCommand')?.data;
    if (!data || !meets(data, name, body, appName) || !this.take('failCommand')) return null;
    return failureOf(name, body, data);
  }

  onRetryableWrite(peer: Peer): void {
    const data = this.take('onPrimaryTransactionalWrite');
    if (!data) return;
    peer.cut = truthy(data.get('closeConnection') ?? true);
    const wrong = data.get('failBeforeCommitExceptionCode');
    if (isNumber(wrong))
      throw new CommandError(
        toDouble(wrong),
        "Failing the write via 'onPrimaryTransactionalWrite' failpoint",
      );
  }

  onGetMore(peer: Peer): void {
    const name = 'failGetMoreAfterCursorCheckout';
    const commands = this.points.get(name)?.data.get('failCommands');
    if (Array.isArray(commands) && !commands.includes('getMore')) return;
    const data = this.take(name);
    if (!data) return;
    peer.cut = truthy(data.get('closeConnection'));
    const [wrong, message] = [data.get('errorCode'), data.get('errmsg')];
    if (isNumber(wrong))
      throw new CommandError(
        toDouble(wrong),
        typeof message === 'string' ? message : `Failing getMore via '${name}' failpoint`,
      );
  }

  onTimeLimit(): void {
    if (this.take('maxTimeAlwaysTimeOut'))
      throw new CommandError(code.MaxTimeMSExpired, 'operation exceeded time limit');
  }

  // Counts a hit; the options of the fail point when it is to act now.
  private take(name: string): Doc | null {
    const point = this.points.get(name);
    if (!point) return null;
    if (point.skip > 0) {
      point.skip -= 1;
      return null;
    }
    if (point.times <= 0) return null;
    point.times -= 1;
    return point.data;
  }
}

function meets(data: Doc, name: string, body: Doc, appName: string | null): boolean {
  const commands = data.get('failCommands');
  const app = data.get('appName');
  const namespace = data.get('namespace');
  return (
    Array.isArray(commands) &&
    commands.includes(name) &&
    (app === undefined || app === appName) &&
    (namespace === undefined ||
      namespace === `${String(body.get('$db'))}.${String(body.get(name))}`)
  );
}

function failureOf(name: string, body: Doc, data: Doc): Failure {
  const blockTime = data.get('blockTimeMS');
  const errorCode = data.get('errorCode');
  const standing = standingOf(name, body);
  const given = data.get('errorLabels');
  const labels = (wrong: number): Value[] =>
    Array.isArray(given) ? given : labelsFor(wrong, name, standing);
  const error = isNumber(errorCode) ? toDouble(errorCode) : null;
  const concern = data.get('writeConcernError');
  return {
    blockMs: truthy(data.get('blockConnection')) && isNumber(blockTime) ? toDouble(blockTime) : 0,
    closeConnection: truthy(data.get('closeConnection')),
    reply:
      error === null
        ? null
        : withLabels(
            {
              ok: 0,
              errmsg: "Failing command via 'failCommand' failpoint",
              code: error,
              codeName: codeName(error),
            },
            labels(error),
          ),
    addition: isDoc(concern)
      ? withLabels(
          { writeConcernError: concern },
          concernLabels(concern, given, standing.retryable),
        )
      : null,
  };
}

function concernLabels(concern: Doc, given: Value | undefined, retryable: boolean): Value[] {
  if (Array.isArray(given)) return given;
  const wrong = concern.get('code');
  return retryable && isNumber(wrong) && RETRYABLE_CODES.has(toDouble(wrong)) ? [RETRYABLE] : [];
}

const withLabels = (reply: Plain, labels: readonly Value[]): Plain => ({
  ...reply,
  errorLabels: labels.length > 0 ? labels : undefined,
});
