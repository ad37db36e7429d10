import { declareRefusals } from '@7pay/refusals';
import { z } from 'zod';

/** A provider of external IDs that members may log in with. */
export const externalProviderSetting = z.strictObject({
  /** Part of the switch `login.external.<key>` and of the `amr` value `fed:<key>`. */
  key: z.string().regex(/^[a-z0-9]{1,30}$/),
  name: z.object({ ja: z.string().min(1).max(40), en: z.string().min(1).max(40) }),
  issuer: z.url(),
  clientId: z.string().min(1).max(200),
  clientSecret: z.string().min(1).max(500),
});
export type ExternalProvider = z.infer<typeof externalProviderSetting>;

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

/** The switches that a login by this provider passes, all of which must be open. */
export const externalLoginSwitches = (providerKey: string): [string, string] => [
  'login.external',
  `login.external.${providerKey}`,
];

const FED = 'fed:';

/** The `amr` value of a login by this provider. */
export const externalMethod = (providerKey: string): string => `${FED}${providerKey}`;

/** The provider a login came by, if it came by one. */
export const providerOfLogin = (amr: readonly string[] = []): string | undefined =>
  amr.find((method) => method.startsWith(FED))?.slice(FED.length);

/** How a switch stands, as far as this rule needs it. */
interface SwitchStanding {
  readonly state: 'OPEN' | 'CLOSED';
  readonly since: Date;
}

/**
 * Whether a login made by an external ID has ended because its provider was stopped: while a switch is
 * closed, and for ever for logins made before the switch last moved. Whole seconds, as the protocol counts.
 */
export function hasEnded(
  login: { amr?: readonly string[] | undefined; atSeconds: number | undefined },
  look: (switchKey: string) => SwitchStanding,
): boolean {
  const provider = providerOfLogin(login.amr);
  if (provider === undefined) return false;
  return externalLoginSwitches(provider)
    .map(look)
    .some(
      ({ state, since }) =>
        state === 'CLOSED' || (login.atSeconds ?? 0) <= Math.floor(since.getTime() / 1_000),
    );
}
