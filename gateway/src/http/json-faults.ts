/** Levels of lists and objects that a body may have: no input of ours has ten. */
const DEEPEST = 50;

const TOO_DEEP = `the body is more than ${DEEPEST} levels deep`;
const QUOTE = 0x22;
const COLON = 0x3a;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

/** What was seen of a JSON text before anybody read it. */
interface Scanned {
  /** The colons outside of strings. */
  readonly colons: number;
  /** What is wrong with it already. */
  readonly fault?: string;
}

/**
 * Looks through a text that may be JSON, before it is read: what is deeper than anybody needs, or has more values, is not
 * worth a reader, which would make something of each. Stops where that is sure.
 */
export function scanJson(text: string, mostValues: number): Scanned {
  let colons = 0;
  let commas = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === COLON) colons += 1;
    else if (code === COMMA) {
      commas += 1;
      if (commas > mostValues)
        return { colons, fault: `the body has more than ${mostValues} values` };
    } else if (code === OPEN_OBJECT || code === OPEN_LIST) {
      depth += 1;
      if (depth > DEEPEST) return { colons, fault: TOO_DEEP };
    } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) depth -= 1;
  }
  return { colons };
}

/**
 * What is wrong with a JSON text that could be read, or nothing. An object must not have a key twice: readers differ in which
 * one counts (RFC 8259 §4), and what a guard in front has seen and what is done must be the same. Whoever read the text
 * kept one of the two: it has fewer keys than colons.
 */
export const faultOfJson = ({ colons }: Scanned, read: object): string | undefined =>
  colons === keysIn(read) ? undefined : 'a key stands twice in the body';

/** The quote that ends a string; the end of the text where none does. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === BACKSLASH) before -= 1;
    if ((end - before) % 2 === 1) return end; // an even number of backslashes stands before it
  }
  return text.length;
}

/** All keys of all objects inside. */
function keysIn(read: object): number {
  let keys = 0;
  const open: object[] = [read];
  for (let each = open.pop(); each; each = open.pop()) {
    const values: unknown[] = Array.isArray(each) ? each : Object.values(each);
    if (!Array.isArray(each)) keys += values.length;
    for (const value of values) if (typeof value === 'object' && value !== null) open.push(value);
  }
  return keys;
}
