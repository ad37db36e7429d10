import { jsonSetting, readSettings } from '@7pay/graphql';
import { z } from 'zod';

const limits = {
  /** Bytes of a request body. */
  bodyBytes: 100_000,
  /** Characters of a document: the longest that is registered has a few hundred. */
  characters: 20_000,
  /** Tokens of a document, before anything is made of it. */
  tokens: 1_000,
  /** Levels of fields. This and the next four are counted through fragments, each as often as it is used. */
  depth: 12,
  /** Fields under another name. */
  aliases: 30,
  /** `@skip`, `@include` and whatever else begins with an at sign. */
  directives: 50,
  /** Fields of Query or Mutation. */
  rootFields: 20,
  /** All fields. */
  fields: 240,
  /** Items of a list, in the document or in a variable. */
  listLength: 200,
  /** Values in all variables together. Their levels are limited as those of fields. */
  variableValues: 2_000,
  /** Levels of lists and objects in a value that is written in the document. */
  valueDepth: 20,
  /** What an operation can cost at most, by `@cost` and `@listSize`. */
  cost: 1_500,
  /** Milliseconds for the whole request, subgraphs included. */
  deadlineMs: 5_000,
} as const;

/** What one request may cost. Source: docs/adr/0009-gateway-limits.md, 0018-gateway-protection.md */
export type GatewayLimits = { readonly [Limit in keyof typeof limits]: number };
export const GATEWAY_LIMITS: GatewayLimits = limits;

/** An audit asks what no client of ours may: nothing of it is limited but memory and time. */
export const AUDIT_LIMITS: GatewayLimits = {
  bodyBytes: 10_000_000,
  characters: 10_000_000,
  tokens: 1_000_000,
  depth: 1_000,
  aliases: 1_000_000,
  directives: 1_000_000,
  rootFields: 1_000_000,
  fields: 1_000_000,
  listLength: 1_000_000,
  variableValues: 1_000_000,
  valueDepth: 1_000,
  cost: Infinity,
  deadlineMs: 30_000,
};

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
  /** Shared with 7iD: opens who agreed to a payment. Unset: no token for a payment holds. */
  AGREEMENT_SECRET: z.string().min(32).optional(),
  /** Path of the supergraph file. With a store: what serves until something is active there. */
  SUPERGRAPH: z.string(),
  /** Folder of the published supergraphs, whose pointer is followed; unset: none is. */
  SCHEMA_STORE: z.string().optional(),
  /** Public JWK (Ed25519) of their publisher. */
  SCHEMA_PUBLIC_KEY: jsonSetting(
    z.looseObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() }),
  ).optional(),
  /** Path of the manifest of registered operations. */
  OPERATIONS: z.string(),
  /** Folder with `apps/<name>/dist`; unset: no pages are served. */
  PAGES_ROOT: z.string().optional(),
  /** Who executes query plans: `own`, or `stock` for the executor of @apollo/gateway. */
  GATEWAY_EXECUTOR: z.enum(EXECUTORS).default('own'),
  /** `off` lets every caller spend what it likes: for benches and audits, and for a deployment that limits elsewhere. */
  GATEWAY_RATES: z.enum(['on', 'off']).default('on'),
  /** How many proxies stand in front, each adding to `X-Forwarded-For` the address that it has seen. */
  TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
  /** How often a stream of events shows that it lives. */
  SUBSCRIPTION_HEARTBEAT_SECONDS: z.coerce.number().int().min(1).max(60).default(15),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

/** Reads the settings of the gateway process. @throws Error that names each missing or wrong setting */
export const readGatewayConfig = (env: Readonly<Record<string, string | undefined>>) =>
  readSettings(settings, env);

const auditSettings = z.object({
  /** `1`: a gateway for outside suites: no tokens, no limits, errors of subgraphs under our codes. */
  GATEWAY_AUDIT: z.literal('1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  SUPERGRAPH: z.string(),
  GATEWAY_EXECUTOR: z.enum(EXECUTORS).default('own'),
  NODE_ENV: z.enum(['development', 'test']).default('development'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

/** Reads the settings of an audit. @throws Error that names each wrong setting, NODE_ENV=production among them */
export const readAuditConfig = (env: Readonly<Record<string, string | undefined>>) =>
  readSettings(auditSettings, env);
export type GatewayConfig = ReturnType<typeof readGatewayConfig>;
