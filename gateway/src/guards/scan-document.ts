/** What a text has that may be a document, as far as it was looked through. */
export interface DocumentScan {
  /** Tokens, comments left out. Of what is no token the parser tells: then there are no fewer than these. */
  readonly tokens: number;
  /** Names in front of a colon that are no arguments: fields under another name. */
  readonly aliases: number;
  /** Operations and fragments. */
  readonly definitions: number;
}

/**
 * Looks through a text once, without making anything of it: of what is too large in any case nothing should be read. Stops
 * above so many tokens, and at what cannot stand in a document.
 */
export function scanDocument(text: string, mostTokens: number): DocumentScan {
  let tokens = 0;
  let aliases = 0;
  let definitions = 0;
  let braces = 0;
  let brackets = 0;
  let at = 0;
  while (at < text.length && tokens <= mostTokens) {
    const code = text.charCodeAt(at);
    const kind = code < KINDS.length ? KINDS[code] : FOREIGN;
    at += 1;
    if (kind === IGNORED) continue;
    if (kind === COMMENT) {
      at = endOfLine(text, at);
      continue;
    }
    if (kind === FOREIGN) break;
    tokens += 1;
    if (kind === WORD) at = endOfWord(text, at);
    else if (kind === DOT) at += 2;
    else if (kind === TEXT) at = endOfText(text, at);
    else if (code === COLON) aliases += brackets === 0 ? 1 : 0;
    else if (code === OPEN_BRACKET) brackets += 1;
    else if (code === CLOSE_BRACKET) brackets -= 1;
    else if (code === OPEN_BRACE && brackets === 0) {
      if (braces === 0) definitions += 1;
      braces += 1;
    } else if (code === CLOSE_BRACE && brackets === 0) braces -= 1;
  }
  return { tokens, aliases, definitions };
}

const FOREIGN = 0;
const IGNORED = 1;
const COMMENT = 2;
const WORD = 3;
const DOT = 4;
const TEXT = 5;
const SIGN = 6;

const COLON = 0x3a;
const OPEN_BRACKET = 0x28;
const CLOSE_BRACKET = 0x29;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** What begins with a character of ASCII. A number is a word here: both end where neither goes on. */
const KINDS = new Uint8Array(128);
const note = (characters: string, kind: number) => {
  for (const each of characters) KINDS[each.charCodeAt(0)] = kind;
};
note(' \t\r\n,', IGNORED);
note('#', COMMENT);
note('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789-', WORD);
note('.', DOT);
note('"', TEXT);
note('!$&():=@[]{}|', SIGN);

function endOfWord(text: string, start: number): number {
  let at = start;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= KINDS.length || (KINDS[code] !== WORD && KINDS[code] !== DOT && code !== PLUS))
      break;
    // Three dots after a name begin a spread; one in a number is followed by a digit.
    if (KINDS[code] === DOT && text.charCodeAt(at + 1) === code) break;
  }
  return at;
}

const PLUS = 0x2b;

function endOfLine(text: string, start: number): number {
  let at = start;
  while (at < text.length && text.charCodeAt(at) !== 0x0a && text.charCodeAt(at) !== 0x0d) at += 1;
  return at;
}

/** Behind the quotes that end a text; the end of everything where none do. */
function endOfText(text: string, start: number): number {
  const isBlock = text.startsWith('""', start);
  const quotes = isBlock ? '"""' : '"';
  let at = isBlock ? start + 2 : start;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) {
      // In a block only three quotes can be escaped, and a backslash stands for itself.
      at += isBlock ? (text.startsWith(quotes, at + 1) ? 3 : 0) : 1;
    } else if (code === QUOTE && text.startsWith(quotes, at)) return at + quotes.length;
  }
  return at;
}
