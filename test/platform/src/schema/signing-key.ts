import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { JWK } from 'jose';
import { publicPart } from '../secrets.ts';
import type { SchemaConfig } from './config.ts';

/**
 * The key that signs supergraphs. Without a setting it is a key of the data folder, made on first use; its public
 * half stands beside it, for the gateway. @throws Error in production without a setting
 */
export function signingKey(config: SchemaConfig): JWK {
  const { SCHEMA_SIGNING_KEY: given, DATA_DIR: dataDir, NODE_ENV } = config;
  if (given) return given as JWK;
  if (NODE_ENV === 'production') throw new Error('SCHEMA_SIGNING_KEY is missing');
  const file = path.join(dataDir, 'schema-signing-key.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as JWK;
  const key = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }) as JWK;
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(file, JSON.stringify(key), { mode: 0o600, flag: 'wx' });
  writeFileSync(path.join(dataDir, 'schema-public-key.json'), JSON.stringify(publicPart(key)));
  return key;
}
