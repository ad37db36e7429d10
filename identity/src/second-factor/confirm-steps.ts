import { type Refused, refuse } from '@7pay/refusals';
import { aboutToLogIn } from '../interaction/about-to-log-in.ts';
import { currentLogin, enrolment, isStepUp, showStepUp } from '../interaction/show-page.tsx';
import { firstAppSteps } from './first-app-steps.tsx';
import type { Turn } from '../interaction/turn.ts';
import type { Login } from '../login/login.ts';

type ConfirmStep = (turn: Turn) => Promise<Login | Refused | 'SHOWN'>;
type Current = NonNullable<Awaited<ReturnType<typeof currentLogin>>>;

// A code alone is no login: it confirms one that holds, on a page that asks for nothing else.
const confirming =
  (method: string, step: (turn: Turn, login: Current) => ReturnType<ConfirmStep>): ConfirmStep =>
  async (turn) => {
    const login = isStepUp(turn) ? await currentLogin(turn) : null;
    if (!login) return refuse('STEP_UP_OVER');
    const facts = aboutToLogIn(turn, [...login.amr, method]);
    return turn.gate.admit('second-factor', facts) ?? step(turn, login);
  };

const typed = (turn: Turn): string => (turn.form.get('code') ?? '').slice(0, 64);

/** The steps of a member who confirms a login by a code, or by another device. */
export const confirmSteps: Readonly<Record<string, ConfirmStep>> = {
  'POST code': confirming('otp', (turn, login) => turn.confirmLogin.byCode(login, typed(turn))),
  'POST sms': confirming('sms', async (turn, { memberId }) => {
    const sent = await turn.confirmLogin.sendSms(memberId, turn.locale);
    if (sent !== true) return sent;
    await showStepUp(turn, undefined, 'SMS_SENT');
    return 'SHOWN';
  }),
  'POST device': confirming('device', async (turn, login) => {
    const { agent, country } = turn.originOf(turn.ctx);
    const device = { clientId: turn.client.client_id, agent, country };
    const asked = await turn.approveDevice.ask({ uid: turn.uid, login }, device);
    if (asked !== true) return asked;
    await showStepUp(turn);
    return 'SHOWN';
  }),
  'POST device-check': confirming('device', (turn, login) =>
    turn.approveDevice.check({ uid: turn.uid, login }),
  ),
  // Where a first factor may be added, and nowhere else.
  'POST mail': confirming('mail', async (turn, login) => {
    const { refusal } = await enrolment(turn, login);
    if (refusal?.refused !== 'CONTACT_CODE_REQUIRED') return refusal ?? refuse('STEP_UP_OVER');
    const sent = await turn.confirmLogin.sendMail(login.memberId, turn.locale);
    if (sent !== true) return sent;
    await showStepUp(turn, undefined, 'MAIL_SENT');
    return 'SHOWN';
  }),
  'POST mail-code': confirming('mail', async (turn, login) => {
    const { isFirst } = await enrolment(turn, login);
    return isFirst ? turn.confirmLogin.byMail(login, typed(turn)) : refuse('STEP_UP_OVER');
  }),
  'POST first-app': confirming('otp', firstAppSteps.begin),
  'POST first-app-code': confirming('otp', (turn, login) =>
    firstAppSteps.confirm(turn, login, typed(turn)),
  ),
  'POST sms-code': confirming('sms', (turn, login) => turn.confirmLogin.bySms(login, typed(turn))),
};

const SENT: Readonly<Record<string, 'SMS_SENT' | 'MAIL_SENT'>> = {
  sms: 'SMS_SENT',
  'sms-code': 'SMS_SENT',
  mail: 'MAIL_SENT',
  'mail-code': 'MAIL_SENT',
};

/** Shows the page again beside what went wrong; a code that was sent before may still be typed. */
export const showConfirm =
  (name: string) =>
  async (turn: Turn, problem: Refused): Promise<void> =>
    showStepUp(turn, problem, SENT[name.slice('POST '.length)] ?? 'FRESH');
