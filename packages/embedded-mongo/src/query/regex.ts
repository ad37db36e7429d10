import { createContext, Script, type Context } from 'node:vm';
import { CommandError, badValue } from '../values/errors.ts';
import type { Regex } from '../values/types.ts';

/** Longest pattern a client may send. */
export const MAX_PATTERN = 8192;

/**
 * Milliseconds a pattern may take on one text. It gets a second try, because on a busy machine the
 * time may have gone to somebody else; both together are the longest that others wait.
 */
const LIMIT_MS = 15;
const TRIES = 2;

/** Steps a pattern may need at most to be run without a watch on it: a few milliseconds. */
const UNWATCHED_STEPS = 2_000_000;

/** A compiled pattern; it stops at its time limit. */
export interface Pattern {
  /** @throws CommandError 51091 when it takes too long */
  test(text: string): boolean;
  /** The first match at or after a place. @throws CommandError 51091 when it takes too long */
  exec(text: string, from: number): RegExpExecArray | null;
}

/**
 * Compiles a stored pattern. Options i, m, s, x and u are known.
 * @throws CommandError 51091 on a pattern JavaScript cannot read, 2 on an unknown option.
 */
export function compilePattern(regex: Regex): Pattern {
  if (regex.pattern.length > MAX_PATTERN)
    throw badValue(`Regular expression is longer than ${MAX_PATTERN}`);
  let flags = 'g'; // for `exec` from a place; `test` always starts at the front
  for (const option of regex.options) {
    if (option === 'x' || option === 'u') continue;
    if (!'ims'.includes(option)) throw badValue(`invalid flag in regex options: ${option}`);
    if (!flags.includes(option)) flags += option;
  }
  const source = regex.options.includes('x') ? withoutBlanks(regex.pattern) : regex.pattern;
  const re = tryCompile(source, flags);
  const longest = unwatchedLength(source);
  const exec = (text: string, from: number): RegExpExecArray | null => {
    re.lastIndex = from;
    return text.length <= longest ? re.exec(text) : watched(re, text, from);
  };
  return { exec, test: (text) => exec(text, 0) !== null };
}

/** Compiles a stored pattern to a test of text; see `compilePattern`. */
export const compileRegex = (regex: Regex): ((text: string) => boolean) =>
  compilePattern(regex).test;

function tryCompile(source: string, flags: string): RegExp {
  try {
    return new RegExp(
      source.replace(/^\(\?i\)/, ''),
      source.startsWith('(?i)') && !flags.includes('i') ? `${flags}i` : flags,
    );
  } catch (error) {
    throw new CommandError(51091, `Regular expression is invalid: ${(error as Error).message}`);
  }
}

// Option x: blanks and comments outside of classes do not count.
const withoutBlanks = (pattern: string): string =>
  pattern.replace(/\\.|\[(?:\\.|[^\]])*\]|\s+|#.*$/gm, (m) => (/^[\s#]/.test(m) ? '' : m));

// A repeated group that repeats or chooses inside, such as (a+)+, can take exponential time.
const EXPONENTIAL = /[+*}?]\)*[^()]*\)[+*{]|\|[^()]*\)+[+*{]|\\[1-9k]/;

/**
 * The longest text on which a pattern surely takes few steps. Every open repetition may try every
 * place, and so may the start of the match: n characters need up to n to that power.
 */
function unwatchedLength(source: string): number {
  const bare = source.replace(/\\[^1-9k]/g, 'a').replace(/\[(?:[^\]\\]|\\.)*\]/g, 'a');
  if (EXPONENTIAL.test(bare)) return Math.log2(UNWATCHED_STEPS) - 4;
  const failing = bare.replace(/\.[*+]\$?$/, ''); // a last .* takes what is left and never fails
  const repetitions = failing.match(/[*+]|\{\d*,?\d*\}/g)?.length ?? 0;
  const power = repetitions + (failing.startsWith('^') ? 0 : 1);
  return UNWATCHED_STEPS ** (1 / Math.max(1, power));
}

let sandbox: Context | null = null;
const run = new Script('re.lastIndex = from; re.exec(text)');

function watched(re: RegExp, text: string, from: number): RegExpExecArray | null {
  sandbox ??= createContext({});
  Object.assign(sandbox, { re, text, from });
  for (let tries = 1; ; tries++) {
    try {
      return run.runInContext(sandbox, { timeout: LIMIT_MS }) as RegExpExecArray | null;
    } catch (error) {
      if (tries < TRIES) continue;
      throw new CommandError(
        51091,
        `Regular expression took longer than ${LIMIT_MS} ms on one text, ${TRIES} times`,
        { extra: { reason: (error as Error).message } },
      );
    }
  }
}
