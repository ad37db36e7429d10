import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { systemClock, type Clock } from '@7pay/time';
import { errors, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { ExternalIdFault } from './faults.ts';
import { memoryStore } from './memory-store.ts';
import { type ExternalPerson, PEOPLE_CSS, peoplePage } from './people-page.ts';
import { fits, isSignedSecret, KINDS, type ProviderKind } from './provider-kind.ts';
import { signAnew, type SpoilingKeys } from './sign-anew.ts';

export interface ExternalIdProviderOptions {
  /** Where it answers, without a slash at the end: an origin, or a path below one. */
  readonly issuer: string;
  /** Also makes its cookies its own: ports of one host share them. */
  readonly key?: string;
  readonly name?: string;
  /** Which well-known provider it behaves like. */
  readonly kind?: ProviderKind;
  readonly clients: readonly {
    clientId: string;
    /** With the kind `apple`: the client's private key instead, as PEM. */
    clientSecret: string;
    redirectUris: readonly string[];
  }[];
  /** With the kind `apple`: what clients name themselves and their key by. */
  readonly account?: { readonly teamId: string; readonly keyId: string };
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
  const base = new URL(issuer).pathname.replace(/\/$/, '');
  const kind = KINDS[options.kind ?? 'plain'];
  const own = kind.alg === 'HS256' ? 'ES256' : kind.alg;
  const [signing, stranger] = [aKey(own), aKey(own)];
  const jwk = { ...signing.export({ format: 'jwk' }), kid: KEY_ID, use: 'sig', alg: own };
  const fault = () => options.faults?.() ?? null;
  const nowSeconds = () => Math.floor(clock.now().getTime() / 1_000);

  const provider = new Provider(issuer, {
    adapter: memoryStore(() => clock.now().getTime()),
    jwks: { keys: [jwk as never] },
    clients: clients.map(({ clientId, clientSecret, redirectUris }) => ({
      client_id: clientId,
      client_secret: kind.signedSecret ? randomBytes(32).toString('base64url') : clientSecret,
      redirect_uris: [...redirectUris],
    })),
    clientDefaults: {
      id_token_signed_response_alg: kind.alg,
      token_endpoint_auth_method: kind.authentication,
    },
    enabledJWA: { idTokenSigningAlgValues: [...new Set([own, kind.alg])] },
    clientAuthMethods: [kind.authentication],
    // An address comes unasked, as with some: whoever relies on one relies on what nobody asked for.
    claims: {
      openid: ['sub', 'email', 'email_verified', 'hd'],
      profile: kind.tellsName ? ['name'] : [],
      name: [],
    },
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
    interactions: { url: (_ctx, { uid }) => `${base}/login/${uid}` },
    findAccount: (_ctx, sub) => {
      const person = people.find((one) => one.sub === sub);
      if (!person) return undefined;
      const { mail, organisation, name: called } = person;
      const more = {
        ...(mail !== undefined && { email: mail, email_verified: true }),
        ...(organisation !== undefined && { hd: organisation }),
      };
      return { accountId: sub, claims: () => ({ sub, name: called, ...more }) };
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

  if (kind.signedSecret) {
    const { account = { teamId: '', keyId: '' } } = options;
    const prototype = provider.Client.prototype as { compareClientSecret(secret: string): boolean };
    prototype.compareClientSecret = function isSigned(this: { clientId?: string }, secret) {
      const client = clients.find(({ clientId }) => clientId === this.clientId);
      if (!client) return false;
      const { clientId, clientSecret } = client;
      const key = createPublicKey(clientSecret);
      return isSignedSecret(secret, {
        ...account,
        key,
        clientId,
        issuer,
        nowSeconds: nowSeconds(),
      });
    };
  }

  provider.use(async (ctx, next) => {
    const uid = /^\/login\/([\w-]{10,64})$/.exec(ctx.path)?.[1];
    if (ctx.method === 'GET' && ctx.path === '/sandbox.css') {
      ctx.type = 'text/css';
      ctx.body = PEOPLE_CSS;
    } else if (uid !== undefined) {
      await loginPage(provider, { name, people, uid, base }, ctx);
    } else if (ctx.path === '/auth' && !fits(ctx.query, kind)) {
      ctx.status = 400;
      ctx.body = 'invalid_request';
    } else {
      await next();
      const now = fault();
      if (now === 'answers-as-another') answerAsAnother(ctx, issuer);
      else if (ctx.path === '/token' && (now || kind.hashesAccessToken)) {
        const [{ clientSecret = '' } = {}] = clients;
        const { alg } = kind;
        const keys = { alg, keyId: KEY_ID, signing, stranger, clientSecret };
        await spoil(ctx, now, { ...keys, nowSeconds: nowSeconds() }, kind);
      }
    }
  });
  return {
    callback: () => {
      const answer = provider.callback();
      return (request, response) => {
        if (base !== '' && request.url?.startsWith(`${base}/`)) {
          Object.assign(request, { originalUrl: request.url }); // by which the library knows where it is mounted
          request.url = request.url.slice(base.length);
        }
        return answer(request, response);
      };
    },
  };
}

type Context = Parameters<Parameters<Provider['use']>[0]>[0];

async function loginPage(
  provider: Provider,
  {
    name,
    people,
    uid,
    base,
  }: { name: string; people: readonly ExternalPerson[]; uid: string; base: string },
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
    ctx.body = peoplePage(name, `${base}/login/${uid}`, people, `${base}/sandbox.css`);
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

const aKey = (alg: 'ES256' | 'RS256') =>
  alg === 'ES256'
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
    : generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;

/** The mix-up (RFC 9207 §1): the answer says that it comes from somebody else. */
function answerAsAnother(ctx: Context, issuer: string): void {
  const another = `${issuer}.another.example`;
  if (typeof ctx.body === 'string' && ctx.body.includes('name="code"')) {
    ctx.body = ctx.body.replace(/(name="iss" value=")[^"]*/, `$1${another}`);
  }
  const location: string | undefined = ctx.response.get('location');
  if (!location?.includes('code=')) return;
  const back = new URL(location);
  back.searchParams.set('iss', another);
  ctx.set('location', back.href);
}

async function spoil(
  ctx: Context,
  fault: ExternalIdFault | null,
  keys: Omit<SpoilingKeys, 'accessToken'>,
  { hashesAccessToken }: { hashesAccessToken: boolean },
): Promise<void> {
  const body = ctx.body as { id_token?: string; access_token?: string } | undefined;
  if (body?.id_token === undefined) return;
  const accessToken = hashesAccessToken ? body.access_token : undefined;
  ctx.body = { ...body, id_token: await signAnew(body.id_token, fault, { ...keys, accessToken }) };
}
