import type { Locale } from '@7pay/refusals';
import { newRequestId, type Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import type { Context } from 'koa';
import { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider';
import { redirectMismatch, withoutSecrets } from '../client/redirect-mismatch.ts';
import type { IdentitySettings } from '../settings.ts';
import { ErrorPage, type ErrorPageProps } from './error.page.tsx';
import { localeOf } from './locale.ts';
import { AfterLogoutPage, LogoutPage } from './logout.page.tsx';
import { renderPage } from './page-shell.tsx';
import { RedirectMismatchPart } from './redirect-mismatch-part.tsx';
import { japanTime, wordsOf } from './words.ts';

type LogoutFeature = NonNullable<NonNullable<Configuration['features']>['rpInitiatedLogout']>;

export interface ProviderPages {
  readonly renderError: NonNullable<Configuration['renderError']>;
  readonly logoutSource: NonNullable<LogoutFeature['logoutSource']>;
  readonly postLogoutSuccessSource: NonNullable<LogoutFeature['postLogoutSuccessSource']>;
}

interface PageDeps {
  readonly settings: IdentitySettings;
  readonly clock: Clock;
  readonly log: Log;
}

/** The pages that the library asks for: errors and logging out. */
export function pagesOf(deps: PageDeps): ProviderPages {
  const help = deps.settings.pageLinks.help;
  return {
    renderError: (ctx, out, error) => {
      const locale = localeOf(asKoa(ctx), ctx.oidc?.params?.['ui_locales']);
      const expired = error instanceof errors.SessionNotFound;
      const code = expired ? 'session_expired' : out.error;
      showError(asKoa(ctx), deps, {
        locale,
        code,
        sentence: sentenceFor(code, locale),
        again: null,
        ...(error instanceof errors.InvalidRedirectUri && mismatchOf(ctx, deps, locale)),
      });
    },

    logoutSource: (ctx) => {
      const locale = localeOf(asKoa(ctx), ctx.oidc.params?.['ui_locales']);
      const secret = String(ctx.oidc.session?.state?.['secret'] ?? '');
      const action = ctx.oidc.urlFor('end_session_confirm');
      const frame = { locale, title: wordsOf(locale).logoutTitle, otherLanguage: null, help };
      ctx.type = 'html';
      ctx.body = renderPage(frame, <LogoutPage locale={locale} action={action} secret={secret} />);
    },

    postLogoutSuccessSource: async (ctx) => {
      const locale = localeOf(asKoa(ctx));
      // The library comes here after a no as well.
      const session = await ctx.oidc.provider.Session.get(asKoa(ctx));
      const stayed = session.accountId !== undefined;
      const words = wordsOf(locale);
      const title = stayed ? words.stayedTitle : words.loggedOutTitle;
      const otherLanguage = `?lang=${locale === 'ja' ? 'en' : 'ja'}`;
      const page = <AfterLogoutPage locale={locale} stayed={stayed} />;
      ctx.type = 'html';
      ctx.body = renderPage({ locale, title, otherLanguage, help }, page);
    },
  };
}

/** Puts the error page into the answer, and a line with the same reference into the log. */
export function showError(
  ctx: Context,
  { settings, clock, log }: PageDeps,
  what: Omit<ErrorPageProps, 'time' | 'reference'> & { facts?: Readonly<Record<string, unknown>> },
): void {
  const { locale, code } = what;
  const reference = newRequestId();
  const path = ctx.path.replace(/[\w-]{16,}/g, ':id');
  log.warn('identity.refused', { code, reference, path, ...what.facts });
  const title = wordsOf(locale).errorTitle;
  const frame = { locale, title, otherLanguage: null, help: settings.pageLinks.help };
  ctx.type = 'html';
  ctx.set('Cache-Control', 'no-store');
  ctx.body = renderPage(
    frame,
    <ErrorPage {...what} time={japanTime(clock.now(), locale)} reference={reference} />,
  );
}

/** What differs, for the page, and for the log under the same reference. */
function mismatchOf(ctx: KoaContextWithOIDC, { settings }: PageDeps, locale: Locale) {
  const { client, params } = ctx.oidc;
  if (!client) return {};
  const asked = String(params?.['redirect_uri'] ?? '');
  const registered = client.redirectUris ?? [];
  const mismatch = redirectMismatch(asked, registered);
  // An issuer without https is on this machine alone (settings.ts): there is nobody to tell it to.
  const showsRegistered = settings.issuer.startsWith('http:');
  const part = { locale, mismatch, showsRegistered };
  return {
    detail: <RedirectMismatchPart {...part} />,
    facts: {
      clientId: client.clientId,
      asked: withoutSecrets(asked),
      differences: mismatch.differences.join(),
      registered: registered.map(withoutSecrets).join(' '),
    },
  };
}

// OAuth's own codes; everything else that an app did wrong has the last sentence.
const SENTENCES: Readonly<Record<string, Readonly<Record<Locale, string>>>> = {
  session_expired: {
    ja: 'この画面の有効期限が切れました。アプリからもう一度お試しください。',
    en: 'This page is no longer valid. Please go back to the app and try again.',
  },
  access_denied: {
    ja: 'ログインを中止しました。アプリからもう一度お試しください。',
    en: 'The login was cancelled. Please go back to the app and try again.',
  },
  server_error: {
    ja: 'ただいま処理できません。少し待ってからもう一度お試しください。',
    en: 'We cannot do this at the moment. Please wait a little and try again.',
  },
  not_found: {
    ja: 'このページはありません。アプリからもう一度お試しください。',
    en: 'There is no such page. Please go back to the app and try again.',
  },
  invalid_client: {
    ja: 'このアプリは7iDに登録されていません。アプリの提供元にお問い合わせください。',
    en: 'This app is not registered with 7iD. Please contact its provider.',
  },
  invalid_redirect_uri: {
    ja: 'このアプリの戻り先が7iDに登録されたものと違います。安全のため中止しました。',
    en: 'This app asks us to go to an address that is not registered. We stopped for your safety.',
  },
  other: {
    ja: 'アプリからの依頼に誤りがあるため、続けられません。アプリの提供元にお問い合わせください。',
    en: 'The request of the app is faulty, so we cannot go on. Please contact its provider.',
  },
};

/** What a person can do about an error of the protocol. */
export const sentenceFor = (code: string, locale: Locale): string =>
  (Object.hasOwn(SENTENCES, code) ? SENTENCES[code] : SENTENCES['other'])?.[locale] ?? '';

const asKoa = (ctx: KoaContextWithOIDC): Context => ctx as unknown as Context;
