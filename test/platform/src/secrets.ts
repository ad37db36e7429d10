import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { JWK } from 'jose';
import { closeToOthers, writeOwnersFile } from './owners-file.ts';

/** Keys and secrets of one installation. In production they come from the environment, one by one. */
export interface Secrets {
  readonly signingKey: JWK;
  readonly cookieKey: string;
  readonly pairwiseSecret: string;
  /** Names to the graph who agreed to a payment. */
  readonly agreement: string;
  /** Seals and names what members prove themselves by. */
  readonly credentials: string;
  readonly internalKey: JWK;
  /** Signs the seals and exports of the ledger. */
  readonly sealKey: JWK;
  /** Seals the secrets of payment devices. */
  readonly paymentDevices: string;
  readonly registerNetwork: string;
  readonly atmNetwork: string;
  readonly acquirer: string;
  readonly messageCarrier: string;
  readonly externalClient: string;
  /** PEM: signs the client secret at the external provider that takes no other. */
  readonly externalSigningKey: string;
  readonly partnerClient: string;
}

/** New random keys and secrets. */
export function freshSecrets(): Secrets {
  const word = () => randomBytes(32).toString('base64url');
  const signing = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const ed25519 = () => generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }) as JWK;
  return {
    signingKey: {
      ...(signing.export({ format: 'jwk' }) as JWK),
      kid: randomBytes(8).toString('hex'),
      alg: 'ES256',
      use: 'sig',
    },
    cookieKey: word(),
    pairwiseSecret: word(),
    agreement: word(),
    credentials: word(),
    internalKey: ed25519(),
    sealKey: ed25519(),
    paymentDevices: word(),
    registerNetwork: word(),
    atmNetwork: word(),
    acquirer: word(),
    messageCarrier: word(),
    externalClient: word(),
    externalSigningKey: String(
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
        type: 'pkcs8',
        format: 'pem',
      }),
    ),
    partnerClient: word(),
  };
}

/**
 * The secrets of a data folder: made at the first start, read at the next ones. Only the owner can read the file.
 * @throws Error naming the file when it cannot be read as secrets; it is left as it is
 */
export function keepSecrets(dataDir: string): Secrets {
  const file = path.join(dataDir, 'secrets.json');
  const kept = existsSync(file) ? readKept(file) : undefined;
  const fresh = freshSecrets();
  // A folder of an older version has none of the newer secrets yet.
  const secrets = { ...fresh, ...kept };
  if (kept && Object.keys(fresh).every((name) => name in kept)) {
    closeToOthers(file);
    return secrets;
  }
  mkdirSync(dataDir, { recursive: true });
  writeOwnersFile(file, JSON.stringify(secrets, null, 2));
  return secrets;
}

function readKept(file: string): Partial<Secrets> {
  const kept = parsed(readFileSync(file, 'utf8'));
  if (typeof kept === 'object' && kept !== null && !Array.isArray(kept)) return kept;
  throw new Error(
    `${file} holds no secrets that can be read. Put your copy of it back; without one this data is lost: begin anew with npm start -- --fresh.`,
  );
}

// A fault of the parser quotes what it read: it must not be said.
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The part of the internal key that subgraphs may have. */
export function publicPart({ kty, crv, x }: JWK): JWK {
  return { kty, crv, x } as JWK;
}
