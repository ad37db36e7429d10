import { isRefused } from '@7pay/refusals';
import type { Context, Middleware } from 'koa';
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
import { approvalWords } from './approval-words.ts';
import { ApprovalsPage } from './approvals.page.tsx';

interface ApprovalDeps extends OwnPageDeps {
  readonly approvals: ApprovalStore;
  readonly clients: ClientStore;
}

const PAGE = '/approve';
const ANSWER = /^\/approve\/([A-Za-z0-9_-]{10,40})\/(allow|deny)$/;

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
    return take(ctx, deps, login, answer?.[1] ?? '', answer?.[2] ?? '');
  };
}

async function show(ctx: Context, deps: ApprovalDeps, login: LoginHere, notice?: string) {
  const { approvals, clients, settings } = deps;
  const locale = localeOf(ctx);
  const waiting = await approvals.waiting(login.accountId);
  const shown = await Promise.all(
    waiting.map(async (approval: Approval) => {
      const client = await clients.find(approval.clientId);
      const english = locale === 'en' ? client?.name_en : undefined;
      return {
        approval,
        appName: english ?? client?.client_name ?? approval.clientId,
        stepUp: mayApprove(approval, login.acr)
          ? null
          : logInAddress(settings.issuer, PAGE, { acr: approval.acr }),
      };
    }),
  );
  const token = formToken(settings.cookieKeys, `approve.${login.sessionUid}`);
  const title = approvalWords(locale).title;
  ctx.type = 'html';
  ctx.body = renderPage(
    { locale, title, otherLanguage: null, help: settings.pageLinks.help },
    <ApprovalsPage locale={locale} formToken={token} notice={notice} shown={shown} />,
  );
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
  if (isRefused(form)) return refuseHere(ctx, deps, PAGE);
  const words = approvalWords(localeOf(ctx));
  const asked = await approvals.find(id, login.accountId);
  if (!asked) return show(ctx, deps, login, words.gone);
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
