import type { RequestListener } from 'node:http';
import type { Log } from '@7pay/telemetry';
import type { Provider } from 'oidc-provider';
import type { IdentitySettings, SigningKey } from '../settings.ts';
import { followKeys } from './follow-keys.ts';
import type { KeySource } from './key-source.ts';

/** The provider with the keys that are good now. */
export interface KeyedProvider {
  current(): Provider;
  readonly listener: RequestListener;
  /** Looks for other keys now, where they are kept in the database. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * The library holds its keys from its making on: other keys are another provider, made in a millisecond, on the same database.
 * Requests that are under way end in the one they began in.
 */
export async function keyedProvider(deps: {
  source: KeySource;
  settings: Pick<IdentitySettings, 'keyStore'>;
  build: (keys: readonly SigningKey[]) => Provider;
  log: Log;
}): Promise<KeyedProvider> {
  const { source, settings, build, log } = deps;
  const first = await source.read();
  let provider = build(first);
  let listener = provider.callback();
  const swap = (keys: readonly SigningKey[]) => {
    provider = build(keys);
    listener = provider.callback();
  };
  const following = settings.keyStore ? followKeys(source, first, { swap, log }) : null;
  return {
    current: () => provider,
    listener: (request, response) => void listener(request, response),
    look: async () => following?.look(),
    stop: async () => following?.stop(),
  };
}
