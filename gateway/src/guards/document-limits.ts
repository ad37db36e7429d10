import { type DocumentNode, GraphQLError, parse, visit } from 'graphql';
import type { GatewayLimits } from '../config.ts';
import { Lru } from '../executor/lru.ts';
import { type Measure, measureOperations } from './measure.ts';

const KEPT = 1_000;
const KEPT_LENGTH = 20_000;

/** What is wrong with the size of a document, or nothing. */
export type DocumentGuard = (text: string) => GraphQLError | undefined;

/**
 * Refuses documents that are too large in any way, before they are validated: validation itself takes long where fields are
 * many. What cannot be read is refused here as well, in the words of whoever would read it next.
 */
export function documentGuard(limits: GatewayLimits): DocumentGuard {
  const known = new Lru<string, GraphQLError | 'fine'>(KEPT);
  return (text) => {
    const seen = known.get(text);
    if (seen) return seen === 'fine' ? undefined : seen;
    const fault = faultOf(text, limits);
    if (text.length <= KEPT_LENGTH) known.set(text, fault ?? 'fine');
    return fault;
  };
}

function faultOf(text: string, limits: GatewayLimits): GraphQLError | undefined {
  let document: DocumentNode;
  try {
    document = parse(text, { maxTokens: limits.tokens, noLocation: true });
  } catch (error) {
    return error instanceof GraphQLError ? unreadable(error) : undefined;
  }
  for (const measure of measureOperations(document)) {
    for (const [name, say] of Object.entries(SENTENCES) as [keyof Measure, Say][]) {
      if (measure[name] > limits[name]) return tooLarge(say(measure[name], limits[name]));
    }
  }
  const { longest, deepest } = valuesIn(document);
  if (longest > limits.listLength) {
    return tooLarge(`A list has ${longest} items; at most ${limits.listLength} are allowed.`);
  }
  if (deepest <= limits.valueDepth) return undefined;
  return tooLarge(`A value is ${deepest} levels deep; at most ${limits.valueDepth} are allowed.`);
}

type Say = (count: number, most: number) => string;
const has =
  (what: string): Say =>
  (count, most) =>
    `The document has ${count} ${what}; at most ${most} are allowed.`;
const SENTENCES: Readonly<Record<keyof Measure, Say>> = {
  depth: (depth, most) => `The document is ${depth} levels deep; at most ${most} are allowed.`,
  aliases: has('aliases'),
  directives: has('directives'),
  rootFields: has('fields at its root'),
  fields: has('fields'),
};

/** The items of the longest list and the levels of the deepest value that are written in a document. */
function valuesIn(document: DocumentNode): { longest: number; deepest: number } {
  let longest = 0;
  let depth = 0;
  let deepest = 0;
  const enter = () => {
    depth += 1;
    deepest = Math.max(deepest, depth);
  };
  const leave = () => {
    depth -= 1;
  };
  visit(document, {
    ListValue: {
      enter: ({ values }) => {
        longest = Math.max(longest, values.length);
        enter();
      },
      leave,
    },
    ObjectValue: { enter, leave },
  });
  return { longest, deepest };
}

/** A text that is no document, as the server would say it. */
const unreadable = ({ message, source, positions }: GraphQLError): GraphQLError =>
  new GraphQLError(message, {
    source: source ?? null,
    positions: positions ?? null,
    extensions: { code: 'GRAPHQL_PARSE_FAILED' },
  });

const tooLarge = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
