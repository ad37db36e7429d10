import { describe, expect, it } from 'vitest';
import { readIdentityConfig } from './config.ts';

const env = {
  PORT: '4101',
  MONGODB_URI: 'mongodb://127.0.0.1:27017/?replicaSet=rs0',
  INTERNAL_IDENTITY_PUBLIC_KEY: '{"kty":"OKP","crv":"Ed25519","x":"x"}',
  IDENTITY_ISSUER: 'http://localhost:4001',
  IDENTITY_PORT: '4001',
  IDENTITY_GRAPH_AUDIENCE: 'http://localhost:4000/graphql',
  IDENTITY_JWKS: '{"keys":[]}',
  IDENTITY_COOKIE_KEYS: '["a-cookie-key-of-32-characters-or-more"]',
  IDENTITY_PAIRWISE_SECRET: 'a-pairwise-secret-of-32-characters',
  IDENTITY_CLIENTS: '[]',
  IDENTITY_EXTERNAL_PROVIDERS: '[]',
  IDENTITY_RP_ID: 'localhost',
};

describe('the settings of the process', () => {
  it('are read from the environment', () => {
    const { service, pagesPort, settings } = readIdentityConfig(env);
    expect(service).toMatchObject({ name: 'identity', port: 4101 });
    expect(pagesPort).toBe(4001);
    expect(settings).toMatchObject({
      issuer: 'http://localhost:4001',
      cookieKeys: ['a-cookie-key-of-32-characters-or-more'],
    });
  });

  it.each(Object.keys(env))('name %s when it is missing, and show no value', (name) => {
    const missing = { ...env, [name]: undefined };
    expect(() => readIdentityConfig(missing)).toThrow(name);
    expect(() => readIdentityConfig({ ...missing, IDENTITY_CLIENTS: 'secret{' })).toThrow(
      /^(?![\s\S]*secret\{)/,
    );
  });
});
