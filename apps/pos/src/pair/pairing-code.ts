import { plainCode } from '@7pay/ui';

/** A pairing code has this many letters and digits. */
export const pairingCodeLength = 8;

/** Reads a pairing code as typed: capitals, no spaces or hyphens, plain signs. `null`: not a code yet. */
export function readPairingCode(typed: string): string | null {
  const code = plainCode(typed);
  return new RegExp(`^[0-9A-Z]{${pairingCodeLength}}$`).test(code) ? code : null;
}
