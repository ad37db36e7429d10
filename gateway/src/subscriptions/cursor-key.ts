import { hkdfSync } from 'node:crypto';

/** The key of event ids, from the private key that all gateways share. One cannot be had from the other. */
export const cursorKeyFrom = (secret: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', secret, '', 'ids of events', 32));
