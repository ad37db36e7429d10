import type { Configuration } from 'oidc-provider';
import type { IdentitySettings } from '../settings.ts';

/** How long another server may take to answer, in milliseconds. */
export const OUTGOING_MS_MAX = 5_000;

/** What the settings allow us to call. */
export interface AllowedHosts {
  readonly hosts: readonly string[];
  readonly allowHttp: boolean;
}

export const allowedHosts = (
  settings: Pick<IdentitySettings, 'issuer' | 'outgoingHosts'>,
): AllowedHosts => ({
  hosts: settings.outgoingHosts,
  allowHttp: settings.issuer.startsWith('http:'),
});

/** Whether we may call an address: https (http on this machine, when 7iD itself is there), at a host that the settings name. */
export function mayCall(uri: string, { hosts, allowHttp }: AllowedHosts): boolean {
  if (!URL.canParse(uri)) return false;
  const { protocol, host, username, password } = new URL(uri);
  const scheme = protocol === 'https:' || (allowHttp && protocol === 'http:');
  return scheme && username === '' && password === '' && hosts.includes(host);
}

type LibraryFetch = NonNullable<Configuration['fetch']>;

/**
 * How the library reaches other servers (keys of clients, sector lists): as it does by itself, which refuses every
 * address that is not public, except for hosts that the settings name, which may stand in our own network.
 */
export const outgoingFetch =
  (allowed: AllowedHosts): LibraryFetch =>
  (url, options) => {
    if (!mayCall(String(url), allowed)) return fetch(url, options as RequestInit);
    const { dispatcher: _guard, ...rest } = options as RequestInit & { dispatcher?: unknown };
    return fetch(url, { ...rest, redirect: 'error' });
  };
