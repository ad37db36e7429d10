import { timingSafeEqual } from 'node:crypto';
import { type Controls, externalMethod } from '@7pay/controls';
import { isRefused, type Refused, refusalSentence } from '@7pay/refusals';
import type { Context, Middleware } from 'koa';
import type { MemberStore } from '../account/member.store.ts';
import type { Gate } from '../gate/gate.ts';
import type { Origin } from '../gate/login-record.ts';
import { aboutToLogInHere } from '../interaction/about-to-log-in.ts';
import { formToken, readForm } from '../interaction/form.ts';
import { localeOf } from '../interaction/locale.ts';
import {
  type LoginHere,
  loginHere,
  logInAddress,
  type OwnPageDeps,
  redirect,
  refuseHere,
  showOwnPage,
} from '../interaction/own-page.tsx';
import { setSecurityHeaders } from '../interaction/security-headers.ts';
import { FRESH_LOGIN_SECONDS } from '../login/passkey.ts';
import type { PasskeyStore } from '../login/passkey.store.ts';
import { isConfirmed } from '../second-factor/second-factor.ts';
import type { ExternalIdStore } from './external-id.store.ts';
import type { ExternalProvider } from './external-id.ts';
import type { ExternalProviders } from './external-providers.ts';
import type { LinkExternalId } from './link-external-id.ts';
import { LinkedIdsPage, UnlinkedPage } from './linked-ids.page.tsx';
import { linkedIdsWords } from './linked-ids-words.ts';
import type { UnlinkExternalId } from './unlink-external-id.ts';
import { hasOtherWay, isProviderOpen } from './ways-in.ts';

export interface LinkedIdsDeps extends OwnPageDeps {
  readonly members: Pick<MemberStore, 'find'>;
  readonly passkeys: Pick<PasskeyStore, 'ofMember'>;
  readonly externalIds: Pick<ExternalIdStore, 'ofMembers'>;
  readonly providers: ExternalProviders;
  readonly controls: Controls;
  readonly gate: Gate;
  readonly originOf: (ctx: Context) => Origin;
  readonly link: LinkExternalId;
  readonly unlink: UnlinkExternalId;
}

const PAGE = '/linked';
const STEP = /^\/linked\/([a-z0-9]{1,30})\/(link|callback|unlink)$/;
/** By passkey or second factor: what the step-up of linking and unlinking asks for. */
const STEP_UP = { acr: 'urn:7id:acr:2', maxAgeSeconds: FRESH_LOGIN_SECONDS } as const;

/** `/linked`: the external IDs of the member who is logged in here. Linking begins and ends on this page and nowhere else. */
export function linkedIdsRoutes(deps: LinkedIdsDeps): Middleware {
  return async (ctx, next) => {
    const [, key = '', step = ''] = STEP.exec(ctx.path) ?? [];
    const fits = ctx.method === (step === 'unlink' ? 'POST' : 'GET');
    if (!fits || (step === '' && ctx.path !== PAGE)) return next();
    setSecurityHeaders(ctx);
    ctx.set('Cache-Control', 'no-store');
    const { issuer } = deps.settings;
    const locale = localeOf(ctx);
    const login = await loginHere(ctx, deps);
    if (step === '' && 'code' in ctx.query) {
      return login ? redirect(ctx, PAGE) : refuseHere(ctx, deps, PAGE);
    }
    if (step === '' && 'error' in ctx.query) return refuseHere(ctx, deps, PAGE, 'access_denied');
    if (!login) return redirect(ctx, logInAddress(issuer, PAGE, { locale }));
    if (step === '') return show(ctx, deps, login);

    const provider = deps.providers.find(key);
    if (step === 'callback') {
      return provider ? finish(ctx, deps, login, provider) : refuseHere(ctx, deps, PAGE);
    }
    if (!(await isAsked(ctx, deps, login))) return refuseHere(ctx, deps, PAGE);
    if (!(await isSteppedUp(deps, login))) {
      return redirect(ctx, logInAddress(issuer, PAGE, { ...STEP_UP, locale }));
    }
    if (step === 'unlink') return unlink(ctx, deps, login, key);
    if (!provider) return refuseHere(ctx, deps, PAGE);
    const url = await deps.link.begin(provider, linker(login));
    return isRefused(url) ? show(ctx, deps, login, { problem: url }) : redirect(ctx, url.href);
  };
}

const linker = ({ accountId, sessionUid }: LoginHere) => ({ memberId: accountId, sessionUid });
const formOf = ({ sessionUid }: LoginHere) => `linked.${sessionUid}`;

// Whether our own page asks, in this session: by its form, or by the token in its link.
async function isAsked(ctx: Context, deps: LinkedIdsDeps, login: LoginHere): Promise<boolean> {
  const { issuer: origin, cookieKeys: keys } = deps.settings;
  const uid = formOf(login);
  if (ctx.method === 'POST') return !isRefused(await readForm(ctx.req, { origin, keys, uid }));
  const { form } = ctx.query;
  const given = Buffer.from(typeof form === 'string' ? form : '');
  return keys.some((key) => {
    const token = Buffer.from(formToken([key], uid));
    return token.length === given.length && timingSafeEqual(token, given);
  });
}

async function isSteppedUp({ clock, gate }: LinkedIdsDeps, login: LoginHere): Promise<boolean> {
  const { amr, authTime = 0, sessionUid } = login;
  const isFresh = clock.now().getTime() / 1_000 - authTime <= FRESH_LOGIN_SECONDS;
  if (!isFresh || !isConfirmed(amr)) return false;
  return gate.mayEnrol({ sessionUid, amr, at: new Date(authTime * 1_000) });
}

async function finish(
  ctx: Context,
  deps: LinkedIdsDeps,
  login: LoginHere,
  provider: ExternalProvider,
) {
  const { key, name } = provider;
  const locale = localeOf(ctx);
  const words = linkedIdsWords(locale);
  const answer = new URLSearchParams(ctx.querystring);
  if (answer.get('error') === 'access_denied') {
    return show(ctx, deps, login, { notice: words.refused });
  }
  const facts = aboutToLogInHere(deps, ctx, [externalMethod(key)]);
  const done = await deps.link.finish(provider, linker(login), { answer, facts });
  const outcome = isRefused(done) ? done.refused : 'LINKED';
  deps.log.info('external_id.link', { memberId: login.accountId, provider: key, outcome });
  if (isRefused(done)) return show(ctx, deps, login, { problem: done });
  return show(ctx, deps, login, { notice: words.done(name[locale]) });
}

async function unlink(ctx: Context, deps: LinkedIdsDeps, login: LoginHere, key: string) {
  const done = await deps.unlink(login.accountId, key);
  if (isRefused(done)) return show(ctx, deps, login, { problem: done });
  const locale = localeOf(ctx);
  const name = deps.providers.find(key)?.name[locale] ?? key;
  const title = linkedIdsWords(locale).unlinkedTitle;
  showOwnPage(ctx, deps, { title }, <UnlinkedPage locale={locale} name={name} />);
}

async function show(
  ctx: Context,
  deps: LinkedIdsDeps,
  login: LoginHere,
  said: { notice?: string; problem?: Refused } = {},
): Promise<void> {
  const { members, passkeys, externalIds, providers, controls, settings } = deps;
  const { accountId } = login;
  const locale = localeOf(ctx);
  const [member, keys, links] = await Promise.all([
    members.find(accountId),
    passkeys.ofMember(accountId),
    externalIds.ofMembers([accountId]),
  ]);
  const isOpen = isProviderOpen(controls);
  const shown = providers.all.map(({ key, name }) => {
    const link = links.find(({ provider }) => provider === key);
    const others = links.map(({ provider }) => provider).filter((one) => one !== key);
    const ways = {
      hasPassword: member?.passwordSetAt != null,
      passkeys: keys.length,
      providers: others,
    };
    const { linkedAt: since, lastUsedAt } = link ?? { linkedAt: new Date(0), lastUsedAt: null };
    return {
      key,
      name: name[locale],
      isOpen: isOpen(key),
      link: link ? { since, lastUsedAt, isLastWay: !hasOtherWay(ways, isOpen) } : null,
    };
  });
  const { problem, notice } = said;
  if (problem) ctx.status = 400;
  showOwnPage(
    ctx,
    deps,
    { title: linkedIdsWords(locale).title },
    <LinkedIdsPage
      locale={locale}
      formToken={formToken(settings.cookieKeys, formOf(login))}
      notice={notice}
      problem={problem && refusalSentence(problem.refused, problem.facts, locale)}
      providers={shown}
    />,
  );
}
