import { jsonSetting, readSettings } from '@7pay/graphql';
import { z } from 'zod';

const settings = z.object({
  /** Folder of the published supergraphs. */
  SCHEMA_STORE: z.string().default('.data/schema'),
  /** Private JWK (Ed25519) that signs them. Unset outside production: a key of the data folder, made on first use. */
  SCHEMA_SIGNING_KEY: jsonSetting(
    z.looseObject({
      kty: z.literal('OKP'),
      crv: z.literal('Ed25519'),
      d: z.string(),
      x: z.string(),
    }),
  ).optional(),
  /** Who publishes and activates, for the log. */
  SCHEMA_PUBLISHER: z.string().min(1).max(100).default('developer'),
  DATA_DIR: z.string().min(1).default('.data'),
  NODE_ENV: z.enum(['production', 'development', 'test']).default('development'),
});

/** The settings of `npm run schema`. @throws Error that names each wrong setting */
export const readSchemaConfig = (env: Readonly<Record<string, string | undefined>>) =>
  readSettings(settings, env);
export type SchemaConfig = ReturnType<typeof readSchemaConfig>;
