import { z } from 'zod';
import type { InternalKey } from './internal-identity.ts';

/** Settings that every subgraph process has. */
export interface ServiceSettings {
  readonly name: string;
  readonly port: number;
  readonly mongodbUri: string;
  readonly internalKey: InternalKey;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

/** A JSON text in an environment variable. */
export const jsonSetting = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: 'is not JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema);

const settings = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535),
  MONGODB_URI: z.string().regex(/^mongodb(\+srv)?:\/\//),
  INTERNAL_IDENTITY_PUBLIC_KEY: jsonSetting(
    z.looseObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() }),
  ),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

/**
 * Reads the settings of a subgraph process.
 * @throws Error with one line per setting that is missing or wrong, without its value
 */
export function readServiceSettings(
  name: string,
  env: Readonly<Record<string, string | undefined>>,
): ServiceSettings {
  const read = readSettings(settings, env);
  return {
    name,
    port: read.PORT,
    mongodbUri: read.MONGODB_URI,
    internalKey: read.INTERNAL_IDENTITY_PUBLIC_KEY as InternalKey,
    logLevel: read.LOG_LEVEL,
  };
}

/** Reads settings by their schema. @throws Error that names each wrong setting and never shows a value */
export function readSettings<Schema extends z.ZodType>(
  schema: Schema,
  env: Readonly<Record<string, string | undefined>>,
): z.infer<Schema> {
  const result = schema.safeParse(env);
  if (result.success) return result.data;
  const lines = result.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  throw new Error(`These settings are missing or wrong:\n${lines.join('\n')}`);
}
