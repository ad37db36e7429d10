/** How a login was made, as tokens and sessions tell it. */
export interface LoginFacts {
  /** The methods (OIDC `amr`); an external ID is `fed:<provider>`. */
  readonly amr?: readonly string[] | undefined;
  /** When, in seconds since 1970 (OIDC `auth_time`); unknown counts as long ago. */
  readonly atSeconds: number | undefined;
  /** Generation of the controls when the token was issued, if it tells: it needs no clocks that agree. */
  readonly generation?: number | undefined;
}

/** How a switch stands, as far as this rule needs it. */
interface SwitchStanding {
  readonly state: 'OPEN' | 'CLOSED';
  readonly since: Date;
  readonly generation?: number;
}

const FED = 'fed:';

/** The `amr` value of a login by this provider. */
export const externalMethod = (providerKey: string): string => `${FED}${providerKey}`;

/** The switches that a login by this provider passes, all of which must be open. */
export const externalLoginSwitches = (providerKey: string): [string, string] => [
  'login.external',
  `login.external.${providerKey}`,
];

/**
 * Whether a login made by an external ID has ended because its provider was stopped: while a switch is
 * closed, and for ever for logins made before the switch last moved. Whole seconds, as the protocol counts.
 */
export function loginHasEnded(
  login: LoginFacts,
  look: (switchKey: string) => SwitchStanding,
): boolean {
  const { amr = [], atSeconds = 0, generation: issuedAt } = login;
  const providers = amr.filter((method) => method.startsWith(FED));
  return providers
    .flatMap((method) => externalLoginSwitches(method.slice(FED.length)))
    .map(look)
    .some(
      ({ state, since, generation = 0 }) =>
        state === 'CLOSED' ||
        atSeconds <= Math.floor(since.getTime() / 1_000) ||
        (issuedAt !== undefined && generation > issuedAt),
    );
}
