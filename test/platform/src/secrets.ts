import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { JWK } from 'jose';

/** Keys and secrets of one installation. In production they come from the environment, one by one. */
export interface Secrets {
  readonly signingKey: JWK;
  readonly cookieKey: string;
  readonly pairwiseSecret: string;
  readonly internalKey: JWK;
  readonly registerNetwork: string;
  readonly externalClient: string;
  readonly partnerClient: string;
}

/** New random keys and secrets. */
export function freshSecrets(): Secrets {
  const word = () => randomBytes(32).toString('base64url');
  const signing = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const internal = generateKeyPairSync('ed25519').privateKey;
  return {
    signingKey: {
      ...(signing.export({ format: 'jwk' }) as JWK),
      kid: randomBytes(8).toString('hex'),
      alg: 'ES256',
      use: 'sig',
    },
    cookieKey: word(),
    pairwiseSecret: word(),
    internalKey: internal.export({ format: 'jwk' }) as JWK,
    registerNetwork: word(),
    externalClient: word(),
    partnerClient: word(),
  };
}

/** The secrets of a data folder: made at the first start, read at the next ones. Only the owner can read the file. */
export function keepSecrets(dataDir: string): Secrets {
  const file = path.join(dataDir, 'secrets.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Secrets;
  const secrets = freshSecrets();
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(file, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  return secrets;
}

/** The part of the internal key that subgraphs may have. */
export function publicPart({ kty, crv, x }: JWK): JWK {
  return { kty, crv, x } as JWK;
}
