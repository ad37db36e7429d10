/** The part of pdfkit that is used here; it carries no types of its own. */
declare module 'pdfkit' {
  export default class PDFDocument {
    constructor(options: {
      size: 'A4';
      margin: number;
      font: string;
      lang: string;
      info: { Title: string; CreationDate: Date };
    });
    on(event: 'data', listener: (part: Buffer) => void): this;
    on(event: 'end', listener: () => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
    fontSize(points: number): this;
    addPage(): this;
    text(
      text: string,
      x: number,
      y: number,
      options?: {
        width?: number;
        height?: number;
        align?: 'left' | 'right';
        ellipsis?: boolean;
        lineBreak?: boolean;
      },
    ): this;
    end(): void;
  }
}
