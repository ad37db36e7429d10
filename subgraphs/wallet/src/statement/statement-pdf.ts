import { createRequire } from 'node:module';
import type { Locale } from '@7pay/refusals';
import PDFDocument from 'pdfkit';
import type { StoreNames } from './statement-csv.ts';
import { instantInTokyo, MOVEMENT_WORDS, STATEMENT_WORDS } from './statement-words.ts';
import { monthSpan, type Statement } from './statement.ts';

// A TrueType file; pdfkit embeds the glyphs that are used and no others.
const FONT = createRequire(import.meta.url).resolve(
  '@expo-google-fonts/noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf',
);
const MARGIN = 48;
const ROW = 16;
const BOTTOM = 780;
/** Where each column begins and how wide it is, points. */
const COLUMNS = [
  [48, 62],
  [110, 50],
  [160, 90],
  [250, 150],
  [400, 70],
  [470, 75],
] as const;
const digits = (amount: number): string => amount.toLocaleString('en-US');

/** A statement as PDF, A4; the same statement gives the same bytes. */
export function statementPdf(
  statement: Statement,
  stores: StoreNames,
  locale: Locale,
): Promise<Buffer> {
  const words = STATEMENT_WORDS[locale];
  const { month, movements, opening, closing } = statement;
  const document = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    font: FONT,
    lang: locale,
    info: {
      Title: `${words.title} ${month}`,
      CreationDate: monthSpan(month).until, // of the month and not of the moment: the same bytes each time
    },
  });
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const parts: Buffer[] = [];
  document.on('data', (part: Buffer) => parts.push(part));
  document.on('end', () => resolve(Buffer.concat(parts)));
  document.on('error', reject);

  document.fontSize(16).text(`${words.title}  ${month}`, MARGIN, MARGIN);
  document.fontSize(8).text(`${words.wallet} ${statement.walletId}`, MARGIN, 74);
  let y = 100;
  const row = (cells: readonly string[]) => {
    if (y > BOTTOM) {
      document.addPage();
      y = MARGIN;
    }
    for (const [index, [x, width]] of COLUMNS.entries()) {
      const text = cells[index] ?? '';
      const align = index > 3 ? 'right' : 'left';
      if (text)
        document.text(text, x, y, { width, height: ROW, align, ellipsis: true, lineBreak: false });
    }
    y += ROW;
  };
  row([words.date, words.time, words.kind, words.store, words.amount, words.balance]);
  row([`${month}-01`, '', words.opening, '', '', digits(opening)]);
  for (const movement of movements) {
    const { businessDate, at, kind, storeId, amount, balanceAfter } = movement;
    const store = storeId === null ? '' : (stores.get(storeId) ?? storeId);
    const what = MOVEMENT_WORDS[locale][kind];
    const [paid, left] = [digits(amount), digits(balanceAfter)];
    row([businessDate, instantInTokyo(at), what, store, paid, left]);
  }
  if (movements.length === 0) row(['', '', words.none]);
  row(['', '', words.closing, '', '', digits(closing)]);
  document.end();
  return promise;
}
