import * as oauth from 'oauth4webapi';
import { type BrowserRow, browserRow } from '../browser-row.ts';
import { claimsOf } from './token-claims.ts';

/** The key to which the tokens of this browser are bound (RFC 9449). Its private half cannot be read out, by its making. */
export interface ProofKey {
  /** What makes the proofs for requests of this client. */
  handle(): Promise<oauth.DPoPHandle>;
  /** The clock of the platform, by a token of this instant: phones are often wrong by minutes, and proofs are not. */
  noteClock(accessToken: string, now: Date): void;
}

/** Where the key lives between reloads. One for all tabs of the browser: it stays when somebody logs out. */
export type ProofKeyRow = Pick<BrowserRow<CryptoKeyPair>, 'read' | 'add'>;

/** The row of the browser itself. */
export const proofKeyRow = (databases: IDBFactory): ProofKeyRow =>
  browserRow(databases, { database: '7pay-session', table: 'keys', row: 'proof' });

/** The key of this browser, made when it is first asked for. A browser that keeps nothing has one for as long as the page lives. */
export function openProofKey(client: oauth.Client, row: ProofKeyRow): ProofKey {
  let aheadSeconds = 0;
  const pair = async () => {
    const kept = await row.read().catch(() => null);
    if (kept) return kept;
    const made = await oauth.generateKeyPair('ES256');
    return row.add(made).catch(() => made);
  };
  let handle: Promise<oauth.DPoPHandle> | null = null;
  return {
    handle: () =>
      (handle ??= pair().then((keys) =>
        oauth.DPoP(client, keys, {
          [oauth.modifyAssertion]: (_header, payload) => {
            payload['iat'] = Number(payload['iat']) + aheadSeconds;
          },
        }),
      )),
    noteClock: (accessToken, now) => {
      const issuedAt = claimsOf(accessToken)?.['iat'];
      if (typeof issuedAt === 'number') aheadSeconds = issuedAt - Math.floor(now.getTime() / 1_000);
    },
  };
}
