import { CommandError } from '../values/errors.ts';
import { Regex, typeName, type Doc, type Value } from '../values/types.ts';
import { compilePattern, compileRegex } from '../query/regex.ts';
import { isNothing, named, wrongType, type Env, type Operators } from './expr.ts';

/** A text and the expression to look for in it; null when either is null or missing. */
type Subject = { readonly input: string; readonly regex: Regex } | null;

function reader(
  argument: Value,
  compile: Parameters<Operators[string]>[1],
  name: string,
): (env: Env) => Subject {
  const fields = named(argument, compile, name, {
    required: ['input', 'regex'],
    optional: ['options'],
  });
  return (env) => {
    const input = fields.input?.(env);
    const pattern = fields.regex?.(env);
    const options = fields.options?.(env);
    if (!isNothing(input) && typeof input !== 'string')
      throw wrongType(name, 'strings', typeName(input));
    if (isNothing(input) || isNothing(pattern)) return null;
    if (!isNothing(options) && typeof options !== 'string')
      throw new CommandError(51106, `${name} needs 'options' to be of type string`);
    const given = typeof options === 'string' ? options : '';
    if (typeof pattern === 'string') return { input, regex: new Regex(pattern, given) };
    if (!(pattern instanceof Regex))
      throw new CommandError(51105, `${name} needs 'regex' to be of type string or regex`);
    if (given !== '' && pattern.options !== '')
      throw new CommandError(
        51107,
        `${name} found regex option(s) specified in both 'regex' and 'option' fields`,
      );
    return { input, regex: new Regex(pattern.pattern, given || pattern.options) };
  };
}

function* matches({ input, regex }: NonNullable<Subject>): Generator<Doc> {
  const pattern = compilePattern(regex);
  let counted = 0;
  let codePoints = 0;
  for (let m = pattern.exec(input, 0); m;) {
    codePoints += Array.from(input.slice(counted, m.index)).length;
    counted = m.index;
    yield new Map<string, Value>([
      ['match', m[0]],
      ['idx', codePoints],
      ['captures', m.slice(1).map((text: string | undefined) => text ?? null)],
    ]);
    m = pattern.exec(input, m.index + Math.max(1, m[0].length));
  }
}

/** Operators that look for a regular expression in a text. */
export const regexOperators: Operators = {
  $regexMatch: (argument, compile, name) => {
    const read = reader(argument, compile, name);
    return (env) => {
      const subject = read(env);
      return subject !== null && compileRegex(subject.regex)(subject.input);
    };
  },
  $regexFind: (argument, compile, name) => {
    const read = reader(argument, compile, name);
    return (env) => {
      const subject = read(env);
      if (!subject) return null;
      for (const found of matches(subject)) return found;
      return null;
    };
  },
  $regexFindAll: (argument, compile, name) => {
    const read = reader(argument, compile, name);
    return (env) => {
      const subject = read(env);
      return subject ? [...matches(subject)] : [];
    };
  },
};
