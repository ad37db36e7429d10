import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc16 } from './crc16.ts';
import type { MerchantQr, QrFault } from './merchant-qr.ts';
import { readMerchantQr } from './read-merchant-qr.ts';
import { writeMerchantQr } from './write-merchant-qr.ts';

const scheme = { tag: '26', guid: 'jp.7pay' };
const bytes = (text: string) => new TextEncoder().encode(text);
/** Puts a checksum that holds behind a body: whatever is wrong then is not the checksum. */
const sealed = (body: string) => `${body}6304${crc16(bytes(`${body}6304`))}`;
const head = '0002010102122615' + '0007jp.7pay';
const ours = '26' + '20' + '0007jp.7pay0105sto_1';
const parts: Record<string, string> = {
  '00': '000201',
  '01': '010212',
  '26': ours,
  '52': '52045411',
  '53': '5303392',
  '54': '5403648',
  '58': '5802JP',
  '59': '59047PAY',
  '60': '6005TOKYO',
  '62': '62090105bil_1',
};
const bodyOf = (all: Record<string, string>) =>
  Object.entries(all)
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([, field]) => field)
    .join('');
const made = (change: Record<string, string> = {}, behind = '') =>
  sealed(bodyOf({ ...parts, ...change }) + behind);

const ascii = (most: number) =>
  fc.stringMatching(/^[ -~]+$/, { maxLength: most }).filter((text) => text.length <= most);
const anyQr: fc.Arbitrary<MerchantQr> = fc
  .record({
    isStatic: fc.boolean(),
    storeId: ascii(28),
    terminalId: fc.option(ascii(28)),
    category: fc.stringMatching(/^\d{4}$/),
    amount: fc.integer({ min: 1, max: 9_999_999 }),
    name: ascii(25),
    city: ascii(15),
    bill: ascii(25),
    local: fc.option(
      fc.record({
        language: fc.constantFrom('ja', 'en'),
        name: fc.constantFrom('千代田二番町店', 'みどり書房 神田店', '𠮷野家', 'Shop'),
      }),
    ),
  })
  .map(({ isStatic, amount, bill, ...qr }) => ({
    ...qr,
    kind: isStatic ? 'STATIC' : 'DYNAMIC',
    amount: isStatic ? null : amount,
    bill: isStatic ? null : bill,
  }));

describe('a code of a store', () => {
  it('has the checksum of its kind', () => {
    expect(crc16(bytes('123456789'))).toBe('29B1');
    expect(crc16(bytes(''))).toBe('FFFF');
  });

  it('is read as it was written', () => {
    fc.assert(
      fc.property(anyQr, (qr) => {
        expect(readMerchantQr(writeMerchantQr(qr, scheme), scheme)).toEqual(qr);
      }),
    );
  });

  it('with one character changed, left out or put in is never read as another', () => {
    const at = fc.nat();
    const other = fc.stringMatching(/^[ -~]$/);
    fc.assert(
      fc.property(anyQr, at, other, fc.constantFrom(0, 1, 2), (qr, place, character, how) => {
        const text = writeMerchantQr(qr, scheme);
        const units = [...text];
        if (how === 0) units[place % units.length] = character;
        else if (how === 1) units.splice(place % units.length, 1);
        else units.splice(place % units.length, 0, character);
        const read = readMerchantQr(units.join(''), scheme);
        if (units.join('') !== text) expect(read).toHaveProperty('fault');
      }),
      { numRuns: 500, seed: 25 }, // a checksum of 16 bits lets one in 65,536 of the longer slips pass,
    );
  });

  it('of hostile text is a fault and nothing is thrown', () => {
    const noise = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 600 }),
      fc.string({ maxLength: 300 }).map((text) => `000201${text}`),
      fc.string({ unit: 'binary', maxLength: 200 }).map((text) => sealed(`000201${text}`)),
      fc.stringMatching(/^\d{0,200}$/).map((text) => sealed(`000201${text}`)),
    );
    fc.assert(
      fc.property(noise, (text) => {
        expect(readMerchantQr(text, scheme)).toHaveProperty('fault');
      }),
      { numRuns: 500, seed: 25 },
    );
  });

  it.each<[string, QrFault, string]>([
    ['too long', 'TOO_LONG', sealed(`000201${'8'.repeat(600)}`)],
    ['nothing', 'NOT_A_STORE_CODE', ''],
    ['an address', 'NOT_A_STORE_CODE', 'https://example.com/'],
    ['a payment code', 'NOT_A_STORE_CODE', '711000771234567890123456'],
    ['another checksum', 'WRONG_CRC', made().slice(0, -4) + '0000'],
    ['a small checksum', 'WRONG_CRC', made().slice(0, -4) + 'abcd'],
    ['no checksum', 'WRONG_CRC', bodyOf(parts)],
    ['something behind the checksum', 'WRONG_CRC', `${made()}8001x`],
    ['a tag that comes twice', 'DUPLICATE_TAG', made({}, '5802JP')],
    ['two checksums', 'DUPLICATE_TAG', sealed(made())],
    ['a length beyond the end', 'LENGTH', sealed(`${head}9999x`)],
    ['a length that is no number', 'LENGTH', made({ 54: '54x3648' })],
    ['a length of nothing', 'LENGTH', made({ 54: '5400' })],
    [
      'a field inside that is longer than the one around it',
      'LENGTH',
      made({ 62: '62090199bil_1' }),
    ],
    ['an account inside that is longer', 'LENGTH', made({ 26: '26200007jp.7pay0106sto_1' })],
    ['a tag that is not defined', 'UNKNOWN_TAG', made({}, '6501x')],
    [
      'a part of ours that is not defined',
      'UNKNOWN_TAG',
      made({ 26: '26250007jp.7pay0105sto_10901x' }),
    ],
    ['no name', 'MISSING_TAG', made({ 59: '' })],
    ['no currency', 'MISSING_TAG', made({ 53: '' })],
    ['no store', 'MISSING_TAG', made({ 26: '26110007jp.7pay' })],
    ['no bill', 'MISSING_TAG', made({ 62: '' })],
    ['dollars', 'WRONG_CURRENCY', made({ 53: '5303840' })],
    ['another country', 'WRONG_COUNTRY', made({ 58: '5802US' })],
    ['a part of a yen', 'WRONG_AMOUNT', made({ 54: '54046.48' })],
    ['no money', 'WRONG_AMOUNT', made({ 54: '54010' })],
    ['less than nothing', 'WRONG_AMOUNT', made({ 54: '5403-10' })],
    ['a printed code with an amount', 'WRONG_KIND', made({ '01': '010211', 62: '' })],
    ['a kind that is neither', 'WRONG_KIND', made({ '01': '010213' })],
    ['a tip', 'TIP', made({}, '550201')],
    ['a tip of a rate', 'TIP', made({}, '570210')],
    ['a name in Japanese where ASCII belongs', 'NOT_ASCII', made({ 59: '5902千店' })],
    ['a name that is too long', 'WRONG_FIELD', made({ 59: `5926${'A'.repeat(26)}` })],
    ['a bill that is too long', 'WRONG_FIELD', made({ 62: `62300126${'b'.repeat(26)}` })],
    ['the account of another scheme', 'OTHER_SCHEME', made({ 26: '26200007jp.9pay0105sto_1' })],
    ['no account', 'OTHER_SCHEME', made({ 26: '' })],
  ])('with %s is told as %s', (_, code, text) => {
    expect(readMerchantQr(text, scheme)).toEqual({ fault: code });
  });

  it('may carry accounts of other schemes beside ours', () => {
    const other = '27200007jp.9pay0105sto_9';
    expect(readMerchantQr(made({}, other), scheme)).toMatchObject({
      storeId: 'sto_1',
      amount: 648,
    });
  });

  it('is read with a Japanese name whether its lengths count characters or bytes', () => {
    const characters = made({}, '64140002ja0104二番町店');
    const asBytes = made({}, '64220002ja0112二番町店');
    for (const text of [characters, asBytes]) {
      expect(readMerchantQr(text, scheme)).toMatchObject({
        local: { language: 'ja', name: '二番町店' },
      });
    }
  });

  it('is not written when nobody could read it', () => {
    const qr = { kind: 'STATIC', storeId: 'sto_1', terminalId: null, category: '5411' } as const;
    const rest = { amount: null, city: 'TOKYO', bill: null, local: null };
    expect(() => writeMerchantQr({ ...qr, ...rest, name: '千代田' }, scheme)).toThrow(RangeError);
    expect(() => writeMerchantQr({ ...qr, ...rest, name: '' }, scheme)).toThrow(RangeError);
  });
});
