import { createHash, randomBytes } from 'node:crypto';
import { isRefused } from '@7pay/refusals';
import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import type { Context, Middleware } from 'koa';
import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { StoredClient } from '../client/client.ts';
import type { ClientStore } from '../client/client.store.ts';
import { formToken, readForm } from '../interaction/form.ts';
import { localeOf } from '../interaction/locale.ts';
import { renderPage } from '../interaction/page-shell.tsx';
import { sentenceFor, showError } from '../interaction/provider-pages.tsx';
import { setSecurityHeaders } from '../interaction/security-headers.ts';
import type { StillHolds } from '../protocol/still-holds.ts';
import type { IdentitySettings } from '../settings.ts';
import { allowApproval, denyApproval } from './answer-approval.ts';
import { type Approval, mayApprove } from './approval.ts';
import type { ApprovalStore } from './approval.store.ts';
import type { ApproveDevice } from '../device-approval/approve-device.ts';
import { deviceApprovalWords } from '../device-approval/device-approval-words.ts';
import { acrLevel, ACR_VALUES } from '../login/acr.ts';
import { approvalWords } from './approval-words.ts';
import { ApprovalsPage } from './approvals.page.tsx';

/** 7iD as a client of itself: its pages for members send people to log in or step up like any app. */
export const PAGES_CLIENT_ID = '7id-pages';
export const pagesClient = (issuer: string): StoredClient => ({
  client_id: PAGES_CLIENT_ID,
  client_name: '7iD',
  name_en: '7iD',
  redirect_uris: [`${issuer}/approve`],
  response_types: ['code'],
  grant_types: ['authorization_code'],
  token_endpoint_auth_method: 'none',
  first_party: true,
  scope: 'openid',
});

interface ApprovalDeps {
  readonly provider: Provider;
  readonly settings: IdentitySettings;
  readonly approvals: ApprovalStore;
  readonly approveDevice: ApproveDevice;
  readonly clients: ClientStore;
  readonly holds: StillHolds;
  readonly clock: Clock;
  readonly log: Log;
}

const ANSWER = /^\/approve\/(device\/)?([A-Za-z0-9_-]{10,64})\/(allow|deny)$/;

/** `/approve`: what waits for the member who is logged in on this phone, and their answers. */
export function approvalRoutes(deps: ApprovalDeps): Middleware {
  return async (ctx, next) => {
    const answer = ctx.method === 'POST' ? ANSWER.exec(ctx.path) : null;
    const list = ctx.method === 'GET' && ctx.path === '/approve';
    if (!answer && !list) return next();
    setSecurityHeaders(ctx);
    ctx.set('Cache-Control', 'no-store');
    const login = await loginHere(ctx, deps);
    if (list && 'code' in ctx.query) return login ? redirect(ctx, '/approve') : refuse(ctx, deps);
    if (list && 'error' in ctx.query) return refuse(ctx, deps, 'access_denied');
    if (!login) return redirect(ctx, logInAddress(deps.settings.issuer));
    if (list) return show(ctx, deps, login);
    const [, isDevice, id = '', decision = ''] = answer ?? [];
    return isDevice
      ? takeDevice(ctx, deps, login, { id, decision })
      : take(ctx, deps, login, id, decision);
  };
}

type LoginHere = NonNullable<Awaited<ReturnType<typeof loginHere>>>;

async function loginHere(ctx: Context, { provider, holds }: ApprovalDeps) {
  const session = await provider.Session.get(ctx);
  const { accountId, acr, amr, loginTs: authTime, uid: sessionUid } = session;
  if (accountId === undefined) return undefined;
  const login = { accountId, acr, amr: amr ?? [], authTime, sessionUid };
  // Our own page is no endpoint of the library, so there is no context of it: the gate needs the provider alone.
  const asked = { oidc: { provider } } as unknown as KoaContextWithOIDC;
  return (await holds(asked, login)) ? login : undefined;
}

async function show(ctx: Context, deps: ApprovalDeps, login: LoginHere, notice?: string) {
  const { approvals, clients, settings } = deps;
  const locale = localeOf(ctx);
  const nameOf = async (clientId: string) => {
    const client = await clients.find(clientId);
    const english = locale === 'en' ? client?.name_en : undefined;
    return english ?? client?.client_name ?? clientId;
  };
  const waiting = await approvals.waiting(login.accountId);
  const shown = await Promise.all(
    waiting.map(async (approval: Approval) => {
      return {
        approval,
        appName: await nameOf(approval.clientId),
        stepUp: mayApprove(approval, login.acr)
          ? null
          : logInAddress(settings.issuer, approval.acr),
      };
    }),
  );
  const devices = await deps.approveDevice.waiting(login.accountId, login.sessionUid);
  const waitingDevices = await Promise.all(
    devices.map(async (approval) => ({ approval, appName: await nameOf(approval.clientId) })),
  );
  const token = formToken(settings.cookieKeys, `approve.${login.sessionUid}`);
  const title = approvalWords(locale).title;
  ctx.type = 'html';
  ctx.body = renderPage(
    { locale, title, otherLanguage: null, help: settings.pageLinks.help },
    <ApprovalsPage
      {...{ locale, notice, shown, waitingDevices }}
      formToken={token}
      deviceStepUp={isStrong(login) ? null : logInAddress(settings.issuer, ACR_VALUES[1])}
    />,
  );
}

const isStrong = ({ acr }: LoginHere) => acrLevel(acr) >= 2;

/** The answer to a new device. */
async function takeDevice(
  ctx: Context,
  deps: ApprovalDeps,
  login: LoginHere,
  { id, decision }: { id: string; decision: string },
) {
  const { settings, approveDevice } = deps;
  const { accountId: memberId, sessionUid } = login;
  const uid = `approve.${sessionUid}`;
  const form = await readForm(ctx.req, { origin: settings.issuer, keys: settings.cookieKeys, uid });
  if (isRefused(form)) return refuse(ctx, deps);
  const allows = decision === 'allow';
  if (allows && !isStrong(login))
    return redirect(ctx, logInAddress(settings.issuer, ACR_VALUES[1]));
  const number = allows ? (form.get('number') ?? '').normalize('NFKC').trim() : null;
  const verdict = await approveDevice.answer({ memberId, sessionUid }, { id, number });
  const words = deviceApprovalWords(localeOf(ctx));
  const gone = approvalWords(localeOf(ctx)).gone;
  const notice = verdict === 'ALLOWED' ? words.allowed : verdict === null ? gone : words.denied;
  return show(ctx, deps, login, notice);
}

async function take(
  ctx: Context,
  deps: ApprovalDeps,
  login: LoginHere,
  id: string,
  decision: string,
) {
  const { approvals, provider, settings, log } = deps;
  const uid = `approve.${login.sessionUid}`;
  const form = await readForm(ctx.req, { origin: settings.issuer, keys: settings.cookieKeys, uid });
  if (isRefused(form)) return refuse(ctx, deps);
  const words = approvalWords(localeOf(ctx));
  const asked = await approvals.find(id, login.accountId);
  if (!asked) return show(ctx, deps, login, words.gone);
  // A page that was open for a while offers a button that this login is too weak for.
  if (decision === 'allow' && !mayApprove(asked, login.acr)) {
    return redirect(ctx, logInAddress(settings.issuer, asked.acr));
  }
  const verdict = decision === 'allow' ? 'allowed' : 'denied';
  const approval = await approvals.decide(id, login.accountId, verdict);
  if (!approval) return show(ctx, deps, login, words.gone);
  const told = await (verdict === 'allowed'
    ? allowApproval(provider, approval, login)
    : denyApproval(provider, approval));
  log.info('approval.answered', { clientId: approval.clientId, verdict, told });
  return show(ctx, deps, login, told === 'GONE' ? words.gone : words[verdict]);
}

// The code that comes back is thrown away with its verifier: what counts is the session that the login left.
function logInAddress(issuer: string, acr?: string): string {
  const challenge = createHash('sha256').update(randomBytes(32)).digest('base64url');
  const parameters = new URLSearchParams({
    client_id: PAGES_CLIENT_ID,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: `${issuer}/approve`,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...(acr !== undefined && { acr_values: acr }),
  });
  return `${issuer}/auth?${parameters}`;
}

function redirect(ctx: Context, to: string): void {
  ctx.status = 303;
  ctx.redirect(to);
}

function refuse(ctx: Context, deps: ApprovalDeps, code = 'session_expired'): void {
  const locale = localeOf(ctx);
  ctx.status = 400;
  const again = '/approve';
  showError(ctx, deps, { locale, code, sentence: sentenceFor(code, locale), again });
}
