import type { Clock } from '@7pay/time';
import { createLocalJWKSet, errors as joseErrors, jwtVerify } from 'jose';
import { errors, type KoaContextWithOIDC, type Provider } from 'oidc-provider';
import { EXCHANGE_GRANT, ownMembers } from '../client/client.ts';
import type { IdentitySettings, SigningKey } from '../settings.ts';
import {
  type Actor,
  type ExchangeProblem,
  judgeExchange,
  type SubjectToken,
} from './exchange-policy.ts';
import { judgeSubject, type SubjectDeps } from './judge-subject.ts';

const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const PARAMETERS = [
  'subject_token',
  'subject_token_type',
  'requested_token_type',
  'actor_token',
  'audience',
  'resource',
  'scope',
];

interface ExchangeDeps extends SubjectDeps {
  readonly settings: IdentitySettings;
  readonly keys: readonly SigningKey[];
  readonly clock: Clock;
}

/** Teaches a provider token exchange (RFC 8693): a service takes the token it was called with and gets one for the next. */
export function registerTokenExchange(provider: Provider, deps: ExchangeDeps): void {
  provider.registerGrantType(EXCHANGE_GRANT, exchange(deps), PARAMETERS, []);
}

/** What the token of an exchange tells: whose login it is, as in the token it came from, and who acts. */
export function exchangedClaims({ oidc }: KoaContextWithOIDC): Record<string, unknown> {
  const exchanged = oidc.entities['Exchanged'] as unknown as
    | { subject: SubjectToken; act: Actor }
    | undefined;
  if (!exchanged) return {};
  const { acr, amr, auth_time, sid, gid, gen, locale } = exchanged.subject;
  return { acr, amr, auth_time, sid, gid, gen, locale, act: exchanged.act };
}

const exchange =
  (deps: ExchangeDeps) =>
  async (ctx: KoaContextWithOIDC): Promise<void> => {
    const { settings, keys, clock } = deps;
    const { client, params = {}, provider } = ctx.oidc;
    if (!client) throw new errors.InvalidClient('no client');
    const text = (name: string) => (typeof params[name] === 'string' ? params[name] : undefined);
    checkTypes(text);
    const subject = await readSubject(text('subject_token') ?? '', { settings, keys, clock });

    // It is for one payment by the app that the member agreed with, and lends nobody else anything.
    if (subject.authorization_details?.length) {
      throw new errors.InvalidGrant('the subject token is for one payment');
    }
    const { scope: left, grantId } = await judgeSubject(ctx, subject, deps);
    const own = ownMembers(client);
    const verdict = judgeExchange(
      { ...subject, scope: left },
      {
        clientId: client.clientId,
        audiences: own.exchange_audiences?.split(' ').filter(Boolean) ?? [],
        scopes: own.exchange_scopes?.split(' ').filter(Boolean) ?? [],
      },
      { audience: text('audience') ?? text('resource'), scope: text('scope') },
      Math.floor(clock.now().getTime() / 1_000),
    );
    if ('problem' in verdict) throw problemError(verdict.problem);

    const { audience, scope, seconds, act } = verdict;
    const token = new provider.AccessToken({
      accountId: subject.sub,
      client,
      gty: 'token_exchange',
      // Named for whoever takes the token and hears what ends. Nothing here ends it: it lasts a minute.
      grantId,
      ...(subject.sid !== undefined && { sessionUid: subject.sid }),
      expiresIn: seconds,
    });
    token.resourceServer = new provider.ResourceServer(audience, {
      scope,
      audience,
      accessTokenFormat: 'jwt',
      accessTokenTTL: seconds,
      jwt: { sign: { alg: 'ES256' } },
    });
    token.scope = scope;
    ctx.oidc.entity('Exchanged', { subject, act } as never);
    ctx.oidc.entity('AccessToken', token);
    ctx.body = {
      access_token: await token.save(),
      issued_token_type: ACCESS_TOKEN,
      token_type: token.tokenType,
      expires_in: seconds,
      scope,
    };
  };

function checkTypes(text: (name: string) => string | undefined): void {
  const wanted = text('requested_token_type') ?? ACCESS_TOKEN;
  if (text('subject_token') === undefined) throw new errors.InvalidRequest('no subject_token');
  if (text('subject_token_type') !== ACCESS_TOKEN || wanted !== ACCESS_TOKEN) {
    throw new errors.InvalidRequest('an access token for an access token, and nothing else');
  }
  if (text('actor_token') !== undefined) {
    throw new errors.InvalidRequest('the actor is the client itself');
  }
}

async function readSubject(
  token: string,
  { settings, keys, clock }: Pick<ExchangeDeps, 'settings' | 'keys' | 'clock'>,
): Promise<SubjectToken> {
  const open = keys.map((key) => {
    const {
      d: _d,
      p: _p,
      q: _q,
      dp: _dp,
      dq: _dq,
      qi: _qi,
      ...rest
    } = key as Record<string, unknown>;
    return rest;
  });
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet({ keys: open as never }), {
      issuer: settings.issuer,
      audience: settings.graphAudience,
      typ: 'at+jwt',
      algorithms: ['ES256'],
      currentDate: clock.now(),
    });
    return payload as unknown as SubjectToken;
  } catch (error) {
    if (error instanceof joseErrors.JOSEError) throw new errors.InvalidGrant('subject_token');
    throw error;
  }
}

const problemError = (problem: ExchangeProblem): Error =>
  ({
    AUDIENCE: new errors.InvalidTarget('not an audience of this client'),
    SCOPE: new errors.InvalidScope('not within the token and the client', 'exchange'),
    ACTORS: new errors.InvalidGrant('too many services behind one another'),
  })[problem];
