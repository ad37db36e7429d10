import type { Context } from 'koa';
import type { VNode } from 'preact';
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { ownMembers } from '../client/client.ts';
import { localeOf } from '../interaction/locale.ts';
import { renderPage } from '../interaction/page-shell.tsx';
import type { IdentitySettings } from '../settings.ts';
import { deviceWords } from './device-words.ts';
import { ConfirmDevicePage, DeviceDonePage, UserCodePage } from './device.page.tsx';
import { UserCodesUsedUp } from './limit-user-codes.ts';

type DeviceFlow = NonNullable<NonNullable<Configuration['features']>['deviceFlow']>;

/** Logging in on a screen without a keyboard (RFC 8628), with our own pages. */
export function deviceFeature(settings: IdentitySettings) {
  const show = (ctx: KoaContextWithOIDC, title: string, page: VNode) => {
    const koa = asKoa(ctx);
    koa.type = 'html';
    koa.set('Cache-Control', 'no-store');
    const { help } = settings.pageLinks;
    koa.body = renderPage({ locale: localeOf(koa), title, otherLanguage: null, help }, page);
  };
  const form = (ctx: KoaContextWithOIDC) => ({
    locale: localeOf(asKoa(ctx)),
    action: ctx.oidc.urlFor('code_verification'),
    xsrf: String(ctx.oidc.session?.state?.['secret'] ?? ''),
  });

  return {
    deviceFlow: {
      enabled: true,
      charset: 'base-20', // no vowels, nothing that is misread: 20^8 codes (34.6 bits), good for ten minutes
      mask: '****-****',
      deviceInfo: () => ({}), // the address of a shop's screen helps nobody here
      userCodeInputSource: (ctx, _form, _out, error) => {
        const props = form(ctx);
        const words = deviceWords(props.locale);
        const problem = error && problemOf(error, words);
        show(ctx, words.title, <UserCodePage {...props} problem={problem} />);
      },
      userCodeConfirmSource: (ctx, _form, client, _deviceInfo, userCode) => {
        const props = form(ctx);
        const english = props.locale === 'en' ? ownMembers(client).name_en : undefined;
        const appName = english ?? client.clientName ?? '';
        const title = deviceWords(props.locale).confirmTitle;
        show(ctx, title, <ConfirmDevicePage {...props} appName={appName} userCode={userCode} />);
      },
      successSource: (ctx) => {
        const locale = localeOf(asKoa(ctx));
        show(ctx, deviceWords(locale).doneTitle, <DeviceDonePage locale={locale} />);
      },
    } satisfies DeviceFlow,
  };
}

function problemOf(
  error: Error & { userCode?: string },
  words: ReturnType<typeof deviceWords>,
): string {
  if (error instanceof UserCodesUsedUp) return words.busy;
  if (error.userCode !== undefined || error.name === 'NoCodeError') return words.wrong;
  return error.name === 'AbortedError' ? words.stopped : words.failed;
}

const asKoa = (ctx: KoaContextWithOIDC): Context => ctx as unknown as Context;
