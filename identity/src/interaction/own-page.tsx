import { createHash, randomBytes } from 'node:crypto';
import type { Locale } from '@7pay/refusals';
import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import type { Context } from 'koa';
import type { VNode } from 'preact';
import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { StoredClient } from '../client/client.ts';
import type { StillHolds } from '../protocol/still-holds.ts';
import type { IdentitySettings } from '../settings.ts';
import { localeOf } from './locale.ts';
import { renderPage } from './page-shell.tsx';
import { sentenceFor, showError } from './provider-pages.tsx';

/** 7iD as a client of itself: its pages for members send people to log in or step up like any app. */
export const PAGES_CLIENT_ID = '7id-pages';
/** The pages of 7iD that a person may be sent to log in from. */
const OWN_PAGES = ['/approve', '/linked', '/carry-over'] as const;
export type OwnPage = (typeof OWN_PAGES)[number];

export const pagesClient = (issuer: string): StoredClient => ({
  client_id: PAGES_CLIENT_ID,
  client_name: '7iD',
  name_en: '7iD',
  redirect_uris: OWN_PAGES.map((page) => `${issuer}${page}`),
  response_types: ['code'],
  grant_types: ['authorization_code'],
  token_endpoint_auth_method: 'none',
  first_party: true,
  scope: 'openid',
});

/** What a page of 7iD outside of an interaction works with. */
export interface OwnPageDeps {
  readonly provider: Provider;
  readonly settings: IdentitySettings;
  readonly holds: StillHolds;
  readonly clock: Clock;
  readonly log: Log;
}

/** The login of this browser. */
export type LoginHere = NonNullable<Awaited<ReturnType<typeof loginHere>>>;

/** The login of this browser, if there is one and it still counts. */
export async function loginHere(
  ctx: Context,
  { provider, holds }: Pick<OwnPageDeps, 'provider' | 'holds'>,
) {
  const session = await provider.Session.get(ctx);
  const { accountId, acr, amr, loginTs: authTime, uid: sessionUid } = session;
  if (accountId === undefined) return undefined;
  const login = { accountId, acr, amr: amr ?? [], authTime, sessionUid };
  // Our own page is no endpoint of the library, so there is no context of it: the gate needs the provider alone.
  const asked = { oidc: { provider } } as unknown as KoaContextWithOIDC;
  return (await holds(asked, login)) ? login : undefined;
}

/**
 * Where a person logs in, or proves more, and comes back to one of our pages. The code that comes back is thrown away with its
 * verifier: what counts is the session that the login left.
 */
export function logInAddress(
  issuer: string,
  page: OwnPage,
  asked: { acr?: string | undefined; maxAgeSeconds?: number; locale?: Locale } = {},
): string {
  const { acr, maxAgeSeconds, locale } = asked;
  const challenge = createHash('sha256').update(randomBytes(32)).digest('base64url');
  const parameters = new URLSearchParams({
    client_id: PAGES_CLIENT_ID,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: `${issuer}${page}`,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...(acr !== undefined && { acr_values: acr }),
    ...(maxAgeSeconds !== undefined && { max_age: String(maxAgeSeconds) }),
    ...(locale !== undefined && { ui_locales: locale }),
  });
  return `${issuer}/auth?${parameters}`;
}

export function redirect(ctx: Context, to: string): void {
  ctx.status = 303;
  ctx.redirect(to);
}

/** Shows one of our pages; one that was asked for by a link can be had in the other language. */
export function showOwnPage(
  ctx: Context,
  { settings }: Pick<OwnPageDeps, 'settings'>,
  shown: { title: string; script?: boolean },
  content: VNode,
): void {
  const locale = localeOf(ctx);
  const other = locale === 'ja' ? 'en' : 'ja';
  ctx.type = 'html';
  ctx.body = renderPage(
    {
      locale,
      otherLanguage: ctx.method === 'GET' ? `${ctx.path}?lang=${other}` : null,
      help: settings.pageLinks.help,
      ...shown,
    },
    content,
  );
}

/** Says that the way here was none, with a way to begin again. */
export function refuseHere(
  ctx: Context,
  deps: Pick<OwnPageDeps, 'settings' | 'clock' | 'log'>,
  again: OwnPage,
  code = 'session_expired',
): void {
  const locale = localeOf(ctx);
  ctx.status = 400;
  showError(ctx, deps, { locale, code, sentence: sentenceFor(code, locale), again });
}
