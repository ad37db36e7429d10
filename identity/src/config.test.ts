import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  IDENTITY_CREDENTIAL_SECRETS: '["a-credential-secret-of-32-characters"]',
  MESSAGE_CARRIER_URL: 'http://localhost:4900',
  MESSAGE_CARRIER_SECRET: 'a-carrier-secret-of-32-characters-or-more',
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

  it('take clients from a file besides those of the environment', () => {
    const folder = mkdtempSync(join(tmpdir(), '7id-clients-'));
    const file = join(folder, 'clients.json');
    try {
      writeFileSync(file, '[{"kind":"partner-app","clientId":"suite"}]');
      const { settings } = readIdentityConfig({ ...env, IDENTITY_CLIENTS_FILE: file });
      expect(settings.clients).toEqual([{ kind: 'partner-app', clientId: 'suite' }]);
      for (const wrong of ['secret{', '{"a":1}']) {
        writeFileSync(file, wrong);
        const read = () => readIdentityConfig({ ...env, IDENTITY_CLIENTS_FILE: file });
        expect(read).toThrow('IDENTITY_CLIENTS_FILE');
        expect(read).not.toThrow('secret{');
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('switch registration, key rotation, client certificates and TLS on, each by itself', () => {
    const { settings, tls } = readIdentityConfig(env);
    expect(tls).toBeUndefined();
    for (const name of [
      'registration',
      'keyStore',
      'clientCertificates',
      'breachedPasswordsFile',
    ]) {
      expect(settings).not.toHaveProperty(name);
    }
    const on = readIdentityConfig({
      ...env,
      IDENTITY_REGISTRATION: 'token',
      IDENTITY_REGISTRATION_HOSTS: '["partner.example"]',
      IDENTITY_KEY_SECRET: 'a-key-secret-of-32-characters-or-more',
      IDENTITY_CLIENT_CERTIFICATES: '{"certificate":"x-client-cert","verified":"x-client-verify"}',
      IDENTITY_OUTGOING_HOSTS: '["partner.example"]',
      IDENTITY_BREACHED_PASSWORDS_FILE: 'breached.bin',
      IDENTITY_TLS_CERT: 'cert.pem',
      IDENTITY_TLS_KEY: 'key.pem',
    });
    expect(on.tls).toEqual({ cert: 'cert.pem', key: 'key.pem' });
    expect(on.settings).toMatchObject({
      registration: { mode: 'token', redirectHosts: ['partner.example'] },
      keyStore: { kind: 'database' },
      clientCertificates: { certificate: 'x-client-cert', verified: 'x-client-verify' },
      outgoingHosts: ['partner.example'],
      breachedPasswordsFile: 'breached.bin',
    });
    expect(() => readIdentityConfig({ ...env, IDENTITY_TLS_CERT: 'cert.pem' })).toThrow('both');
    const both = { IDENTITY_KEY_SECRET: 'k'.repeat(32), IDENTITY_KEYS_FOLDER: '/keys' };
    expect(() => readIdentityConfig({ ...env, ...both })).toThrow('one or none');
  });
});
