/**
 * How strongly a person proved who they are (OIDC `acr`), weakest first.
 * 1: password or external ID alone. 2: a second factor or a bound device. 3: passkey with user verification.
 */
export const ACR_VALUES = ['urn:7id:acr:1', 'urn:7id:acr:2', 'urn:7id:acr:3'] as const;
export type Acr = (typeof ACR_VALUES)[number];

/** 0 for nothing proven or an unknown value, else 1 to 3. */
export type AcrLevel = 0 | 1 | 2 | 3;

export const acrLevel = (acr: string | undefined): AcrLevel =>
  (ACR_VALUES.indexOf(acr as Acr) + 1) as AcrLevel;

/** The `acr` claim of an OIDC `claims` parameter: one value, or several of which one is enough. */
export interface AcrRequest {
  readonly value?: unknown;
  readonly values?: unknown;
}

/**
 * The level a request needs: the lowest of the values it lists (any of them is enough, and more is always
 * enough), and never less than the client's own minimum. The library only enforces the essential form of
 * the claims parameter, and by equality; ours enforces every form.
 * @returns the level, or 'UNKNOWN' when values are asked for and none is ours
 */
export function requiredAcrLevel(request: AcrRequest | undefined, clientMinimum: AcrLevel) {
  const { value, values } = request ?? {};
  const asked = [value, ...(Array.isArray(values) ? values : [])].filter(
    (one): one is string => typeof one === 'string' && one !== '',
  );
  if (asked.length === 0) return clientMinimum;
  const levels = asked.map(acrLevel).filter((level) => level > 0);
  if (levels.length === 0) return 'UNKNOWN';
  return Math.max(clientMinimum, Math.min(...levels)) as AcrLevel;
}
