import { externalLoginSwitches, externalMethod } from '@7pay/controls';
import { type Refused, refusalSentence, refuse } from '@7pay/refusals';
import type { VNode } from 'preact';
import { isLocked } from '../account/member.ts';
import { RegisterPage } from '../account/register.page.tsx';
import { judgeClaims, scopesTelling } from '../claims/claims-of-scopes.ts';
import { LoginPage, type Stopped } from '../login/login.page.tsx';
import { enrolmentBy, judgeEnrolment } from '../login/passkey.ts';
import type { Login } from '../login/login.ts';
import { acrLevel } from '../login/acr.ts';
import { StepUpPage } from '../login/step-up.page.tsx';
import { readPaymentInitiation } from '../protocol/payment-initiation.ts';
import { isConfirmed } from '../second-factor/second-factor.ts';
import { ConsentPage } from './consent.page.tsx';
import { aboutToLogIn, PASSWORD } from './about-to-log-in.ts';
import { formToken } from './form.ts';
import { isBefore } from '../gate/gate.ts';
import { ACR_UNMET } from './login-policy.ts';
import { renderPage } from './page-shell.tsx';
import { showError } from './provider-pages.tsx';
import { originsOf, setSecurityHeaders } from './security-headers.ts';
import type { Turn } from './turn.ts';
import { japanTime, wordsOf } from './words.ts';

/** Shows the page that the interaction waits for: log in, step up or consent. */
export async function showPrompt(turn: Turn, problem?: Refused): Promise<void> {
  const { interaction } = turn;
  if (interaction.prompt.name === 'consent') return showConsent(turn);
  if (isStepUp(turn)) return showStepUp(turn, problem);
  return showLogin(turn, problem);
}

/** Whether somebody is logged in and only a stronger proof is missing. */
export const isStepUp = ({ interaction }: Turn): boolean =>
  interaction.session?.accountId !== undefined &&
  interaction.prompt.reasons.every((reason) => reason === ACR_UNMET);

/** The login behind the session of this interaction; null when nobody is logged in, or it has ended. */
export async function currentLogin({ interaction, provider, gate, members, client }: Turn) {
  const session =
    interaction.session && (await provider.Session.findByUid(interaction.session.uid));
  if (!session?.accountId) return null;
  const at = new Date((session.loginTs ?? 0) * 1_000);
  const { uid: sessionUid, accountId: memberId, amr = [] } = session;
  const member = await members.find(memberId);
  if (!member || isLocked(member) || isBefore(session.loginTs ?? 0, member.loginsEndedAt))
    return null;
  // One that was cut off while this page was open adds no way in.
  const holds = await gate.mayEnrol({ sessionUid, amr, at, forClientId: client.client_id });
  return holds ? { memberId, amr, at, sessionUid } : null;
}

async function showLogin(turn: Turn, problem?: Refused): Promise<void> {
  const { uid, locale, form, providers } = turn;
  render(
    turn,
    wordsOf(locale).logInTitle,
    <LoginPage
      {...shared(turn, problem)}
      mail={form.get('mail') ?? loginHint(turn)}
      passkeyOptions={await turn.assertPasskey.begin(uid, null)}
      passwordStopped={stopped(turn, ['login.password'], PASSWORD)}
      providers={providers.all.map(({ key, name }) => ({
        key,
        name: name[locale],
        stopped: stopped(turn, externalLoginSwitches(key), [externalMethod(key)]),
      }))}
    />,
  );
}

/** What a member has to confirm by, and why the login does not add a passkey, if it does not. */
export async function enrolment(turn: Turn, login: Pick<Login, 'memberId' | 'amr' | 'at'>) {
  const { passkeys, confirmLogin, clock } = turn;
  const own = await passkeys.ofMember(login.memberId);
  const ways = await confirmLogin.waysOf(login.memberId);
  const by = enrolmentBy(ways);
  const { hasSecondFactor } = by;
  const isFirst = own.length === 0 && !hasSecondFactor;
  const refusal = judgeEnrolment({ passkeys: own.length, ...by, login }, clock.now());
  return { own, ways, hasSecondFactor, isFirst, refusal };
}

/**
 * Shows by what the member can confirm: a passkey, or a code where that is enough. For who has nothing but a way in, a
 * first passkey.
 */
export async function showStepUp(
  turn: Turn,
  problem?: Refused,
  sent: 'FRESH' | 'SMS_SENT' | 'MAIL_SENT' = 'FRESH',
): Promise<void> {
  const { uid, locale, members, interaction } = turn;
  const login = isStepUp(turn) ? await currentLogin(turn) : null;
  if (!login) return showLogin(turn, problem ?? refuse('FRESH_LOGIN_REQUIRED'));
  const { own, ways, hasSecondFactor, isFirst, refusal } = await enrolment(turn, login);
  const words = wordsOf(locale);
  const isEnough = acrLevel(String(interaction.prompt.details['requiredAcr'])) <= 2;
  const byCode = hasSecondFactor && (isEnough || (own.length === 0 && !isConfirmed(login.amr)));
  const asking = { uid, login };
  const byDevice = isEnough && (await turn.approveDevice.isPossible(asking));
  if (own.length > 0 || byCode || byDevice) {
    const options =
      own.length > 0 ? await turn.assertPasskey.begin(uid, login.memberId) : undefined;
    const codes = byCode ? { ...ways, smsSent: sent === 'SMS_SENT' } : undefined;
    const ceremony = options && ({ kind: 'get', options } as const);
    const device = byDevice ? { number: await turn.approveDevice.numberOf(asking) } : undefined;
    const page = <StepUpPage {...shared(turn, problem)} {...{ ceremony, codes, device }} />;
    return render(turn, words.stepUpTitle, page);
  }
  if (refusal?.refused === 'CONTACT_CODE_REQUIRED' && ways.mail !== null) {
    const contact = { address: ways.mail, isSent: sent === 'MAIL_SENT' };
    return render(
      turn,
      words.enrolTitle,
      <StepUpPage {...shared(turn, problem)} {...{ contact }} />,
    );
  }
  if (refusal) return showLogin(turn, problem ?? refusal);
  const member = await members.find(login.memberId);
  const options = await turn.enrolPasskey.begin(uid, 'enrol', {
    memberId: login.memberId,
    name: member?.mail ?? member?.displayName ?? '7iD',
  });
  const ceremony = { kind: 'create', options } as const;
  const mayUseApp = isFirst && isEnough;
  const page = <StepUpPage {...shared(turn, problem)} {...{ ceremony, mayUseApp }} />;
  render(turn, words.enrolTitle, page);
}

function showConsent(turn: Turn): void {
  const { missingOIDCScope, missingOIDCClaims, missingResourceScopes, rar } = turn.interaction
    .prompt.details as {
    rar?: readonly unknown[];
    missingOIDCScope?: string[];
    missingOIDCClaims?: string[];
    missingResourceScopes?: Record<string, string[]>;
  };
  // What is asked for claim by claim is shown as the scopes that tell it.
  const { told } = judgeClaims(turn.client, missingOIDCClaims ?? []);
  const openid = new Set([...(missingOIDCScope ?? []), ...scopesTelling(told)]);
  const scopes = [...openid, ...Object.values(missingResourceScopes ?? {}).flat()];
  const payments = (rar ?? []).map(readPaymentInitiation);
  const { policy_uri: policyUri, tos_uri: termsUri } = turn.client;
  const page = <ConsentPage {...shared(turn)} {...{ scopes, payments, policyUri, termsUri }} />;
  render(turn, wordsOf(turn.locale).consentTitle, page);
}

/** Shows the registration form. */
export async function showRegistration(turn: Turn, problem?: Refused): Promise<void> {
  const { uid, locale, form, ids } = turn;
  const enrollee = { memberId: ids.next('mem'), name: '7iD' }; // the script puts the typed address in
  const page = (
    <RegisterPage
      {...shared(turn, problem)}
      mail={form.get('mail') ?? loginHint(turn)}
      displayName={form.get('displayName') ?? ''}
      faulty={problem && FAULTY[problem.refused]}
      passkeyOptions={await turn.enrolPasskey.begin(uid, 'register', enrollee)}
      stopped={stopped(turn, ['registration'], PASSWORD)}
    />
  );
  render(turn, wordsOf(locale).registerTitle, page);
}

/** Shows a refusal that no form on this page can mend: a stopped function, a provider that is away. */
export function showRefusal(
  turn: Pick<Turn, 'ctx' | 'locale' | 'uid' | 'settings' | 'clock' | 'log'>,
  { refused, facts }: Refused,
): void {
  const { ctx, locale, uid } = turn;
  ctx.status = statusOf(refused);
  setSecurityHeaders(ctx);
  const sentence = refusalSentence(refused, facts, locale);
  showError(ctx, turn, { locale, code: refused, sentence, again: `/interaction/${uid}` });
}

// The input that a refusal is about, so that it is marked and no other is.
const FAULTY: Readonly<Record<string, 'mail' | 'displayName' | 'password'>> = {
  MAIL_INVALID: 'mail',
  REGISTRATION_REFUSED: 'mail',
  DISPLAY_NAME_INVALID: 'displayName',
  PASSWORD_TOO_SHORT: 'password',
  PASSWORD_TOO_LONG: 'password',
  PASSWORD_GUESSABLE: 'password',
  PASSWORD_BREACHED: 'password',
};

/** What every page of an interaction is given. */
export const shared = (turn: Turn, problem?: Refused) => ({
  locale: turn.locale,
  uid: turn.uid,
  formToken: formToken(turn.settings.cookieKeys, turn.uid),
  appName: turn.appName,
  problem: problem && sentenceOf(turn, problem),
});

const sentenceOf = ({ ctx, locale }: Turn, { refused, facts }: Refused): string => {
  ctx.status = statusOf(refused);
  return refusalSentence(refused, facts, locale);
};

/** With which status a refusal is told. */
export const statusOf = (code: string): number =>
  ({
    LOGIN_BUSY: 503,
    CONTROLS_STALE: 503,
    EXTERNAL_ID_UNAVAILABLE: 503,
    FUNCTION_CLOSED: 403,
    LOGIN_STOPPED: 403,
    LOGIN_LOCKED: 403,
    FRESH_LOGIN_REQUIRED: 200,
  })[code] ?? 400;

// Whether a way in is stopped: by its switch, or by a cut-off that lets no such login be made.
function stopped(turn: Turn, keys: readonly string[], amr: readonly string[]): Stopped | undefined {
  const { controls, gate, locale } = turn;
  const closed =
    keys.map((key) => controls.look(key)).find(({ state }) => state === 'CLOSED') ??
    gate.look(aboutToLogIn(turn, amr));
  return (
    closed && { since: japanTime(closed.since, locale), reason: closed.reason?.[locale] ?? '' }
  );
}

const loginHint = ({ interaction }: Turn): string => {
  const { login_hint: hint } = interaction.params;
  return typeof hint === 'string' ? hint.slice(0, 254) : '';
};

/** Renders a page as the answer. */
export function render(turn: Turn, title: string, page: VNode): void {
  const { ctx, client, locale, settings } = turn;
  const otherLanguage =
    ctx.method === 'GET' ? `${ctx.path}?lang=${locale === 'ja' ? 'en' : 'ja'}` : null;
  setSecurityHeaders(ctx, originsOf(client.redirect_uris));
  ctx.type = 'html';
  ctx.set('Cache-Control', 'no-store');
  const frame = { locale, title, otherLanguage, help: settings.pageLinks.help, script: true };
  ctx.body = renderPage(frame, page);
}
