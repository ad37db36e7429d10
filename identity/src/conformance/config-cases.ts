import assert from 'node:assert/strict';
import type { Cases } from './suite.ts';

/** oidcc-config-certification-test-plan */
export const configCases: Cases = {
  'oidcc-discovery-endpoint-verification': async ({ running: { issuer } }) => {
    const metadata = (await (
      await fetch(`${issuer}/.well-known/openid-configuration`)
    ).json()) as Record<string, string & string[]>;
    assert.equal(metadata['issuer'], issuer);
    const endpoints = Object.entries(metadata).filter(([name]) =>
      /_endpoint$|^jwks_uri$/.test(name),
    );
    assert.ok(endpoints.length >= 8);
    for (const [, url] of endpoints) assert.ok(url.startsWith(`${issuer}/`));
    assert.ok(metadata['scopes_supported']?.includes('openid'));
    assert.deepEqual(metadata['response_types_supported'], ['code']);
    assert.equal(metadata['claims_parameter_supported'], true);
    assert.ok((metadata['subject_types_supported']?.length ?? 0) > 0);
    const { keys } = (await (await fetch(metadata['jwks_uri'] ?? '')).json()) as {
      keys: Record<string, string>[];
    };
    assert.equal(new Set(keys.map(({ kid }) => kid)).size, keys.length);
    for (const key of keys) {
      for (const secret of ['d', 'p', 'q', 'k']) assert.equal(key[secret], undefined);
    }
  },
};
