const FULL =
  'アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワンヲ';
const HALF = 'ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝｦ';
const SMALL = 'ァィゥェォッャュョヮヵヶ';
const LARGE = 'ｱｲｳｴｵﾂﾔﾕﾖﾜｶｹ';
const VOICED = '\u3099';
const HALF_VOICED = '\u309A';

const paired = (from: string, to: string): [string, string][] =>
  [...from].map((letter, index) => [letter, [...to][index]!]);
const LETTERS = new Map<string, string>([
  ...paired(FULL, HALF),
  ...paired(SMALL, LARGE),
  ['ー', '-'],
  ['・', '.'],
  ['「', '｢'],
  ['」', '｣'],
  [VOICED, 'ﾞ'],
  [HALF_VOICED, 'ﾟ'],
]);
const PLAIN = /^[0-9A-Z ().,/-]$/;

/**
 * The text as a bank takes it: half-width kana, capitals, digits and a few signs. Small kana become large, ー becomes `-`,
 * a voiced mark is a letter of its own. Null when something in it cannot be written so.
 */
export function zenginText(text: string): string | null {
  let written = '';
  for (const letter of text.normalize('NFKC').normalize('NFD').toUpperCase()) {
    const half = PLAIN.test(letter) ? letter : LETTERS.get(letter);
    if (half === undefined) return null;
    written += half;
  }
  return written;
}

const FIRST_KANA = 0xff61; // ｡ in Unicode, 0xA1 in JIS X 0201
const KANA_BYTE = 0xa1;

/** Zengin text as Shift_JIS, one byte a letter. */
export const bytesOf = (text: string): Buffer =>
  Buffer.from(
    [...text].map((letter) => {
      const code = letter.charCodeAt(0);
      return code >= FIRST_KANA ? code - FIRST_KANA + KANA_BYTE : code;
    }),
  );

/** The text of such bytes. */
export const textOf = (bytes: Uint8Array): string =>
  String.fromCharCode(
    ...[...bytes].map((byte) => (byte >= KANA_BYTE ? byte - KANA_BYTE + FIRST_KANA : byte)),
  );
