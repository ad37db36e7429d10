import { createContext, Script, type Context } from 'node:vm';
import { badValue, CommandError } from '../values/errors.ts';
import type { Regex } from '../values/types.ts';

/** Longest pattern a client may send. */
export const MAX_PATTERN = 8192;

/** Milliseconds a pattern that can run away may take on one text. */
const RUNAWAY_MS = 250;

// A repeated group that repeats inside, such as (a+)+, can take exponential time.
const CAN_RUN_AWAY = /[+*}]\)*[^()]*\)[+*{]|\([^()]*\|[^()]*\)[+*{]/;

/**
 * Compiles a stored pattern to a test of text. Options i, m, s, x and u are known.
 * @throws CommandError 51091 on a pattern JavaScript cannot read, 2 on an unknown option.
 */
export function compileRegex(regex: Regex): (text: string) => boolean {
  if (regex.pattern.length > MAX_PATTERN)
    throw badValue(`Regular expression is longer than ${MAX_PATTERN}`);
  let flags = '';
  for (const option of regex.options) {
    if (option === 'x' || option === 'u') continue;
    if (!'ims'.includes(option)) throw badValue(`invalid flag in regex options: ${option}`);
    if (!flags.includes(option)) flags += option;
  }
  const source = regex.options.includes('x') ? withoutBlanks(regex.pattern) : regex.pattern;
  const compiled = tryCompile(source, flags);
  return CAN_RUN_AWAY.test(source) ? guarded(compiled) : (text) => compiled.test(text);
}

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

let sandbox: Context | null = null;
const run = new Script('re.test(text)');

function guarded(re: RegExp): (text: string) => boolean {
  return (text) => {
    if (text.length < 16) return re.test(text);
    sandbox ??= createContext({ re, text });
    Object.assign(sandbox, { re, text });
    try {
      return run.runInContext(sandbox, { timeout: RUNAWAY_MS }) === true;
    } catch (error) {
      throw new CommandError(
        51091,
        `Regular expression took longer than ${RUNAWAY_MS} ms on one text`,
        {
          extra: { reason: (error as Error).message },
        },
      );
    }
  };
}
