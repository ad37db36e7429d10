import { isRefused } from '@7pay/refusals';
import type { Context, Middleware } from 'koa';
import { nameOfClient } from '../client/client.ts';
import type { ClientStore } from '../client/client.store.ts';
import { formToken, readForm } from '../interaction/form.ts';
import { localeOf } from '../interaction/locale.ts';
import {
  type LoginHere,
  loginHere,
  logInAddress,
  type OwnPageDeps,
  redirect,
  refuseHere,
} from '../interaction/own-page.tsx';
import { renderPage } from '../interaction/page-shell.tsx';
import { setSecurityHeaders } from '../interaction/security-headers.ts';
import { allowApproval, denyApproval } from './answer-approval.ts';
import { type Approval, mayApprove } from './approval.ts';
import type { ApprovalStore } from './approval.store.ts';
import type { ApproveDevice } from '../device-approval/approve-device.ts';
import { deviceApprovalWords } from '../device-approval/device-approval-words.ts';
import { acrLevel, ACR_VALUES } from '../login/acr.ts';
import { approvalWords } from './approval-words.ts';
import { ApprovalsPage } from './approvals.page.tsx';

interface ApprovalDeps extends OwnPageDeps {
  readonly approvals: ApprovalStore;
  readonly approveDevice: ApproveDevice;
  readonly clients: ClientStore;
}

const PAGE = '/approve';
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
    if (list && 'code' in ctx.query)
      return login ? redirect(ctx, PAGE) : refuseHere(ctx, deps, PAGE);
    if (list && 'error' in ctx.query) return refuseHere(ctx, deps, PAGE, 'access_denied');
    if (!login) return redirect(ctx, logInAddress(deps.settings.issuer, PAGE));
    if (list) return show(ctx, deps, login);
    const [, isDevice, id = '', decision = ''] = answer ?? [];
    return isDevice
      ? takeDevice(ctx, deps, login, { id, decision })
      : take(ctx, deps, login, id, decision);
  };
}

async function show(ctx: Context, deps: ApprovalDeps, login: LoginHere, notice?: string) {
  const { approvals, clients, settings } = deps;
  const locale = localeOf(ctx);
  const nameOf = async (clientId: string) =>
    nameOfClient(await clients.find(clientId), locale) ?? clientId;
  const waiting = await approvals.waiting(login.accountId);
  const asking = await Promise.all(
    waiting.map(async (approval: Approval) => ({
      approval,
      client: await clients.find(approval.clientId),
    })),
  );
  const shown = asking
    .filter(({ client }) => client !== undefined)
    .map(({ approval, client }) => ({
      approval,
      appName: nameOfClient(client, locale) ?? approval.clientId,
      stepUp: mayApprove(approval, login.acr)
        ? null
        : logInAddress(settings.issuer, PAGE, { acr: approval.acr }),
    }));
  const devices = await deps.approveDevice.waiting(login.accountId, login.sessionUid);
  const waitingDevices = await Promise.all(
    devices.map(async (approval) => ({ approval, appName: await nameOf(approval.clientId) })),
  );
  const token = formToken(settings.cookieKeys, uidOf(login));
  const title = approvalWords(locale).title;
  ctx.type = 'html';
  ctx.body = renderPage(
    { locale, title, otherLanguage: null, help: settings.pageLinks.help },
    <ApprovalsPage
      {...{ locale, notice, shown, waitingDevices }}
      formToken={token}
      deviceStepUp={
        isStrong(login) ? null : logInAddress(settings.issuer, PAGE, { acr: ACR_VALUES[1] })
      }
    />,
  );
}

const uidOf = ({ sessionUid }: LoginHere) => `approve.${sessionUid}`;
const formOf = ({ settings }: ApprovalDeps, login: LoginHere) => ({
  origin: settings.issuer,
  keys: settings.cookieKeys,
  uid: uidOf(login),
});
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
  const form = await readForm(ctx.req, formOf(deps, login));
  if (isRefused(form)) return refuseHere(ctx, deps, PAGE);
  const allows = decision === 'allow';
  if (allows && !isStrong(login))
    return redirect(ctx, logInAddress(settings.issuer, PAGE, { acr: ACR_VALUES[1] }));
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
  const { approvals, clients, provider, settings, log } = deps;
  const form = await readForm(ctx.req, formOf(deps, login));
  if (isRefused(form)) return refuseHere(ctx, deps, PAGE);
  const words = approvalWords(localeOf(ctx));
  const asked = await approvals.find(id, login.accountId);
  // Nobody can be told while the client is suspended, and an answer is given once.
  if (!asked || !(await clients.find(asked.clientId))) return show(ctx, deps, login, words.gone);
  // A page that was open for a while offers a button that this login is too weak for.
  if (decision === 'allow' && !mayApprove(asked, login.acr)) {
    return redirect(ctx, logInAddress(settings.issuer, PAGE, { acr: asked.acr }));
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
