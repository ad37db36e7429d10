import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { systemClock, type Clock } from '@7pay/time';
import { decodeJwt, SignJWT, UnsecuredJWT } from 'jose';
import { errors, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import { type ExternalIdFault, falsify } from './faults.ts';
import { memoryStore } from './memory-store.ts';
import { type ExternalPerson, PEOPLE_CSS, peoplePage } from './people-page.ts';

export interface ExternalIdProviderOptions {
  /** Where it answers, without a slash at the end. */
  readonly issuer: string;
  /** Also makes its cookies its own: ports of one host share them. */
  readonly key?: string;
  readonly name?: string;
  readonly clients: readonly {
    clientId: string;
    clientSecret: string;
    redirectUris: readonly string[];
  }[];
  readonly people: readonly ExternalPerson[];
  /** Asked for each ID token; a fault makes that token wrong. */
  readonly faults?: () => ExternalIdFault | null;
  readonly clock?: Clock;
}

export interface ExternalIdProvider {
  callback(): RequestListener;
}

const KEY_ID = 'sandbox-1';

/**
 * A provider of external IDs for tests and demonstrations: a real OpenID Provider with its own ES256 keys, its
 * own sessions and a login page that lists its people.
 */
export function createExternalIdProvider(options: ExternalIdProviderOptions): ExternalIdProvider {
  const { issuer, key = 'kumo', name = 'Kumo ID', clients, people } = options;
  const clock = options.clock ?? systemClock;
  const signing = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const jwk = { ...signing.export({ format: 'jwk' }), kid: KEY_ID, use: 'sig', alg: 'ES256' };

  const provider = new Provider(issuer, {
    adapter: memoryStore(() => clock.now().getTime()),
    jwks: { keys: [jwk as never] },
    clients: clients.map(({ clientId, clientSecret, redirectUris }) => ({
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uris: [...redirectUris],
    })),
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    claims: { openid: ['sub'], profile: ['name'] },
    conformIdTokenClaims: false, // the name comes in the ID token, as with most providers of its kind
    responseTypes: ['code'],
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    cookies: {
      keys: [randomBytes(32)],
      names: {
        session: `${key}_session`,
        interaction: `${key}_interaction`,
        resume: `${key}_resume`,
      },
    },
    interactions: { url: (_ctx, { uid }) => `/login/${uid}` },
    findAccount: (_ctx, sub) => {
      const person = people.find((one) => one.sub === sub);
      return person && { accountId: sub, claims: () => ({ sub, name: person.name }) };
    },
    // Asking for consent is the relying party's lesson, not this provider's.
    loadExistingGrant: grantEverything,
    ttl: {
      AccessToken: 600,
      AuthorizationCode: 60,
      Grant: 86_400,
      IdToken: 600,
      Interaction: 3_600,
      Session: 86_400,
    },
  });

  provider.use(async (ctx, next) => {
    const uid = /^\/login\/([\w-]{10,64})$/.exec(ctx.path)?.[1];
    if (ctx.method === 'GET' && ctx.path === '/sandbox.css') {
      ctx.type = 'text/css';
      ctx.body = PEOPLE_CSS;
    } else if (uid !== undefined) {
      await loginPage(provider, { name, people, uid }, ctx);
    } else {
      await next();
      const fault = ctx.path === '/token' ? options.faults?.() : null;
      if (fault) await spoil(ctx, fault, { signing, stranger, clock });
    }
  });
  return { callback: () => provider.callback() };
}

type Context = Parameters<Parameters<Provider['use']>[0]>[0];

async function loginPage(
  provider: Provider,
  { name, people, uid }: { name: string; people: readonly ExternalPerson[]; uid: string },
  ctx: Context,
): Promise<void> {
  try {
    await provider.interactionDetails(ctx.req, ctx.res);
  } catch (error) {
    if (!(error instanceof errors.SessionNotFound)) throw error;
    ctx.status = 400;
    ctx.body = 'this login is over, please start again';
    return;
  }
  if (ctx.method !== 'POST') {
    ctx.set('Content-Security-Policy', "default-src 'none'; style-src 'self'; img-src data:");
    ctx.type = 'html';
    ctx.body = peoplePage(name, `/login/${uid}`, people);
    return;
  }
  const sub = new URLSearchParams(await readSmallBody(ctx)).get('person') ?? '';
  const known = people.some((person) => person.sub === sub);
  const result = known
    ? { login: { accountId: sub } }
    : { error: 'access_denied', error_description: 'the person said no' };
  const returnTo = await provider.interactionResult(ctx.req, ctx.res, result);
  ctx.status = 303;
  ctx.redirect(returnTo);
}

async function readSmallBody(ctx: Context): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of ctx.req as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > 4_096) return '';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function grantEverything(ctx: KoaContextWithOIDC) {
  const { account, client, provider, requestParamOIDCScopes } = ctx.oidc;
  if (!account || !client) return undefined;
  const grant = new provider.Grant({ accountId: account.accountId, clientId: client.clientId });
  grant.addOIDCScope([...requestParamOIDCScopes].join(' '));
  await grant.save();
  return grant;
}

async function spoil(
  ctx: Context,
  fault: ExternalIdFault,
  keys: { signing: KeyObject; stranger: KeyObject; clock: Clock },
): Promise<void> {
  const body = ctx.body as { id_token?: string } | undefined;
  if (body?.id_token === undefined) return;
  const nowSeconds = Math.floor(keys.clock.now().getTime() / 1_000);
  const claims = falsify(decodeJwt(body.id_token), fault, nowSeconds);
  const signed =
    fault === 'unsigned'
      ? new UnsecuredJWT({ ...claims }).encode()
      : await new SignJWT({ ...claims })
          .setProtectedHeader({ alg: 'ES256', kid: KEY_ID })
          .sign(fault === 'wrong-key' ? keys.stranger : keys.signing);
  ctx.body = { ...body, id_token: signed };
}
