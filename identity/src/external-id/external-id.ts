import { declareRefusals } from '@7pay/refusals';
import { z } from 'zod';

/** A provider of external IDs that members may log in with. */
export const externalProviderSetting = z.strictObject({
  /** Part of the switch `login.external.<key>` and of the `amr` value `fed:<key>`. */
  key: z.string().regex(/^[a-z0-9]{1,30}$/),
  name: z.object({ ja: z.string().min(1).max(40), en: z.string().min(1).max(40) }),
  /** Part of the key of every external ID, with the subject there. For a provider without OpenID Connect, its own name in the form of an address. */
  issuer: z.url(),
  clientId: z.string().min(1).max(200),
  clientSecret: z.string().min(1).max(500),
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
export type ExternalProvider = z.infer<typeof externalProviderSetting>;

/** What a login by a provider is worth here: what it says, as far as it is believed. */
export const acrOf = (
  { assurance: { twoFactorAcrs, maximumAcr } }: ExternalProvider,
  said: string | null,
): 'urn:7id:acr:1' | 'urn:7id:acr:2' =>
  said !== null && twoFactorAcrs.includes(said) ? maximumAcr : 'urn:7id:acr:1';

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
