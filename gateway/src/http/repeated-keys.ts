/**
 * Whether an object in a JSON text has a key twice. Readers differ in which one counts (RFC 8259 §4): what a guard in front
 * has seen and what is done must be the same. Whoever read the text kept one of the two: it has fewer keys than colons.
 */
export const hasRepeatedKey = (text: string, read: object): boolean =>
  colonsIn(text) !== keysIn(read);

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/** The colons outside of strings. The text has to be valid JSON. */
function colonsIn(text: string): number {
  let colons = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === COLON) colons += 1;
    else if (code === QUOTE) at = endOfString(text, at);
  }
  return colons;
}

function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === BACKSLASH) before -= 1;
    if ((end - before) % 2 === 1) return end; // an even number of backslashes stands before it
  }
}

/** All keys of all objects inside. Without recursion: a body may be deeper than the stack. */
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
