import { isRefused, type Refused, refuse } from '@7pay/refusals';
import { recordRefusedLogin } from '../audit/refused-login.ts';
import { maskedAddress } from '../contact/contact.ts';
import { aboutToLogIn } from '../interaction/about-to-log-in.ts';
import { render, shared, showRefusal } from '../interaction/show-page.tsx';
import type { Turn } from '../interaction/turn.ts';
import { showReset } from '../reset/reset-steps.tsx';
import type { Deliver } from './recover-access.ts';
import { ForgotCodePage, ForgotPage, ForgotSecondPage } from './recovery.page.tsx';
import { recoveryWordsOf } from './recovery-words.ts';

type Step = (turn: Turn) => Promise<void>;

/** By what a password that was forgotten would log in. */
const RECOVERED = ['pwd', 'mail'];
// These are told on a page of their own; the others beside the form that can mend them.
const OWN_PAGE = new Set(['FUNCTION_CLOSED', 'CONTROLS_STALE', 'LOGIN_BUSY']);

const text = (turn: Turn, name: string): string => turn.form.get(name) ?? '';

/**
 * Puts on record that somebody did not get further, before they are told. Nothing of whose account it may be: what is recorded, and
 * how long it takes, is the same for everybody.
 */
const record = (turn: Turn, refusal: Refused): Promise<void> =>
  recordRefusedLogin(turn.audit, refusal, {
    path: turn.ctx.path,
    origin: turn.originOf(turn.ctx),
    clientId: turn.client.client_id,
  });

const admitted =
  (step: Step): Step =>
  async (turn) => {
    // It ends in a login by password: where those are stopped, or end, it does too.
    const open = turn.controls.guard('recovery', 'login.password');
    const refused = isRefused(open)
      ? open
      : turn.gate.admit('recovery', aboutToLogIn(turn, RECOVERED));
    if (!refused) return step(turn);
    // Looking at the page is no try.
    if (turn.ctx.method === 'POST') await record(turn, refused);
    return showRefusal(turn, refused);
  };

/** The steps of a member who forgot the password, until it is proven who they are. */
export const recoverySteps: Readonly<Record<string, Step>> = {
  'GET forgot': admitted(async (turn) => showForgot(turn)),

  'POST forgot': admitted(async (turn) =>
    asking(turn, (network) =>
      turn.recovery.access.ask(turn.uid, { loginId: text(turn, 'mail'), network }),
    ),
  ),
  'POST forgot/sms': admitted(async (turn) =>
    asking(turn, (network) => turn.recovery.access.askBySms(turn.uid, { network })),
  ),

  'POST forgot/code': admitted(async (turn) => {
    const proven = await turn.recovery.access.proveByCode(turn.uid, text(turn, 'code'));
    if (isRefused(proven)) {
      await record(turn, proven);
      return showCode(turn, proven);
    }
    if (await turn.recovery.second.passWithout(turn.uid)) return showPassword(turn);
    return showSecond(turn);
  }),

  'POST forgot/second/app': admitted(async (turn) =>
    seconded(turn, await turn.recovery.second.byApp(turn.uid, text(turn, 'code'))),
  ),
  'POST forgot/second/passkey': admitted(async (turn) =>
    seconded(turn, await turn.recovery.second.byPasskey(turn.uid, text(turn, 'credential'))),
  ),
  'POST forgot/second/send': admitted(async (turn) => {
    const sent = await turn.recovery.second.sendCode(turn.uid);
    if (isRefused(sent)) await record(turn, sent);
    return showSecond(turn, isRefused(sent) ? sent : undefined, 'SENT');
  }),
  'POST forgot/second/code': admitted(async (turn) =>
    seconded(turn, await turn.recovery.second.byCode(turn.uid, text(turn, 'code')), 'SENT'),
  ),
};

// The answer is out before anybody is looked up: it is the same, and as fast, for whatever was typed.
async function asking(
  turn: Turn,
  ask: (network: string | null) => Promise<Deliver | Refused>,
): Promise<void> {
  const { ctx, recovery, log, client } = turn;
  if (!recovery.after.hasRoom()) {
    const busy = refuse('LOGIN_BUSY');
    await record(turn, busy);
    return showRefusal(turn, busy);
  }
  const deliver = await ask(turn.originOf(ctx).network);
  if (!isRefused(deliver)) {
    recovery.after.run(ctx.res, deliver);
    return showCode(turn);
  }
  await record(turn, deliver);
  log.info('recovery.refused', { code: deliver.refused, clientId: client.client_id });
  return OWN_PAGE.has(deliver.refused) ? showRefusal(turn, deliver) : showForgot(turn, deliver);
}

const seconded = async (
  turn: Turn,
  proven: true | Refused,
  code: 'FRESH' | 'SENT' = 'FRESH',
): Promise<void> => {
  if (!isRefused(proven)) return showPassword(turn);
  await record(turn, proven);
  return showSecond(turn, proven, code);
};

function showForgot(turn: Turn, problem?: Refused): void {
  const { login_hint: hint } = turn.interaction.params;
  const mail = typeof hint === 'string' ? hint.slice(0, 254) : '';
  const page = <ForgotPage {...shared(turn, problem)} mail={text(turn, 'mail') || mail} />;
  render(turn, recoveryWordsOf(turn.locale).title, page);
}

function showCode(turn: Turn, problem?: Refused): void {
  const page = <ForgotCodePage {...shared(turn, problem)} />;
  render(turn, recoveryWordsOf(turn.locale).title, page);
}

async function showSecond(
  turn: Turn,
  problem?: Refused,
  code: 'FRESH' | 'SENT' = 'FRESH',
): Promise<void> {
  const { uid, locale, recovery, assertPasskey } = turn;
  const standing = await recovery.second.find(uid);
  if (!standing) return showForgot(turn, problem ?? { refused: 'RECOVERY_OVER', facts: {} });
  const { member, ways } = standing;
  const { contact } = ways;
  const options = ways.passkey ? await assertPasskey.begin(uid, member.id) : null;
  const page = (
    <ForgotSecondPage
      {...shared(turn, problem)}
      passkeyOptions={options}
      app={ways.app}
      contact={contact && maskedAddress(contact.channel, contact.address)}
      sent={code === 'SENT'}
    />
  );
  render(turn, recoveryWordsOf(locale).secondTitle, page);
}

async function showPassword(turn: Turn): Promise<void> {
  const shown = await showReset(turn);
  if (isRefused(shown)) showForgot(turn, shown);
}
