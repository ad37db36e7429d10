import { isRefused } from '@7pay/refusals';
import { lookCss } from '@7pay/ui';
import type { Context, Middleware } from 'koa';
import { errors } from 'oidc-provider';
import { canonicalMail } from '../account/member.ts';
import { nameOfClient } from '../client/client.ts';
import { comeBack, comesFrom } from '../external-id/come-back.ts';
import { readForm } from './form.ts';
import { translateFormPost } from './form-post-page.ts';
import { consentSteps, loginSteps, type Step } from './interaction-steps.ts';
import { localeOf } from './locale.ts';
import { readPasskeyScript } from './passkey-script.ts';
import { sentenceFor, showError } from './provider-pages.tsx';
import type { Entered } from '../login/login-door.ts';
import { originsOf, setSecurityHeaders } from './security-headers.ts';
import { showRefusal } from './show-page.tsx';
import type { InteractionDeps, Turn } from './turn.ts';

const UID = '[A-Za-z0-9_-]{10,64}';
const INTERACTION = new RegExp(`^/interaction/(${UID})(?:/([a-z0-9/-]{1,80}))?$`);

/** The pages of 7iD itself, in front of the library's own routes. */
export function interactionRoutes(deps: InteractionDeps): Middleware {
  const script = readPasskeyScript();
  return async (ctx, next) => {
    setSecurityHeaders(ctx);
    const { method, path } = ctx;
    if (method === 'GET' && path === '/look.css') return asset(ctx, 'text/css', lookCss);
    if (method === 'GET' && path === '/passkey.js') return asset(ctx, 'text/javascript', script);
    if (method === 'GET' && path === '/health')
      return asset(ctx, 'application/json', '{"status":"up"}');
    const from = comesFrom(ctx, deps.providers);
    if (from) return comeBack(ctx, from, () => sayError(ctx, deps, 'session_expired'));
    const interaction = INTERACTION.exec(path);
    if (interaction) {
      try {
        return await takeTurn(ctx, deps, { uid: interaction[1] ?? '', rest: interaction[2] ?? '' });
      } catch (error) {
        deps.log.error('identity.failed', { cause: error });
        ctx.status = 500;
        return sayError(ctx, deps, 'server_error');
      }
    }

    await next();
    if (ctx.status === 404 && !ctx.body && ctx.accepts('json', 'html') === 'html') {
      ctx.status = 404;
      sayError(ctx, deps, 'not_found');
    }
    translateFormPost(ctx);
    await allowFormsToApp(ctx, deps);
  };
}

function asset(ctx: Context, type: string, body: string): void {
  ctx.type = type;
  ctx.set('Cache-Control', 'public, max-age=300');
  ctx.body = body;
}

/** What a request to a page of an interaction names. */
interface Asked {
  readonly uid: string;
  /** What follows the uid in its path. */
  readonly rest: string;
  readonly entered?: Entered;
}

async function takeTurn(ctx: Context, deps: InteractionDeps, asked: Asked): Promise<void> {
  if (ctx.method !== 'POST' || asked.rest !== 'login') return takeStep(ctx, deps, asked);
  const entered = await deps.door.enter(ctx, asked.uid);
  if (entered === 'TURNED_AWAY') return;
  try {
    await takeStep(ctx, deps, { ...asked, entered });
  } finally {
    entered.leave();
  }
}

async function takeStep(
  ctx: Context,
  deps: InteractionDeps,
  { uid, rest, entered }: Asked,
): Promise<void> {
  const { provider, clients, settings } = deps;
  const { generation } = deps.controls;
  // The form of a password is there already: whoever has its login ID comes along with the interaction.
  if (entered && !isRefused(entered.form)) seekCredentials(deps, entered.form);
  const interaction = await provider
    .interactionDetails(ctx.req, ctx.res)
    .catch((error: unknown) => {
      if (error instanceof errors.SessionNotFound) return undefined;
      throw error;
    });
  const client = interaction && (await clients.find(String(interaction.params['client_id'])));
  if (!interaction || interaction.uid !== uid || !client) {
    ctx.status = 400;
    return sayError(ctx, deps, 'session_expired');
  }
  const locale = localeOf(ctx, interaction.params['ui_locales']);
  const appName = nameOfClient(client, locale) ?? '';
  const turn: Turn = {
    ...deps,
    ctx,
    interaction,
    uid,
    client,
    appName,
    locale,
    form: new URLSearchParams(),
    source: entered?.source ?? null,
    generation,
  };
  const steps = interaction.prompt.name === 'consent' ? consentSteps : loginSteps;
  const [act, parameter] = findStep(steps, ctx.method, rest);
  if (!act) {
    ctx.status = 404;
    return sayError(ctx, deps, 'not_found');
  }
  if (ctx.method !== 'POST') return act(turn, parameter);
  const keys = settings.cookieKeys;
  const form = entered?.form ?? (await readForm(ctx.req, { origin: settings.issuer, keys, uid }));
  return isRefused(form) ? showRefusal(turn, form) : act({ ...turn, form }, parameter);
}

function seekCredentials({ members }: InteractionDeps, form: URLSearchParams): void {
  const canonical = canonicalMail(form.get('mail') ?? '');
  if (!isRefused(canonical)) members.seekCredentials(canonical);
}

function findStep(
  steps: Readonly<Record<string, Step>>,
  method: string,
  rest: string,
): [Step | undefined, string] {
  const [head, key = '', ...tail] = rest.split('/');
  const pattern = head === 'external' ? ['external', ':key', ...tail].join('/') : rest;
  const name = `${method} ${pattern}`;
  return [Object.hasOwn(steps, name) ? steps[name] : undefined, key];
}

function sayError(ctx: Context, deps: InteractionDeps, code: string): void {
  const locale = localeOf(ctx);
  showError(ctx, deps, { locale, code, sentence: sentenceFor(code, locale), again: null });
}

// The library's own pages (logging out) post to us and are sent on to the app by a redirect.
async function allowFormsToApp(ctx: Context, { clients }: InteractionDeps): Promise<void> {
  const { oidc } = ctx as unknown as { oidc?: LibraryContext };
  const policy = ctx.response.get('Content-Security-Policy');
  if (!oidc || !policy || !ctx.response.is('html')) return;
  const clientId = oidc.client?.clientId ?? oidc.entities.Interaction?.params['client_id'];
  const client = typeof clientId === 'string' ? await clients.find(clientId) : undefined;
  if (!client) return;
  const uris = [...(client.redirect_uris ?? []), ...(client.post_logout_redirect_uris ?? [])];
  const origins = [...new Set(originsOf(uris))].join(' ');
  ctx.set(
    'Content-Security-Policy',
    policy.replace("form-action 'self'", `form-action 'self' ${origins}`),
  );
}

interface LibraryContext {
  readonly client?: { readonly clientId: string };
  readonly entities: { readonly Interaction?: { readonly params: Record<string, unknown> } };
}
