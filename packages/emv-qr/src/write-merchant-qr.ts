import { crc16 } from './crc16.ts';
import { COUNTRY, CURRENCY, type MerchantQr, QR_LENGTH_MAX, type QrScheme } from './merchant-qr.ts';
import { readMerchantQr } from './read-merchant-qr.ts';
import { writeField } from './tlv.ts';

/**
 * The text of a store's code.
 * @throws RangeError when it would not be read as what it says: a name that is too long, say
 */
export function writeMerchantQr(qr: MerchantQr, scheme: QrScheme): string {
  const { kind, storeId, terminalId, category, amount, name, city, bill, local } = qr;
  const account = [
    writeField('00', scheme.guid),
    writeField('01', storeId),
    ...(terminalId === null ? [] : [writeField('02', terminalId)]),
  ].join('');
  const body = [
    writeField('00', '01'),
    writeField('01', kind === 'STATIC' ? '11' : '12'),
    writeField(scheme.tag, account),
    writeField('52', category),
    writeField('53', CURRENCY),
    ...(amount === null ? [] : [writeField('54', String(amount))]),
    writeField('58', COUNTRY),
    writeField('59', name),
    writeField('60', city),
    ...(bill === null ? [] : [writeField('62', writeField('01', bill))]),
    ...(local
      ? [writeField('64', writeField('00', local.language) + writeField('01', local.name))]
      : []),
    '6304', // the checksum covers its own tag and length
  ].join('');
  const text = `${body}${crc16(new TextEncoder().encode(body))}`;
  const read = readMerchantQr(text, scheme);
  if (text.length > QR_LENGTH_MAX || 'fault' in read) {
    throw new RangeError(`not a store's code: ${'fault' in read ? read.fault : 'TOO_LONG'}`);
  }
  return text;
}
