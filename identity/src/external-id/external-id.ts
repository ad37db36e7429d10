import { createPrivateKey } from 'node:crypto';
import { declareRefusals } from '@7pay/refusals';
import { z } from 'zod';
import { PROFILE_NAMES, PROFILES } from './provider-profile.ts';

function isEcKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyDetails?.namedCurve === 'prime256v1';
  } catch {
    return false;
  }
}

const provider = z.strictObject({
  /** Part of the switch `login.external.<key>` and of the `amr` value `fed:<key>`. */
  key: z.string().regex(/^[a-z0-9]{1,30}$/),
  /** How it speaks OpenID Connect (provider-profile.ts). */
  profile: z.enum(PROFILE_NAMES).default('oidc'),
  /** What members know it by; that of the profile if none is given. */
  name: z.object({ ja: z.string().min(1).max(40), en: z.string().min(1).max(40) }).optional(),
  /**
   * Part of the key of every external ID, with the subject there; that of the profile if none is given. For a provider without
   * OpenID Connect, its own name in the form of an address.
   */
  issuer: z.url().optional(),
  clientId: z.string().min(1).max(200),
  /** The secret shared with the provider; `signingKey` takes its place where the profile signs one for each request. */
  clientSecret: z.string().min(1).max(500).optional(),
  /** The private key (P-256, PEM) with its id and the id of our account there. */
  signingKey: z
    .strictObject({
      teamId: z.string().min(1).max(40),
      keyId: z.string().min(1).max(40),
      privateKey: z.string().min(100).max(2_000).refine(isEcKey, 'a private key on P-256, as PEM'),
    })
    .optional(),
  /** For Google: nobody but people of this organisation (`hd`). */
  hostedDomain: z.string().min(1).max(253).optional(),
  /**
   * For a provider that speaks OAuth 2.0 and no OpenID Connect: where to ask, and under which name it tells who the person is.
   * There is no ID token to check; who it is comes over TLS from the provider itself, for a code that only we can redeem.
   */
  oauth2: z
    .strictObject({
      authorizationEndpoint: z.url(),
      tokenEndpoint: z.url(),
      userinfoEndpoint: z.url(),
      scope: z.string().min(1).max(200),
      subjectMember: z.string().regex(/^\w{1,40}$/),
      nameMember: z.string().regex(/^\w{1,40}$/),
    })
    .optional(),
  /**
   * How far this provider is believed: which of its own `acr` values stand for a second factor, and what a login by it is worth
   * at most. A passkey at a provider is never one here.
   */
  assurance: z
    .strictObject({
      twoFactorAcrs: z.array(z.string().min(1).max(200)).max(10).default([]),
      maximumAcr: z.enum(['urn:7id:acr:1', 'urn:7id:acr:2']).default('urn:7id:acr:1'),
    })
    .prefault({}),
});

/** A provider of external IDs that members may log in with: the settings, with what its profile knows. */
export const externalProviderSetting = provider.transform((given, context) => {
  const profile = PROFILES[given.profile];
  const { clientSecret = '', name = profile.label, issuer = profile.issuer, ...rest } = given;
  const signs = profile.clientAuthentication === 'SIGNED';
  const missing = [
    !name && 'name',
    !issuer && 'issuer',
    signs ? !given.signingKey && 'signingKey' : clientSecret === '' && 'clientSecret',
  ].filter((path) => typeof path === 'string');
  for (const path of missing) {
    context.addIssue({ code: 'custom', path: [path], message: 'is needed with this profile' });
  }
  return name && issuer ? { ...rest, profile, clientSecret, name, issuer } : z.NEVER;
});
export type ExternalProvider = z.infer<typeof externalProviderSetting>;

/** What a login by a provider is worth here: what it says, as far as the settings and its profile believe it. */
export const acrOf = (
  {
    assurance: { twoFactorAcrs, maximumAcr },
    profile,
  }: Pick<ExternalProvider, 'assurance' | 'profile'>,
  said: string | null,
): 'urn:7id:acr:1' | 'urn:7id:acr:2' => {
  const believed = said !== null && twoFactorAcrs.includes(said);
  return believed && maximumAcr === profile.maximumAcr ? maximumAcr : 'urn:7id:acr:1';
};

export type ExternalIdRefusal = 'EXTERNAL_ID_UNAVAILABLE' | 'EXTERNAL_ID_REJECTED';

declareRefusals('identity/external-id/external-id', {
  EXTERNAL_ID_UNAVAILABLE: {
    ja: '外部IDの提供元につながりません。少し待ってからお試しいただくか、別の方法でログインしてください。',
    en: 'The external ID cannot be reached. Please try again later, or log in another way.',
  },
  EXTERNAL_ID_REJECTED: {
    ja: '外部IDでのログインを確認できませんでした。はじめからやり直してください。',
    en: 'We could not verify the login by external ID. Please start again.',
  },
});
