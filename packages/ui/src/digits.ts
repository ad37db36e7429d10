/**
 * What a person typed where digits are asked for: full-width digits become plain ones, and the spaces,
 * hyphens and commas of the way people write numbers go. Other signs stay, so that a check can see them.
 * The graph refuses what is not plain; a person at a keyboard is helped before.
 */
export function plainDigits(typed: string): string {
  return typed
    .replace(/[\uFF10-\uFF19]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(/[\s\u3000,\uFF0C\u3001\-\u2010-\u2015\u2212\u30FC\uFF0D]/g, '');
}

/** Digits in groups of `size`, for reading aloud and comparing: `1234 5678`. */
export function groupDigits(digits: string, size = 4): string {
  const groups: string[] = [];
  for (let at = 0; at < digits.length; at += size) groups.push(digits.slice(at, at + size));
  return groups.join(' ');
}

/**
 * A code of letters and digits as a person types it: full-width becomes plain, small becomes capital,
 * spaces and hyphens go.
 */
export function plainCode(typed: string): string {
  return typed
    .normalize('NFKC')
    .replace(/[\s\-\u2010-\u2015\u2212\u30FC]/g, '')
    .toUpperCase();
}
