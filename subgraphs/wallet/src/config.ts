import { jsonSetting, readServiceSettings, readSettings } from '@7pay/graphql';
import { sealKeyOf } from '@7pay/ledger';
import { z } from 'zod';

const registerNetwork = z.object({
  REGISTER_NETWORK_URL: z.url(),
  REGISTER_NETWORK_SECRET: z.string().min(32),
});

const atmNetwork = z.object({
  ATM_NETWORK_URL: z.url(),
  ATM_NETWORK_SECRET: z.string().min(32),
  /** Where parties outside reach the wallet: the ATM network asks and tells here. */
  PARTY_DOOR_PORT: z.coerce.number().int().min(0).max(65_535),
});

const acquirer = z.object({
  ACQUIRER_URL: z.url(),
  ACQUIRER_SECRET: z.string().min(32),
  /** The page of the wallet to which the pages of the acquirer and of card issuers lead back. */
  CARD_RETURN_URL: z.url(),
});

const codes = z.object({
  /** Seals what was agreed with payment devices. Another secret: every device registers again. */
  PAYMENT_DEVICE_SECRET: z.string().min(32),
  /** Whose identifiers the codes of stores carry: tag of the template and its globally unique name. Ours if absent. */
  QR_SCHEME: jsonSetting(
    z.strictObject({
      tag: z.string().regex(/^(2[6-9]|[34]\d|5[01])$/),
      guid: z.string().regex(/^[!-~]{1,32}$/),
    }),
  ).optional(),
});

const ledger = z.object({
  /** Private JWK (Ed25519) that signs the seals of the journal. Auditors are given its public part. */
  LEDGER_SEAL_KEY: jsonSetting(
    z.looseObject({
      kty: z.literal('OKP'),
      crv: z.literal('Ed25519'),
      d: z.string(),
      x: z.string(),
    }),
  ),
});

/** The settings of the wallet process. */
export function readWalletConfig(env: Readonly<Record<string, string | undefined>>) {
  const party = readSettings(registerNetwork, env);
  const atm = readSettings(atmNetwork, env);
  const cards = readSettings(acquirer, env);
  const { PAYMENT_DEVICE_SECRET: deviceSecret, QR_SCHEME: qrScheme } = readSettings(codes, env);
  return {
    service: readServiceSettings('wallet', env),
    sealKey: sealKeyOf(readSettings(ledger, env).LEDGER_SEAL_KEY),
    deviceSecret,
    ...(qrScheme ? { qrScheme } : {}),
    registerNetwork: { url: party.REGISTER_NETWORK_URL, secret: party.REGISTER_NETWORK_SECRET },
    atmNetwork: { url: atm.ATM_NETWORK_URL, secret: atm.ATM_NETWORK_SECRET },
    acquirer: { url: cards.ACQUIRER_URL, secret: cards.ACQUIRER_SECRET },
    cardReturnUrl: cards.CARD_RETURN_URL,
    doorPort: atm.PARTY_DOOR_PORT,
  };
}
