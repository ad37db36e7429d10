import { readFileSync } from 'node:fs';
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
  /** Shared with the gateway (`AGREEMENT_SECRET`). */
  IDENTITY_AGREEMENT_SECRET: z.string().min(32).optional(),
  /** JSON: a list of texts of 32 characters or more. */
  IDENTITY_CREDENTIAL_SECRETS: list,
  MESSAGE_CARRIER_URL: z.url(),
  MESSAGE_CARRIER_SECRET: z.string().min(32),
  /** JSON: a list of clients. */
  IDENTITY_CLIENTS: list,
  /** A JSON file with more clients: those of an outside conformance suite, say. */
  IDENTITY_CLIENTS_FILE: z.string().min(1).optional(),
  /** JSON: a list of external providers. */
  IDENTITY_EXTERNAL_PROVIDERS: list,
  IDENTITY_RP_ID: z.string().min(1),
  IDENTITY_HELP_URL: z.url().optional(),
  /** A header in which the edge tells the country of a request; only one that it overwrites. */
  IDENTITY_COUNTRY_HEADER: z.string().optional(),
  /** JSON: a list of `{"prefix": …, "asn": …}`. */
  IDENTITY_NETWORKS: list.optional(),
  /** JSON: hosts that 7iD may call by itself. */
  IDENTITY_OUTGOING_HOSTS: list.optional(),
  /** Who may register clients: nobody, whoever has an initial access token, or everybody. */
  IDENTITY_REGISTRATION: z.enum(['off', 'token', 'open']).default('off'),
  /** JSON: the only hosts of redirect URIs of registered clients. */
  IDENTITY_REGISTRATION_HOSTS: list.optional(),
  /** Signing keys live in the database, sealed by this, and change while 7iD runs ... */
  IDENTITY_KEY_SECRET: z.string().min(32).optional(),
  /** ... or in this folder, one private JWK per file. */
  IDENTITY_KEYS_FOLDER: z.string().min(1).optional(),
  /** JSON: `{"certificate": header, "verified": header}` of an edge that checks client certificates. */
  IDENTITY_CLIENT_CERTIFICATES: jsonSetting(z.unknown()).optional(),
  /** JSON: `{"mailDomains": […], "providers": […]}`: who tries apps that nobody has approved yet. */
  IDENTITY_TEST_PEOPLE: jsonSetting(z.unknown()).optional(),
  /** The file that `npm run breached` makes. */
  IDENTITY_BREACHED_PASSWORDS_FILE: z.string().min(1).optional(),
  /** PEM files: 7iD ends TLS itself, where no edge does. */
  IDENTITY_TLS_CERT: z.string().min(1).optional(),
  IDENTITY_TLS_KEY: z.string().min(1).optional(),
});

// The list in a file; its members are judged with the others when 7iD opens.
function clientsIn(path: string | undefined): unknown[] {
  if (path === undefined) return [];
  const read = z.array(z.unknown()).safeParse(parsed(path));
  if (!read.success) throw new Error('IDENTITY_CLIENTS_FILE: a JSON list of clients');
  return read.data;
}

function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw new Error('IDENTITY_CLIENTS_FILE: cannot be read as JSON');
  }
}

/**
 * Reads the settings of the identity process.
 * @throws Error that names each setting that is missing or wrong, and shows no value
 */
export function readIdentityConfig(env: Readonly<Record<string, string | undefined>>) {
  const read = readSettings(environment, env);
  const { IDENTITY_TLS_CERT: cert, IDENTITY_TLS_KEY: key } = read;
  if ((cert === undefined) !== (key === undefined)) {
    throw new Error('IDENTITY_TLS_CERT and IDENTITY_TLS_KEY: both or none');
  }
  if (read.IDENTITY_KEY_SECRET !== undefined && read.IDENTITY_KEYS_FOLDER !== undefined) {
    throw new Error('IDENTITY_KEY_SECRET and IDENTITY_KEYS_FOLDER: one or none');
  }
  return {
    service: readServiceSettings('identity', env),
    pagesPort: read.IDENTITY_PORT,
    tls: cert !== undefined && key !== undefined ? { cert, key } : undefined,
    // Judged whole by `identitySettings` when 7iD opens.
    settings: {
      issuer: read.IDENTITY_ISSUER,
      graphAudience: read.IDENTITY_GRAPH_AUDIENCE,
      jwks: read.IDENTITY_JWKS,
      cookieKeys: read.IDENTITY_COOKIE_KEYS,
      pairwiseSecret: read.IDENTITY_PAIRWISE_SECRET,
      ...(read.IDENTITY_AGREEMENT_SECRET !== undefined && {
        agreementSecret: read.IDENTITY_AGREEMENT_SECRET,
      }),
      credentialSecrets: read.IDENTITY_CREDENTIAL_SECRETS,
      messageCarrier: { url: read.MESSAGE_CARRIER_URL, secret: read.MESSAGE_CARRIER_SECRET },
      clients: [...read.IDENTITY_CLIENTS, ...clientsIn(read.IDENTITY_CLIENTS_FILE)],
      externalProviders: read.IDENTITY_EXTERNAL_PROVIDERS,
      rpId: read.IDENTITY_RP_ID,
      origin: {
        networks: read.IDENTITY_NETWORKS ?? [],
        ...(read.IDENTITY_COUNTRY_HEADER && { countryHeader: read.IDENTITY_COUNTRY_HEADER }),
      },
      pageLinks: read.IDENTITY_HELP_URL === undefined ? {} : { help: read.IDENTITY_HELP_URL },
      outgoingHosts: read.IDENTITY_OUTGOING_HOSTS ?? [],
      ...(read.IDENTITY_REGISTRATION !== 'off' && {
        registration: {
          mode: read.IDENTITY_REGISTRATION,
          redirectHosts: read.IDENTITY_REGISTRATION_HOSTS ?? [],
        },
      }),
      ...(read.IDENTITY_KEY_SECRET !== undefined && {
        keyStore: { kind: 'database', secret: read.IDENTITY_KEY_SECRET },
      }),
      ...(read.IDENTITY_KEYS_FOLDER !== undefined && {
        keyStore: { kind: 'folder', path: read.IDENTITY_KEYS_FOLDER },
      }),
      ...(read.IDENTITY_TEST_PEOPLE !== undefined && { testPeople: read.IDENTITY_TEST_PEOPLE }),
      ...(read.IDENTITY_BREACHED_PASSWORDS_FILE !== undefined && {
        breachedPasswordsFile: read.IDENTITY_BREACHED_PASSWORDS_FILE,
      }),
      ...(read.IDENTITY_CLIENT_CERTIFICATES !== undefined && {
        clientCertificates: read.IDENTITY_CLIENT_CERTIFICATES,
      }),
    } as IdentitySettingsInput,
  };
}
