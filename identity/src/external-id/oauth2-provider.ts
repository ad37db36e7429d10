import * as oidc from 'openid-client';
import { z } from 'zod';
import type { ExternalProvider } from './external-id.ts';

type OAuth2 = NonNullable<ExternalProvider['oauth2']>;

const PATIENCE_SECONDS = 4;
const ANSWER_BYTES_MAX = 64_000;

/** A provider without OpenID Connect has nothing to discover: the settings say all. */
export function withoutDiscovery(
  { issuer, clientId, clientSecret }: ExternalProvider,
  { authorizationEndpoint, tokenEndpoint }: OAuth2,
  { allowHttp }: { allowHttp: boolean },
): oidc.Configuration {
  const configuration = new oidc.Configuration(
    { issuer, authorization_endpoint: authorizationEndpoint, token_endpoint: tokenEndpoint },
    clientId,
    undefined,
    oidc.ClientSecretBasic(clientSecret),
  );
  configuration.timeout = PATIENCE_SECONDS;
  if (allowHttp) oidc.allowInsecureRequests(configuration);
  return configuration;
}

const subject = z.union([z.string().min(1).max(200), z.number().int().nonnegative()]);

/**
 * Asks the provider whose the token is that it just gave for our code. Nothing that passed through a browser is believed.
 * @returns null when it does not say
 */
export async function askWho(
  configuration: oidc.Configuration,
  accessToken: string,
  { userinfoEndpoint, subjectMember, nameMember }: OAuth2,
): Promise<{ subject: string; name: string | null } | null> {
  const answer = await oidc.fetchProtectedResource(
    configuration,
    accessToken,
    new URL(userinfoEndpoint),
    'GET',
  );
  const text = await answer.text();
  if (!answer.ok || text.length > ANSWER_BYTES_MAX) return null;
  const told = z.looseObject({}).safeParse(parsed(text));
  const who = subject.safeParse(told.data?.[subjectMember]);
  if (!who.success) return null;
  const name = told.data?.[nameMember];
  return { subject: String(who.data), name: typeof name === 'string' ? name : null };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
