import { isRefused, type Refused, refuse } from '@7pay/refusals';
import type { InteractionResults } from 'oidc-provider';
import { judgeTester } from '../account/test-people.ts';
import { type Miss, recordRefusedLogin } from '../audit/refused-login.ts';
import { judgeClaims } from '../claims/claims-of-scopes.ts';
import type { ProofFacts } from '../gate/login-record.ts';
import { countsFor, isLocked, loginIdOf, type LoginLock, type Member } from '../account/member.ts';
import type { Login } from '../login/login.ts';
import type { GatePlace } from '../gate/gate-place.ts';
import { aboutToLogIn, PASSKEY, PASSWORD } from './about-to-log-in.ts';
import { currentLogin, showPrompt, showRefusal, showRegistration } from './show-page.tsx';
import { recoverySteps } from '../recovery/recovery-steps.tsx';
import { registering, showRegistrationCode } from '../registration/registration-steps.tsx';
import { externalSteps } from '../external-id/external-steps.tsx';
import { resetSteps, showReset } from '../reset/reset-steps.tsx';
import { confirmSteps, showConfirm } from '../second-factor/confirm-steps.ts';
import type { Turn } from './turn.ts';

/** What a request to a page of an interaction does. The key is its method and what follows the uid. */
export type Step = (turn: Turn, parameter: string) => Promise<void>;

// These are told on a page of their own; the others beside the form that can mend them.
const OWN_PAGE = new Set([
  'FUNCTION_CLOSED',
  'CONTROLS_STALE',
  'LOGIN_STOPPED',
  'EXTERNAL_ID_UNAVAILABLE',
  'EXTERNAL_ID_REJECTED',
  'LOGIN_LOCKED',
  'CLIENT_IN_TEST',
]);

async function answer(
  turn: Turn,
  proven: Login | Refused,
  show: (turn: Turn, problem: Refused) => Promise<void>,
  miss?: Miss,
): Promise<void> {
  const { log, client } = turn;
  const outcome = isRefused(proven) ? proven : await admitProven(turn, proven);
  if (!isRefused(outcome)) return finishLogin(turn, outcome);
  log.info('login.refused', { code: outcome.refused, clientId: client.client_id });
  await keep(turn, outcome, miss);
  return OWN_PAGE.has(outcome.refused) ? showRefusal(turn, outcome) : show(turn, outcome);
}

/** A login that is let in, with its member as they were read for that. */
interface Admitted {
  readonly login: Login;
  readonly member: Member | null;
}

// Proven, and not let in all the same: told only to who has proven it.
async function admitProven(turn: Turn, login: Login): Promise<Admitted | Refused> {
  const { client, members, settings } = turn;
  const member = login.member ?? (await members.find(login.memberId));
  if (isLocked(member)) return refuse('LOGIN_LOCKED');
  if (member?.lock && (await wasAddedMeanwhile(turn, login, member.lock))) {
    return refuse('PASSKEY_NOT_ACCEPTED');
  }
  // At an app that is being tested, whoever is no test person comes to know it before the app knows of them.
  const { amr } = login;
  return judgeTester(settings.testPeople)(client, { member, amr }) ?? { login, member };
}

// A passkey that was added with what the member disowned lets nobody in when they are back.
async function wasAddedMeanwhile(
  { passkeys }: Turn,
  { passkeyId, memberId }: Login,
  lock: LoginLock,
): Promise<boolean> {
  if (passkeyId === undefined) return false;
  const found = (await passkeys.ofMember(memberId)).find(({ id }) => id === passkeyId);
  return !countsFor(found?.addedAt ?? null, lock);
}

// Kept before the answer goes out: whoever tries is on record, and the answer takes as long for everybody.
const keep = (turn: Turn, refusal: Parameters<typeof recordRefusedLogin>[1], miss?: Miss) =>
  recordRefusedLogin(turn.audit, refusal, {
    path: turn.ctx.path,
    origin: turn.originOf(turn.ctx),
    clientId: turn.client.client_id,
    miss,
  });

async function finishLogin(turn: Turn, { login: proven, member }: Admitted): Promise<void> {
  const { memberId, acr, amr, at } = proven;
  const { log, client, members, locale, generation } = turn;
  if (member && member.locale !== locale) await members.speak(memberId, locale);
  const passwordGeneration = member?.passwordGeneration ?? null;
  const clientId = client.client_id;
  const facts: ProofFacts = {
    ...turn.originOf(turn.ctx),
    clientId,
    generation,
    passwordGeneration,
  };
  const loginId = member && loginIdOf(member);
  if (loginId) turn.door.remember(turn.ctx, loginId);
  log.info('login.succeeded', { memberId, clientId: client.client_id, method: amr.join(' ') });
  // The instant of the proof, not of the way back: a switch closed in between must be seen as later.
  const ts = Math.floor(at.getTime() / 1_000);
  // The library keeps the result as it is; the gate finds the facts in it when the request is resumed.
  const login = { accountId: memberId, acr, amr: [...amr], ts, remember: true, facts };
  await goBack(turn, { login }, { mergeWithLastSubmission: false });
}

// As the library's own `interactionResult`, which would read the interaction once more.
async function goBack(
  { ctx, interaction }: Turn,
  result: InteractionResults,
  { mergeWithLastSubmission }: { mergeWithLastSubmission: boolean },
): Promise<void> {
  const before = mergeWithLastSubmission ? interaction.lastSubmission : undefined;
  interaction.result = { ...before, ...result };
  await interaction.persist();
  ctx.status = 303;
  ctx.redirect(interaction.returnTo);
  ctx.set('Cache-Control', 'no-store');
}

/** A step that nobody comes to whose login would not hold: what they typed is not looked at. */
const admitted =
  (place: GatePlace, amr: readonly string[], step: Step): Step =>
  async (turn, parameter) => {
    const stopped = turn.gate.admit(place, aboutToLogIn(turn, amr));
    if (!stopped) return step(turn, parameter);
    await keep(turn, stopped);
    return showRefusal(turn, stopped);
  };

/** A step that shows its next page, or logs in when it is done; what it refuses is told on the page of `show`. */
const answering =
  (
    step: (turn: Turn, parameter: string) => Promise<Login | Refused | 'SHOWN'>,
    show: (turn: Turn, problem: Refused) => Promise<void>,
  ): Step =>
  async (turn, parameter) => {
    const outcome = await step(turn, parameter);
    if (outcome !== 'SHOWN') await answer(turn, outcome, show);
  };

const text = (turn: Turn, name: string): string => turn.form.get(name) ?? '';

/** Every step of the login prompt. */
export const loginSteps: Readonly<Record<string, Step>> = {
  'GET ': (turn) => showPrompt(turn),
  'GET login': (turn) => showPrompt(turn), // the way back from a password that was turned away

  'POST login': admitted('password', PASSWORD, async (turn) => {
    const mail = text(turn, 'mail');
    const password = text(turn, 'password');
    const { source } = turn;
    let miss: Miss | undefined;
    const note = (found: Miss) => void (miss = found);
    const login = await turn.logInByPassword({ mail, password, source, note });
    if (isRefused(login) && login.refused === 'LOGIN_BUSY') {
      return turn.door.turnAway(turn.ctx, 'NO_ROOM');
    }
    // A right password that a mass reset means, or that has leaked, opens nothing but its replacement.
    const isMeant =
      !isRefused(login) && (await turn.resets.beginIfMeant(turn.uid, login.member, password));
    if (!isMeant) return answer(turn, login, showPrompt, miss);
    await keep(turn, 'PASSWORD_TO_BE_REPLACED');
    return answering((shown) => showReset(shown), showPrompt)(turn, '');
  }),

  'POST passkey': admitted('passkey', PASSKEY, async (turn) =>
    answer(turn, await turn.assertPasskey.finish(turn.uid, text(turn, 'credential')), showPrompt),
  ),

  ...Object.fromEntries(
    Object.entries(confirmSteps).map(([name, step]) => [name, answering(step, showConfirm(name))]),
  ),

  'POST enrol': async (turn) => {
    const login = await currentLogin(turn);
    const outcome = login
      ? await turn.enrolPasskey.finish(turn.uid, text(turn, 'credential'), login)
      : refuse('FRESH_LOGIN_REQUIRED');
    return answer(turn, outcome, showPrompt);
  },

  'GET register': (turn) => showRegistration(turn),

  'POST register': admitted(
    'registration',
    PASSWORD,
    answering(registering.byPassword, showRegistration),
  ),
  'POST register/passkey': admitted(
    'registration',
    PASSKEY,
    answering(registering.byPasskey, showRegistration),
  ),
  'POST register/send': answering(registering.sendAgain, showRegistrationCode),
  // Asks the gate itself: by what they will log in is known from what they filled in.
  'POST register/code': answering(registering.byCode, showRegistrationCode),

  ...Object.fromEntries(
    Object.entries(externalSteps).map(([name, step]) => [name, answering(step, showPrompt)]),
  ),

  ...Object.fromEntries(
    Object.entries(resetSteps).map(([name, step]) => [
      name,
      admitted('password', PASSWORD, answering(step, showPrompt)),
    ]),
  ),

  ...recoverySteps,

  'POST abort': abort,
};

/** Every step of the consent prompt. */
export const consentSteps: Readonly<Record<string, Step>> = {
  'GET ': (turn) => showPrompt(turn),
  'POST abort': abort,

  'POST consent': async (turn) => {
    const { interaction, provider, client } = turn;
    const { session, grantId, prompt } = interaction;
    if (!session) return showPrompt(turn);
    const found = grantId ? await provider.Grant.find(grantId) : undefined;
    const grant =
      found ?? new provider.Grant({ accountId: session.accountId, clientId: client.client_id });
    const { missingOIDCScope, missingOIDCClaims, missingResourceScopes } = prompt.details as {
      missingOIDCScope?: string[];
      missingOIDCClaims?: string[];
      missingResourceScopes?: Record<string, string[]>;
    };
    if (missingOIDCScope) grant.addOIDCScope(missingOIDCScope.join(' '));
    const claims = judgeClaims(client, missingOIDCClaims ?? []);
    grant.addOIDCClaims(claims.told);
    grant.rejectOIDCClaims(claims.withheld); // so that nobody is asked for them again
    for (const [resource, scopes] of Object.entries(missingResourceScopes ?? {})) {
      grant.addResourceScope(resource, scopes.join(' '));
    }
    const consent = { grantId: await grant.save() };
    // Together with the login of the step before, which the resumed request still has to see.
    await goBack(turn, { consent }, { mergeWithLastSubmission: true });
  },
};

async function abort(turn: Turn): Promise<void> {
  const said = { error: 'access_denied', error_description: 'the person went back' };
  await goBack(turn, said, { mergeWithLastSubmission: false });
}
