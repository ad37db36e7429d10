/**
 * How long ago somebody may have logged in, at most, for what should not be done by whoever finds a face open: seconds
 * since `auth_time` (OIDC), however often the tokens were renewed since.
 */
export const FRESH_LOGIN = {
  /** UTC, ISO 8601. */
  effectiveFrom: '2019-07-01T00:00:00Z',
  owner: 'identity',
  source: 'docs/adr/0023-a-token-lasts-as-long-as-its-login.md',
  /** Value leaves the wallet for an account or an address. */
  payoutSeconds: 60 * 60,
  /** An operator stops functions, lets merchants in, opens programmes: once a working day. */
  workdaySeconds: 12 * 60 * 60,
} as const;
