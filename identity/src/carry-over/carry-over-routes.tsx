import { randomBytes } from 'node:crypto';
import type { Controls } from '@7pay/controls';
import { digest } from '@7pay/ids';
import { isRefused, type Refused, refusalSentence, refuse } from '@7pay/refusals';
import type { Context, Middleware } from 'koa';
import type { MemberStore } from '../account/member.store.ts';
import type { ExternalProviders } from '../external-id/external-providers.ts';
import { isProviderOpen } from '../external-id/ways-in.ts';
import type { Gate } from '../gate/gate.ts';
import type { Origin } from '../gate/login-record.ts';
import { aboutToLogInHere, PASSKEY, PASSWORD } from '../interaction/about-to-log-in.ts';
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
import { statusOf } from '../interaction/show-page.tsx';
import type { EnrolPasskey } from '../login/enrol-passkey.ts';
import { FRESH_LOGIN_SECONDS } from '../login/passkey.ts';
import type { AfterAnswer } from '../recovery/after-answer.ts';
import { judgeCarryOver } from './carry-over.ts';
import { carryOverWords } from './carry-over-words.ts';
import type { ProveByContact } from './prove-by-contact.ts';
import { ProvePage } from './prove.page.tsx';
import type { LeaverOf, ProvenLeaver, SetOwnWay } from './set-own-way.ts';
import { DonePage, NotHerePage, SetOwnWayPage } from './set-own-way.page.tsx';

export interface CarryOverDeps extends OwnPageDeps {
  readonly members: Pick<MemberStore, 'find'>;
  readonly providers: ExternalProviders;
  readonly controls: Controls;
  readonly gate: Gate;
  readonly originOf: (ctx: Context) => Origin;
  readonly enrolPasskey: Pick<EnrolPasskey, 'begin'>;
  readonly recovery: { readonly after: AfterAnswer };
  readonly carryOver: { prove: ProveByContact; setOwnWay: SetOwnWay; leaverOf: LeaverOf };
}

const PAGE = '/carry-over';
const COOKIE = '7id_carry';
const STEP = /^\/carry-over\/(code|claim|proof|mail|mail-code|passkey|password)$/;
const FRESH = { maxAgeSeconds: FRESH_LOGIN_SECONDS } as const;

/** `/carry-over`: from an external ID alone to a 7iD that can be entered without it. The member stays who they are. */
export function carryOverRoutes(deps: CarryOverDeps): Middleware {
  return async (ctx, next) => {
    const [, step = ''] = STEP.exec(ctx.path) ?? [];
    const fits = step === '' ? ctx.path === PAGE && ctx.method === 'GET' : ctx.method === 'POST';
    if (!fits) return next();
    setSecurityHeaders(ctx);
    ctx.set('Cache-Control', 'no-store');
    const login = await loginHere(ctx, deps);
    if (step === '' && 'code' in ctx.query) {
      return login ? redirect(ctx, PAGE) : refuseHere(ctx, deps, PAGE);
    }
    if (step === '' && 'error' in ctx.query) return redirect(ctx, PAGE);
    const here: Here = { ctx, deps, login, id: browserOf(ctx) };
    if (step === '') return show(here);
    const { issuer: origin, cookieKeys: keys } = deps.settings;
    const form = await readForm(ctx.req, { origin, keys, uid: uidOf(here) });
    return isRefused(form) ? refuseHere(ctx, deps, PAGE) : take(here, step, form);
  };
}

interface Here {
  readonly ctx: Context;
  readonly deps: CarryOverDeps;
  readonly login: LoginHere | undefined;
  /** Names this browser here and nowhere else. */
  readonly id: string;
}

function browserOf(ctx: Context): string {
  const known = ctx.cookies.get(COOKIE, { signed: false }) ?? '';
  if (/^[\w-]{43}$/.test(known)) return digest(`carry-over|${known}`);
  const made = randomBytes(32).toString('base64url');
  const scope = { path: PAGE, httpOnly: true, sameSite: 'lax', signed: false } as const;
  ctx.cookies.set(COOKIE, made, { ...scope, overwrite: true });
  return digest(`carry-over|${made}`);
}
const uidOf = ({ id }: Here) => `carry-over.${id}`;

async function take(here: Here, step: string, form: URLSearchParams): Promise<void> {
  const { ctx, deps, id } = here;
  const { prove, setOwnWay } = deps.carryOver;
  const locale = localeOf(ctx);
  const stopped = stoppedAt(here, step);
  if (stopped) return show(here, stopped);
  const text = (name: string) => (form.get(name) ?? '').slice(0, 256);
  if (step === 'code' || step === 'claim') {
    const provider = step === 'code' ? text('provider') : null;
    const typed = { address: text('address'), provider };
    if (!deps.recovery.after.hasRoom()) return show(here, refuse('LOGIN_BUSY'));
    const { network } = deps.originOf(ctx);
    const deliver = await prove.begin(id, typed, { network, locale });
    if (isRefused(deliver)) return show(here, deliver);
    // The answer is out before anybody is looked up: it is the same, and as fast, for every address.
    deps.recovery.after.run(ctx.res, deliver);
    return show(here);
  }
  if (step === 'proof') {
    const proven = await prove.finish(id, text('code'));
    return show(here, isRefused(proven) ? proven : undefined);
  }
  const leaver = await leaverHere(here);
  if (!leaver) return show(here);
  if (step === 'mail' || step === 'mail-code') {
    const done =
      step === 'mail'
        ? await setOwnWay.noteMail(leaver, text('mail'), locale)
        : await setOwnWay.confirmMail(leaver, text('code'), locale);
    return show(here, isRefused(done) ? done : undefined);
  }
  const set =
    step === 'password'
      ? await setOwnWay.byPassword(leaver, text('password'))
      : await setOwnWay.byPasskey(leaver, uidOf(here), form.get('credential') ?? '');
  if (isRefused(set)) return show(here, set);
  await prove.end(id);
  showOwnPage(ctx, deps, { title: carryOverWords(locale).doneTitle }, <DonePage locale={locale} />);
}

/** By what each step would let a person log in. */
const LETS_IN: Readonly<Record<string, readonly string[]>> = {
  password: PASSWORD,
  passkey: PASSKEY,
};

// At every step: a proof from before a switch or a cut-off sets nothing after it.
function stoppedAt({ ctx, deps, login }: Here, step: string): Refused | undefined {
  const { controls, gate } = deps;
  const open = login ? undefined : controls.guard('recovery');
  if (isRefused(open)) return open;
  return gate.admit('carry-over', aboutToLogInHere(deps, ctx, LETS_IN[step] ?? []));
}

// By the login of this browser if it is fresh, else by the contact that was proven in it.
async function leaverHere({ deps, login, id }: Here): Promise<ProvenLeaver | undefined> {
  const { clock, gate, carryOver } = deps;
  if (login) {
    const { accountId: memberId, amr, authTime = 0, sessionUid } = login;
    const at = new Date(authTime * 1_000);
    const isFresh = clock.now().getTime() - at.getTime() <= FRESH_LOGIN_SECONDS * 1_000;
    const holds = isFresh && (await gate.mayEnrol({ sessionUid, amr, at }));
    return holds ? { memberId, amr, at } : undefined;
  }
  const proven = await carryOver.prove.find(id);
  if (!proven?.provenAt || proven.memberId === null) return undefined;
  const { memberId, channel, provenAt: at } = proven;
  // A telephone that the first code came to confirms nothing (docs/adr/0034-a-forgotten-password.md).
  return { memberId, amr: [channel === 'mail' ? 'mail' : 'phone'], at };
}

async function show(here: Here, refused?: Refused): Promise<void> {
  const { ctx, deps, login } = here;
  const locale = localeOf(ctx);
  const { issuer, cookieKeys } = deps.settings;
  const title = carryOverWords(locale).title;
  const token = formToken(cookieKeys, uidOf(here));
  const sentence = ({ refused: code, facts }: Refused) => refusalSentence(code, facts, locale);
  if (refused) ctx.status = statusOf(refused.refused);
  const problem = refused && sentence(refused);
  const leaver = await leaverHere(here);
  if (!leaver) {
    if (login) return redirect(ctx, logInAddress(issuer, PAGE, { ...FRESH, locale }));
    return showProof(here, { token, problem });
  }
  const { memberId, amr } = leaver;
  const why = judgeCarryOver(await deps.carryOver.leaverOf(memberId), amr);
  if (why) {
    const asked = { ...FRESH, acr: 'urn:7id:acr:2', locale };
    const lacksFactor = login !== undefined && why.refused === 'SECOND_FACTOR_REQUIRED';
    const stepUp = lacksFactor ? logInAddress(issuer, PAGE, asked) : null;
    const page = <NotHerePage locale={locale} problem={sentence(why)} stepUp={stepUp} />;
    return showOwnPage(ctx, deps, { title }, page);
  }
  const displayName = (await deps.members.find(memberId))?.displayName ?? '7iD';
  const enrollee = { memberId, name: displayName };
  showOwnPage(
    ctx,
    deps,
    { title, script: true },
    <SetOwnWayPage
      locale={locale}
      formToken={token}
      problem={problem}
      displayName={displayName}
      passkeyOptions={await deps.enrolPasskey.begin(uidOf(here), 'enrol', enrollee)}
      mail={await deps.carryOver.setOwnWay.loginIdOf(memberId)}
    />,
  );
}

async function showProof(
  { ctx, deps, id }: Here,
  { token, problem }: { token: string; problem: string | undefined },
): Promise<void> {
  const locale = localeOf(ctx);
  const isOpen = isProviderOpen(deps.controls);
  const all = deps.providers.all.map(({ key, name }) => ({ key, name: name[locale] }));
  const some = all.some(({ key }) => isOpen(key));
  showOwnPage(
    ctx,
    deps,
    { title: carryOverWords(locale).title },
    <ProvePage
      locale={locale}
      formToken={token}
      problem={problem}
      logIn={some ? logInAddress(deps.settings.issuer, PAGE, { ...FRESH, locale }) : null}
      stopped={all.filter(({ key }) => !isOpen(key))}
      isSent={(await deps.carryOver.prove.find(id)) !== null}
    />,
  );
}
