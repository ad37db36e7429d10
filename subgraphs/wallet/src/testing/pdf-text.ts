import { inflateSync } from 'node:zlib';

/** The words of a PDF that embeds one font, in the order in which they are drawn; one for each run of glyphs. */
export function pdfText(pdf: Buffer): string[] {
  const source = pdf.toString('latin1');
  const streams: string[] = [];
  for (const found of source.matchAll(/\/Length (\d+)[\s\S]*?stream\r?\n/g)) {
    const from = found.index + found[0].length;
    const body = pdf.subarray(from, from + Number(found[1]));
    try {
      streams.push(inflateSync(body).toString('latin1'));
    } catch {
      streams.push(body.toString('latin1'));
    }
  }
  const glyphs = new Map<number, string>();
  for (const map of streams.filter((stream) => stream.includes('beginbfrange'))) {
    for (const [, first = '', list = ''] of map.matchAll(/<(\w{4})> <\w{4}> \[([^\]]*)\]/g)) {
      for (const [index, [, hex = '']] of [...list.matchAll(/<(\w*)>/g)].entries()) {
        const units = hex.match(/.{4}/g) ?? [];
        const text = String.fromCharCode(...units.map((unit) => Number.parseInt(unit, 16)));
        glyphs.set(Number.parseInt(first, 16) + index, text);
      }
    }
  }
  const pages = streams.filter((stream) => stream.includes(' Tf'));
  return pages.flatMap((page) =>
    [...page.matchAll(/\[([^\]]*)\] TJ/g)].map(([, run = '']) =>
      [...run.matchAll(/<(\w+)>/g)]
        .flatMap(([, hex = '']) => hex.match(/.{4}/g) ?? [])
        .map((glyph) => glyphs.get(Number.parseInt(glyph, 16)) ?? '?')
        .join(''),
    ),
  );
}
