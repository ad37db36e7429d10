import { createPrivateKey, sign } from 'node:crypto';
import type { Clock } from '@7pay/time';
import * as oidc from 'openid-client';
import type { ExternalProvider } from './external-id.ts';

type SigningKey = NonNullable<ExternalProvider['signingKey']>;

/** A secret that is made for one request is good for as long as a slow one takes. Apple takes six months. */
const SIGNED_SECRET_SECONDS = 60;

/** How we prove who we are at a provider, as its profile says. */
export function clientAuthentication(
  { profile, clientId, clientSecret, signingKey, issuer }: ExternalProvider,
  clock: Clock,
): oidc.ClientAuth {
  if (profile.clientAuthentication === 'BASIC') return oidc.ClientSecretBasic(clientSecret);
  if (profile.clientAuthentication === 'POST') return oidc.ClientSecretPost(clientSecret);
  if (!signingKey) throw new Error('the settings let no provider of this profile be without a key');
  return (_server, _client, body) => {
    body.set('client_id', clientId);
    body.set('client_secret', signedSecret(signingKey, { clientId, issuer, at: clock.now() }));
  };
}

/**
 * The client secret of "Sign in with Apple": a JWT (ES256) that says who we are and to whom, made for each request.
 * Anew each time, so that one that leaks is worth nothing a minute later.
 */
export function signedSecret(
  { teamId, keyId, privateKey }: SigningKey,
  { clientId, issuer, at }: { clientId: string; issuer: string; at: Date },
): string {
  const iat = Math.floor(at.getTime() / 1_000);
  const claims = { iss: teamId, sub: clientId, aud: issuer, iat, exp: iat + SIGNED_SECRET_SECONDS };
  const text = [{ alg: 'ES256', kid: keyId }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const key = { key: createPrivateKey(privateKey), dsaEncoding: 'ieee-p1363' } as const;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}
