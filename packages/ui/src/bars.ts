import code128 from 'jsbarcode/bin/barcodes/CODE128/CODE128C.js';
import qr from 'qrcode/lib/core/qrcode.js';

/** Modules that stay white on each side, so that a scanner finds the edge (ISO/IEC 15417, 18004). */
const barcodeQuiet = 10;
const qrQuiet = 4;

/** A black-and-white picture in modules: an SVG path over a field of `width` × `height`. */
export interface Modules {
  readonly width: number;
  readonly height: number;
  readonly path: string;
}

/** CODE128 (set C) of an even number of digits, one module high. @throws Error on anything else. */
export function code128Modules(digits: string): Modules {
  if (!/^(\d\d){1,40}$/.test(digits)) throw new Error('CODE128 C takes an even number of digits');
  const Code128 = 'default' in code128 ? code128.default : code128;
  const bits = new Code128(digits, {}).encode().data;
  return {
    width: bits.length + 2 * barcodeQuiet,
    height: 1,
    path: runs(bits, { left: barcodeQuiet, top: 0 }),
  };
}

/** A QR code with a quarter of the field to spare for damage (level Q). */
export function qrModules(text: string): Modules {
  const { size, data } = qr.create(text, { errorCorrectionLevel: 'Q' }).modules;
  const rows = Array.from({ length: size }, (_, row) =>
    runs(Array.from(data.subarray(row * size, (row + 1) * size)).join(''), {
      left: qrQuiet,
      top: row + qrQuiet,
    }),
  );
  return { width: size + 2 * qrQuiet, height: size + 2 * qrQuiet, path: rows.join('') };
}

/** Draws each run of dark modules as one rectangle: fewer edges, no hairlines between neighbours. */
function runs(bits: string, at: { left: number; top: number }): string {
  return [...bits.matchAll(/1+/g)]
    .map(({ index, 0: run }) => `M${at.left + index} ${at.top}h${run.length}v1h-${run.length}z`)
    .join('');
}
