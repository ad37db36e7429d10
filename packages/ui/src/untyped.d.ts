/** The parts of packages that carry no types of their own, and style sheets. */
declare module 'jsbarcode/bin/barcodes/CODE128/CODE128C.js' {
  type Code128C = new (digits: string, options: object) => { encode(): { data: string } };
  const code: Code128C | { default: Code128C };
  export default code;
}
declare module 'qrcode/lib/core/qrcode.js' {
  const qr: {
    create(
      text: string,
      options: { errorCorrectionLevel: 'L' | 'M' | 'Q' | 'H' },
    ): { modules: { size: number; data: Uint8Array } };
  };
  export default qr;
}
declare module '*.css';
