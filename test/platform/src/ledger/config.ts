import { readSettings } from '@7pay/graphql';
import { z } from 'zod';

const settings = z.object({
  /** The database of the platform. Unset: the embedded engine of the data folder, running or not. */
  MONGODB_URI: z.string().optional(),
  DATA_DIR: z.string().default('.data'),
  PATH: z.string().default(''),
});

/** The settings of `npm run ledger`. @throws Error that names each wrong setting */
export const readLedgerConfig = (env: Readonly<Record<string, string | undefined>>) =>
  readSettings(settings, env);
