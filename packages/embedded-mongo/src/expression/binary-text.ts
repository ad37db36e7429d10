import type { Binary } from '../values/types.ts';

/** The ways binary data is written as text. */
export type Format = 'auto' | 'base64' | 'base64url' | 'hex' | 'utf8' | 'uuid';

/** The names of the formats. */
export const FORMATS: ReadonlySet<string> = new Set<Format>([
  'auto',
  'base64',
  'base64url',
  'hex',
  'utf8',
  'uuid',
]);

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Binary data as text; null when the format does not fit it. */
export function binaryToText(v: Binary, format: Format): string | null {
  const bytes = Buffer.from(v.bytes);
  switch (format) {
    case 'auto':
      return binaryToText(v, v.subtype === 4 ? 'uuid' : 'base64');
    case 'uuid':
      if (v.subtype !== 4 || bytes.length !== 16) return null;
      return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    case 'utf8': {
      const text = bytes.toString('utf8');
      return Buffer.from(text).equals(bytes) ? text : null;
    }
    case 'hex':
      return bytes.toString('hex').toUpperCase();
    default:
      return bytes.toString(format);
  }
}

/** Bytes from text; null when the text is not of the format. */
export function binaryFromText(text: string, format: Format): Uint8Array | null {
  switch (format) {
    case 'auto':
      return null;
    case 'uuid':
      return UUID.test(text) ? Uint8Array.from(Buffer.from(text.replaceAll('-', ''), 'hex')) : null;
    case 'hex':
      return /^([0-9a-f]{2})*$/i.test(text) ? Uint8Array.from(Buffer.from(text, 'hex')) : null;
    case 'utf8':
      return Uint8Array.from(Buffer.from(text, 'utf8'));
    case 'base64':
      return /^([\w+/]{4})*([\w+/]{2}==|[\w+/]{3}=)?$/.test(text) && !text.includes('_')
        ? Uint8Array.from(Buffer.from(text, 'base64'))
        : null;
    case 'base64url':
      return /^[\w-]*={0,2}$/.test(text) ? Uint8Array.from(Buffer.from(text, 'base64url')) : null;
  }
}
