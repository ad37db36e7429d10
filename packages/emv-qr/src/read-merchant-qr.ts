import { crc16 } from './crc16.ts';
import {
  BILL_MAX,
  CITY_MAX,
  COUNTRY,
  CURRENCY,
  type MerchantQr,
  NAME_MAX,
  QR_LENGTH_MAX,
  type QrFault,
  type QrScheme,
} from './merchant-qr.ts';
import { type Fields, readFields } from './tlv.ts';

type Fault = { readonly fault: QrFault };
const fault = (code: QrFault): Fault => ({ fault: code });

/**
 * Reads a text that was scanned, and trusts nothing in it: the first thing that is not as it should be is the answer. Lengths
 * count characters; a code outside of ASCII whose lengths count bytes is read as well.
 */
export function readMerchantQr(text: string, scheme: QrScheme): MerchantQr | Fault {
  if (text.length > QR_LENGTH_MAX) return fault('TOO_LONG');
  if (!text.startsWith('000201')) return fault('NOT_A_STORE_CODE');
  if (!text.isWellFormed()) return fault('NOT_ASCII');
  const bytes = new TextEncoder().encode(text);
  const sum = /6304([0-9A-F]{4})$/.exec(text)?.[1];
  if (sum === undefined || sum !== crc16(bytes.subarray(0, -4))) return fault('WRONG_CRC');
  const read = readUnits([...text], scheme, (value) => value);
  const isAscii = bytes.length === text.length;
  if (isAscii || !('fault' in read)) return read;
  const asBytes = readUnits([...String.fromCharCode(...bytes)], scheme, fromBytes);
  return 'fault' in asBytes ? read : asBytes;
}

const fromBytes = (value: string): string =>
  new TextDecoder().decode(Uint8Array.from(value, (unit) => unit.charCodeAt(0)));

function readUnits(
  units: readonly string[],
  scheme: QrScheme,
  decode: (value: string) => string,
): MerchantQr | Fault {
  const fields = readFields(units);
  if ('fault' in fields) return fields as Fault;
  const wrong = judgeTags(fields);
  if (wrong) return fault(wrong);
  const account = subFields(fields, scheme.tag, /^0[0-2]$/);
  if (account === null) return fault('OTHER_SCHEME');
  if ('fault' in account) return account;
  if (account.get('00') !== scheme.guid) return fault('OTHER_SCHEME');
  const storeId = account.get('01');
  if (!storeId) return fault('MISSING_TAG');
  const more = subFields(fields, '62', /^(0[1-9]|[5-9]\d)$/);
  if (more && 'fault' in more) return more;
  const local = subFields(fields, '64', /^0[0-2]$/);
  if (local && 'fault' in local) return local;
  const localName = local?.get('01');
  const language = local?.get('00');
  if (local && (!localName || !/^[a-z]{2}$/.test(language ?? ''))) return fault('WRONG_FIELD');

  const kind = fields.get('01') === '11' ? 'STATIC' : 'DYNAMIC';
  const bill = more?.get('01') ?? null;
  const amount = fields.has('54') ? Number(fields.get('54')) : null;
  if (bill !== null && bill.length > BILL_MAX) return fault('WRONG_FIELD');
  if (kind === 'DYNAMIC' && bill === null) return fault('MISSING_TAG');
  if (kind === 'STATIC' && (amount !== null || bill !== null)) return fault('WRONG_KIND');
  return {
    kind,
    storeId,
    terminalId: account.get('02') ?? null,
    category: fields.get('52') as string,
    amount,
    name: fields.get('59') as string,
    city: fields.get('60') as string,
    bill,
    local: localName && language ? { language, name: decode(localName) } : null,
  };
}

const MANDATORY = ['01', '52', '53', '58', '59', '60'] as const;
// 02 to 51 are accounts, of other schemes too; 80 to 99 are free for anybody; what lies between is not defined yet.
const KNOWN = /^(0\d|[1-4]\d|5[0-46-9]|6[0-4]|[89]\d)$/;

/** The fields that a code has by itself, whoever's it is. */
function judgeTags(fields: Fields): QrFault | null {
  for (const [tag, value] of fields) {
    if (/^5[5-7]$/.test(tag)) return 'TIP';
    if (!KNOWN.test(tag)) return 'UNKNOWN_TAG';
    if (tag !== '64' && !/^[\x20-\x7e]+$/.test(value)) return 'NOT_ASCII';
  }
  if (MANDATORY.some((tag) => !fields.has(tag))) return 'MISSING_TAG';
  const at = (tag: string) => fields.get(tag) as string;
  if (at('00') !== '01' || !/^1[12]$/.test(at('01'))) return 'WRONG_KIND';
  if (at('53') !== CURRENCY) return 'WRONG_CURRENCY';
  if (at('58') !== COUNTRY) return 'WRONG_COUNTRY';
  if (fields.has('54') && !/^[1-9]\d{0,12}$/.test(at('54'))) return 'WRONG_AMOUNT';
  const fits =
    /^\d{4}$/.test(at('52')) && at('59').length <= NAME_MAX && at('60').length <= CITY_MAX;
  if (!fits) return 'WRONG_FIELD';
  // The checksum is the last field, or something hides behind it.
  return [...fields.keys()].at(-1) === '63' && at('63').length === 4 ? null : 'LENGTH';
}

/** The fields inside of a field; null when it is not there. */
function subFields(fields: Fields, tag: string, known: RegExp): Fields | Fault | null {
  const value = fields.get(tag);
  if (value === undefined) return null;
  const inner = readFields([...value]);
  if ('fault' in inner) return inner as Fault;
  return [...inner.keys()].every((key) => known.test(key)) ? inner : fault('UNKNOWN_TAG');
}
