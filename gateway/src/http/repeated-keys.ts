const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/gs;

/**
 * Whether an object in a JSON text has a key twice. Readers differ in which one counts (RFC 8259 §4): what a guard in front
 * has seen and what is done must be the same. The text has to be valid JSON.
 */
export function hasRepeatedKey(text: string): boolean {
  const open: (Set<string> | undefined)[] = [];
  let last = '';
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':') {
      const keys = open.at(-1);
      if (keys?.has(last)) return true;
      keys?.add(last);
    } else if (token !== ',') last = nameOf(token);
  }
  return false;
}

// An escape is another spelling of the same key.
const nameOf = (token: string): string =>
  token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, -1);
