import type { ClientMetadata } from 'oidc-provider';
import { describe, expect, it } from 'vitest';
import { aKey } from '../testing/forged.ts';
import { fapiPartner } from '../testing/partner.ts';
import { clientSetting, toClient } from './client.ts';
import { brokenProfile, judgeOwnMember } from './security-profile.ts';

const partner = toClient(clientSetting.parse(fapiPartner('partner-book', await aKey())));

describe('a client of the FAPI 2.0 profile', () => {
  it('is made whole by its setting', () => {
    expect(brokenProfile(partner)).toBeNull();
    expect(partner).toMatchObject({ security_profile: 'fapi2', subject_type: 'pairwise' });
  });

  it.each<[string, Partial<ClientMetadata>]>([
    ['authenticates', { token_endpoint_auth_method: 'client_secret_basic' }],
    ['authenticates', { token_endpoint_auth_method: 'none' }],
    ['signs', { token_endpoint_auth_signing_alg: 'RS256' as never }],
    ['pushes', { require_pushed_authorization_requests: false }],
    ['bound', { dpop_bound_access_tokens: false }],
    ['code alone', { response_types: ['code', 'code id_token'] }],
    ['https', { redirect_uris: ['http://partner.example/callback'] }],
  ])('does not start when it breaks the profile: %s %o', (word, wrong) => {
    expect(brokenProfile({ ...partner, ...wrong })).toContain(word);
    expect(() =>
      judgeOwnMember(undefined, 'security_profile', 'fapi2', { ...partner, ...wrong }),
    ).toThrow('invalid_client_metadata');
  });

  it('cannot be of a profile that nobody knows', () => {
    expect(() => judgeOwnMember(undefined, 'security_profile', 'fapi9', partner)).toThrow();
  });
});
