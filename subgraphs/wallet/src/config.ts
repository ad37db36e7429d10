import { readServiceSettings, readSettings } from '@7pay/graphql';
import { z } from 'zod';

const registerNetwork = z.object({
  REGISTER_NETWORK_URL: z.url(),
  REGISTER_NETWORK_SECRET: z.string().min(32),
});

/** The settings of the wallet process. */
export function readWalletConfig(env: Readonly<Record<string, string | undefined>>) {
  const party = readSettings(registerNetwork, env);
  return {
    service: readServiceSettings('wallet', env),
    registerNetwork: { url: party.REGISTER_NETWORK_URL, secret: party.REGISTER_NETWORK_SECRET },
  };
}
