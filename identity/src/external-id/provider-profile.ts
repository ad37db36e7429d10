import type { Locale } from '@7pay/refusals';

/** The kinds of providers that are known by name. Any other that speaks OpenID Connect as it is written is `oidc`. */
export const PROFILE_NAMES = ['oidc', 'line', 'yahoo-japan', 'google', 'apple'] as const;
export type ProfileName = (typeof PROFILE_NAMES)[number];

/**
 * How a kind of provider speaks OpenID Connect. What every one of them has in common stands in the code and in no row: PKCE
 * (S256), state and nonce always; `sub` with the one spelling of the issuer is the person; a mail address is not asked for, and
 * whether a provider calls one verified changes nothing here.
 */
export interface ProviderProfile {
  /** The real one. The settings may name another, such as the sandbox's. Its spelling is compared character by character. */
  readonly issuer: string | null;
  readonly label: Readonly<Record<Locale, string>> | null;
  readonly scope: string;
  /** How we prove who we are at its token endpoint. `SIGNED`: by a short JWT of ours in place of a secret. */
  readonly clientAuthentication: 'BASIC' | 'POST' | 'SIGNED';
  /** How the person comes back. With `form_post` nothing but a POST is taken, else nothing but a GET. */
  readonly responseMode: 'query' | 'form_post';
  /** What an ID token may be signed with. `HS256` is the client secret, and stands only where a provider knows nothing better. */
  readonly idTokenAlgorithms: readonly ('ES256' | 'PS256' | 'RS256' | 'HS256')[];
  /** Whether an ID token without `at_hash` is refused. One that is given is always checked. */
  readonly needsAccessTokenHash: boolean;
  /** The most that a login by it is worth, whatever it says and the settings allow. */
  readonly maximumAcr: 'urn:7id:acr:1' | 'urn:7id:acr:2';
}

const OIDC: ProviderProfile = {
  issuer: null,
  label: null,
  scope: 'openid profile',
  clientAuthentication: 'BASIC',
  responseMode: 'query',
  idTokenAlgorithms: ['ES256', 'PS256', 'RS256'],
  needsAccessTokenHash: false,
  maximumAcr: 'urn:7id:acr:2',
};

/** Sources: the providers' own documents of their OpenID Connect; docs/adr/0036-external-ids.md. */
export const PROFILES: Readonly<Record<ProfileName, ProviderProfile>> = {
  oidc: OIDC,
  line: {
    ...OIDC,
    issuer: 'https://access.line.me',
    label: { ja: 'LINE', en: 'LINE' },
    clientAuthentication: 'POST',
    idTokenAlgorithms: ['ES256', 'HS256'], // a web login is signed with the channel secret
    maximumAcr: 'urn:7id:acr:1',
  },
  'yahoo-japan': {
    ...OIDC,
    issuer: 'https://auth.login.yahoo.co.jp/yconnect/v2',
    label: { ja: 'Yahoo! JAPAN ID', en: 'Yahoo! JAPAN ID' },
    idTokenAlgorithms: ['RS256'],
    needsAccessTokenHash: true,
    maximumAcr: 'urn:7id:acr:1',
  },
  google: {
    ...OIDC,
    issuer: 'https://accounts.google.com', // and not the spelling without a scheme
    label: { ja: 'Google', en: 'Google' },
    clientAuthentication: 'POST',
    idTokenAlgorithms: ['RS256'],
    maximumAcr: 'urn:7id:acr:1',
  },
  apple: {
    ...OIDC,
    issuer: 'https://appleid.apple.com',
    label: { ja: 'Apple', en: 'Apple' },
    scope: 'openid name',
    clientAuthentication: 'SIGNED',
    responseMode: 'form_post', // else it gives no name at all
    idTokenAlgorithms: ['RS256'],
    maximumAcr: 'urn:7id:acr:1',
  },
};
