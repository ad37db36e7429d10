import { type DocumentNode, GraphQLError, parse, visit } from 'graphql';
import type { GatewayLimits } from '../config.ts';
import { Lru } from '../executor/lru.ts';
import { type Measure, measureOperations } from './measure.ts';
import { scanDocument } from './scan-document.ts';

const KEPT = 1_000;
const KEPT_LENGTH = 20_000;

/** What is wrong with the size of a document; or the document itself, where it was read just now. */
export type Guarded =
  | { readonly fault: GraphQLError; readonly document?: undefined }
  | { readonly fault?: undefined; readonly document?: DocumentNode };

/** Looks at the size of a document. */
export type DocumentGuard = (text: string) => Guarded;

/**
 * Refuses documents that are too large in any way, before they are validated: validation itself takes long where fields are
 * many. What is sure from a look at the text is not even read. What cannot be read is refused here as well, in the words
 * of whoever would read it next.
 */
export function documentGuard(limits: GatewayLimits): DocumentGuard {
  const known = new Lru<string, Guarded>(KEPT);
  return (text) => {
    const seen = known.get(text);
    if (seen) return seen;
    const guarded = look(text, limits);
    // The document is for this request alone: kept are texts, and what is wrong with them.
    if (text.length <= KEPT_LENGTH) known.set(text, guarded.fault ? guarded : FINE);
    return guarded;
  };
}

const FINE: Guarded = {};

function look(text: string, limits: GatewayLimits): Guarded {
  const { tokens, aliases, definitions } = scanDocument(text, limits.tokens);
  if (tokens > limits.tokens) return { fault: tooManyTokens(limits.tokens) };
  if (text.length > limits.characters) {
    return { fault: tooLarge(has('characters')(text.length, limits.characters)) };
  }
  // Fragments may be used by several operations, or by none: of one operation alone the text says all.
  if (definitions === 1 && aliases > limits.aliases) {
    return { fault: tooLarge(SENTENCES.aliases(aliases, limits.aliases)) };
  }
  let document: DocumentNode;
  try {
    document = parse(text, { maxTokens: limits.tokens, noLocation: true });
  } catch (error) {
    if (error instanceof GraphQLError) return { fault: unreadable(error) };
    return FINE; // the server meets it as well
  }
  const fault = faultOf(document, limits);
  return fault ? { fault } : { document };
}

function faultOf(document: DocumentNode, limits: GatewayLimits): GraphQLError | undefined {
  const { operations, unused, circle } = measureOperations(document);
  if (circle !== undefined) return tooLarge(`Cannot spread fragment "${circle}" within itself.`);
  for (const measure of [...operations, ...unused]) {
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

const tooManyTokens = (most: number): GraphQLError =>
  new GraphQLError(`The document has more than ${most} tokens.`, {
    extensions: { code: 'GRAPHQL_PARSE_FAILED' },
  });

const tooLarge = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
