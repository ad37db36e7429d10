export { crc16 } from './crc16.ts';
export { type MerchantQr, QR_LENGTH_MAX, type QrFault, type QrScheme } from './merchant-qr.ts';
export { readMerchantQr } from './read-merchant-qr.ts';
export { writeMerchantQr } from './write-merchant-qr.ts';
