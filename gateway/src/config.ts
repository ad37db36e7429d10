import { jsonSetting, readSettings } from '@7pay/graphql';
import { z } from 'zod';

const limits = {
  /** Bytes of a request body. */
  bodyBytes: 100_000,
  /** Tokens of a document, before anything else is looked at. */
  tokens: 2_000,
  /** Levels of fields. */
  depth: 12,
  /** Fields under another name. */
  aliases: 30,
  /** Milliseconds for the whole request, subgraphs included. */
  deadlineMs: 5_000,
} as const;

/** What one request may cost. Source: docs/adr/0009-gateway-limits.md */
export type GatewayLimits = { readonly [Limit in keyof typeof limits]: number };
export const GATEWAY_LIMITS: GatewayLimits = limits;

/** Who executes query plans. Source: docs/adr/0016-own-plan-executor.md */
export const EXECUTORS = ['own', 'stock'] as const;
export type ExecutorName = (typeof EXECUTORS)[number];

const settings = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  NODE_ENV: z.enum(['production', 'development', 'test']).default('development'),
  ISSUER: z.url(),
  GRAPH_AUDIENCE: z.url(),
  ALLOWED_ORIGINS: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter((origin) => origin !== '')),
  MONGODB_URI: z.string().regex(/^mongodb(\+srv)?:\/\//),
  SUBGRAPH_URLS: jsonSetting(z.record(z.string(), z.url())),
  INTERNAL_IDENTITY_PRIVATE_KEY: jsonSetting(
    z.looseObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), d: z.string() }),
  ),
  /** Path of the supergraph file. With a store: what serves until something is active there. */
  SUPERGRAPH: z.string(),
  /** Folder of the published supergraphs, whose pointer is followed; unset: none is. */
  SCHEMA_STORE: z.string().optional(),
  /** Public JWK (Ed25519) of their publisher. */
  SCHEMA_PUBLIC_KEY: jsonSetting(
    z.looseObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() }),
  ).optional(),
  /** Folder with `apps/<name>/dist`; unset: no pages are served. */
  PAGES_ROOT: z.string().optional(),
  /** Who executes query plans: `own`, or `stock` for the executor of @apollo/gateway. */
  GATEWAY_EXECUTOR: z.enum(EXECUTORS).default('own'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

/** Reads the settings of the gateway process. @throws Error that names each missing or wrong setting */
export const readGatewayConfig = (env: Readonly<Record<string, string | undefined>>) =>
  readSettings(settings, env);
export type GatewayConfig = ReturnType<typeof readGatewayConfig>;
