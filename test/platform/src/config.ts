import { readSettings } from '@7pay/graphql';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const settings = z.object({
  /** A MongoDB replica set or sharded cluster. Unset: `mongod` on PATH, else the embedded engine. */
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, 'a mongodb:// URI is expected')
    .optional(),
  DATA_DIR: z.string().min(1).default('.data'),
  PORT: port.default(4000),
  IDENTITY_PORT: port.default(4001),
  SANDBOX_PORT: port.default(4002),
  /** The first of seven ports of the subgraphs, when each is a process of its own. */
  SUBGRAPH_PORT: port.default(4010),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('warn'),
  /** Who executes query plans: `own`, or `stock` for the executor of @apollo/gateway. */
  GATEWAY_EXECUTOR: z.enum(['own', 'stock']).default('own'),
  NODE_ENV: z.enum(['production', 'development', 'test']).default('development'),
  PATH: z.string().default(''),
});

/** The settings of the one-process platform. @throws Error that names each wrong setting */
export const readPlatformConfig = (env: Readonly<Record<string, string | undefined>>) =>
  readSettings(settings, env);

/**
 * The gateway's library sends anonymous figures to its vendor unless this is set; we send nothing to anybody.
 * Call it before a gateway is made.
 */
export function silenceVendorTelemetry(env: Record<string, string | undefined>): void {
  env['APOLLO_TELEMETRY_DISABLED'] = '1';
}
