/** How a login was made, as tokens and sessions tell it. What is not known is left out, and matches no condition. */
export interface LoginFacts {
  /** The methods (OIDC `amr`); an external ID is `fed:<provider>`. */
  readonly amr?: readonly string[] | undefined;
  /** When, in seconds since 1970 (OIDC `auth_time`); unknown counts as long ago. */
  readonly atSeconds: number | undefined;
  /** Generation of the controls when the login was made or its token issued: it needs no clocks that agree. */
  readonly generation?: number | undefined;
  /** Generation of the controls when its proof began, where that is on record: a token tells the one of its own issue alone. */
  readonly madeIn?: number | undefined;
  /** The app that the login was made for. */
  readonly clientId?: string | undefined;
  /** The app that asks for it now, which may be another; none where a page of 7iD itself asks. */
  readonly forClientId?: string | undefined;
  /** A token that a client got for itself, as terminals do. No login is behind it. */
  readonly isClientsOwn?: boolean | undefined;
  /** Where it came from: `as:<number>`, or the digest of its /24 or /48 (`networkClass`). */
  readonly network?: string | undefined;
  /** Two letters (ISO 3166-1). */
  readonly country?: string | undefined;
  /** The session of 7iD that a token rests on. */
  readonly sessionUid?: string | undefined;
  /** What the member granted the app, by its number at 7iD. */
  readonly grantId?: string | undefined;
  readonly memberId?: string | undefined;
  /** When the token was given out, in seconds since 1970 (JWT `iat`). */
  readonly issuedAtSeconds?: number | undefined;
}

const FED = 'fed:';

/** The `amr` value of a login by this provider. */
export const externalMethod = (providerKey: string): string => `${FED}${providerKey}`;

/** The switches that a login by this provider passes, all of which must be open. */
export const externalLoginSwitches = (providerKey: string): [string, string] => [
  'login.external',
  `login.external.${providerKey}`,
];

/** The external providers that a login rests on. */
export const providersOf = (amr: readonly string[] = []): string[] =>
  amr.filter((method) => method.startsWith(FED)).map((method) => method.slice(FED.length));

/** The ways to log in, as operators name them. */
export const LOGIN_METHODS = ['PASSWORD', 'PASSKEY', 'EXTERNAL'] as const;
export type LoginMethod = (typeof LOGIN_METHODS)[number];

/** The ways that a login was made by; a login that was stepped up has several. */
export function methodsOf(amr: readonly string[] = []): LoginMethod[] {
  return LOGIN_METHODS.filter((method) => {
    if (method === 'EXTERNAL') return providersOf(amr).length > 0;
    return amr.includes(method === 'PASSWORD' ? 'pwd' : 'pop');
  });
}
