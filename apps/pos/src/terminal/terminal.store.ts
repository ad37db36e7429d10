import { type BrowserRow, browserRow } from '@7pay/ui';

/** A paired terminal as this browser keeps it. The private key cannot leave the browser, by its making. */
export interface PairedTerminal {
  readonly clientId: string;
  readonly key: CryptoKey;
}

/** Where the pairing lives. */
export type TerminalStore = Pick<BrowserRow<PairedTerminal>, 'read' | 'write' | 'forget'>;

/** Opens the store. Its promises fail when the browser keeps no data, as in some private windows. */
export const terminalStore = (databases: IDBFactory): TerminalStore =>
  browserRow(databases, { database: '7pay-pos', table: 'terminal', row: 'paired' });

/** The key of a terminal: ES256, whose private half cannot be exported, and the public half to register. */
export async function makeTerminalKey(): Promise<{ key: CryptoKey; x: string; y: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, false, ['sign']);
  const { x, y } = await crypto.subtle.exportKey('jwk', publicKey);
  if (!x || !y) throw new Error('the browser made a key without coordinates');
  return { key: privateKey, x, y };
}
