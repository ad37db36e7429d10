import { jsonSetting, readServiceSettings, readSettings } from '@7pay/graphql';
import { z } from 'zod';
import type { IdentitySettingsInput } from './settings.ts';

const list = jsonSetting(z.array(z.unknown()));

/** The settings of 7iD in the environment; their shapes are those of {@link IdentitySettingsInput}. */
const environment = z.object({
  /** Where people and apps reach 7iD. */
  IDENTITY_ISSUER: z.url(),
  /** The port of the provider and its pages; `PORT` is that of the subgraph. */
  IDENTITY_PORT: z.coerce.number().int().min(0).max(65_535),
  IDENTITY_GRAPH_AUDIENCE: z.url(),
  /** JSON: `{"keys": [private JWK on P-256, …]}`. */
  IDENTITY_JWKS: jsonSetting(z.unknown()),
  /** JSON: a list of texts. */
  IDENTITY_COOKIE_KEYS: list,
  IDENTITY_PAIRWISE_SECRET: z.string().min(32),
  /** JSON: a list of clients. */
  IDENTITY_CLIENTS: list,
  /** JSON: a list of external providers. */
  IDENTITY_EXTERNAL_PROVIDERS: list,
  IDENTITY_RP_ID: z.string().min(1),
  IDENTITY_HELP_URL: z.url().optional(),
  /** Who brings mails to members, and the secret shared with it. Without both none is sent. */
  MAIL_URL: z.url().optional(),
  MAIL_SECRET: z.string().min(32).optional(),
});

/**
 * Reads the settings of the identity process.
 * @throws Error that names each setting that is missing or wrong, and shows no value
 */
export function readIdentityConfig(env: Readonly<Record<string, string | undefined>>) {
  const read = readSettings(environment, env);
  return {
    service: readServiceSettings('identity', env),
    pagesPort: read.IDENTITY_PORT,
    // Judged whole by `identitySettings` when 7iD opens.
    settings: {
      issuer: read.IDENTITY_ISSUER,
      graphAudience: read.IDENTITY_GRAPH_AUDIENCE,
      jwks: read.IDENTITY_JWKS,
      cookieKeys: read.IDENTITY_COOKIE_KEYS,
      pairwiseSecret: read.IDENTITY_PAIRWISE_SECRET,
      clients: read.IDENTITY_CLIENTS,
      externalProviders: read.IDENTITY_EXTERNAL_PROVIDERS,
      rpId: read.IDENTITY_RP_ID,
      ...(read.MAIL_URL && read.MAIL_SECRET
        ? { mailParty: { url: read.MAIL_URL, secret: read.MAIL_SECRET } }
        : {}),
      pageLinks: read.IDENTITY_HELP_URL === undefined ? {} : { help: read.IDENTITY_HELP_URL },
    } as IdentitySettingsInput,
  };
}
