import { jsonSetting, readSettings } from '@7pay/graphql';
import { zenginText } from '@7pay/zengin';
import { z } from 'zod';

const settings = z.object({
  /** The database of the platform. Unset: the embedded engine of the data folder, running or not. */
  MONGODB_URI: z.string().optional(),
  DATA_DIR: z.string().min(1).default('.data'),
  PATH: z.string().default(''),
  /** Who orders transfers of payouts, and from which account; for `payouts` alone. */
  PAYOUT_SENDER: jsonSetting(
    z.strictObject({
      code: z.string().regex(/^\d{10}$/),
      nameKana: z.string().refine((name) => (zenginText(name)?.length ?? 99) <= 40),
      account: z.strictObject({
        bankCode: z.string().regex(/^\d{4}$/),
        branchCode: z.string().regex(/^\d{3}$/),
        kind: z.enum(['ORDINARY', 'CURRENT', 'SAVINGS']),
        number: z.string().regex(/^\d{7}$/),
      }),
    }),
  ).optional(),
});

/** The settings of `npm run ledger`. @throws Error that names each wrong setting */
export const readLedgerConfig = (env: Readonly<Record<string, string | undefined>>) =>
  readSettings(settings, env);
