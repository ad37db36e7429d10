import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readWalletConfig } from './config.ts';

const ed25519 = () => generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
const env = {
  MONGODB_URI: 'mongodb://localhost/x',
  PORT: '4010',
  INTERNAL_IDENTITY_PUBLIC_KEY: JSON.stringify({ ...ed25519(), d: undefined }),
  REGISTER_NETWORK_URL: 'http://localhost',
  REGISTER_NETWORK_SECRET: 's'.repeat(32),
  LEDGER_SEAL_KEY: JSON.stringify(ed25519()),
  PAYMENT_DEVICE_SECRET: 'd'.repeat(32),
  ATM_NETWORK_URL: 'http://localhost',
  ATM_NETWORK_SECRET: 'a'.repeat(32),
  PARTY_DOOR_PORT: '4016',
  ACQUIRER_URL: 'http://localhost',
  ACQUIRER_SECRET: 'c'.repeat(32),
  CARD_RETURN_URL: 'http://localhost/wallet/charge/card',
};

describe('the settings of the wallet', () => {
  it('have a scheme of store codes only if it is set', () => {
    expect(readWalletConfig(env)).not.toHaveProperty('qrScheme');
    const QR_SCHEME = '{"tag":"27","guid":"jp.example"}';
    expect(readWalletConfig({ ...env, QR_SCHEME }).qrScheme).toEqual({
      tag: '27',
      guid: 'jp.example',
    });
  });

  it.each([
    ['no secret for devices', { PAYMENT_DEVICE_SECRET: undefined }],
    ['a short secret', { PAYMENT_DEVICE_SECRET: 'short' }],
    ['a tag that is no account', { QR_SCHEME: '{"tag":"52","guid":"x"}' }],
  ])('are refused with %s', (_, change) => {
    expect(() => readWalletConfig({ ...env, ...change })).toThrow(
      /PAYMENT_DEVICE_SECRET|QR_SCHEME/,
    );
  });
});
