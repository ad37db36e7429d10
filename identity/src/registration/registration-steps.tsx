import { isRefused, type Refused, refuse } from '@7pay/refusals';
import { aboutToLogIn, PASSKEY, PASSWORD } from '../interaction/about-to-log-in.ts';
import { render, shared, showRegistration } from '../interaction/show-page.tsx';
import type { Turn } from '../interaction/turn.ts';
import type { Login } from '../login/login.ts';
import { passkeyMethods } from '../login/passkey.ts';
import type { Wanted } from './register-by-code.ts';
import { RegistrationCodePage } from './registration-code.page.tsx';
import type { PendingRegistration } from './registration.ts';
import { registrationWords } from './registration-words.ts';

const text = (turn: Turn, name: string): string => turn.form.get(name) ?? '';

/** The steps of somebody who registers. A login when the code has come back. */
export const registering = {
  byPassword: (turn: Turn) => begin(turn, { ...typed(turn), password: text(turn, 'password') }),

  byPasskey: async (turn: Turn): Promise<Refused | 'SHOWN'> => {
    const passkey = await turn.enrolPasskey.check(turn.uid, text(turn, 'credential'));
    return isRefused(passkey) ? passkey : begin(turn, { ...typed(turn), passkey });
  },

  sendAgain: (turn: Turn) => asking(turn, (network) => turn.registering.again(turn.uid, network)),

  byCode: async (turn: Turn): Promise<Login | Refused> => {
    const { uid, registering, gate, clock } = turn;
    const pending = await registering.find(uid);
    if (!pending) return refuse('REGISTRATION_OVER');
    // Begun before a cut came, and not let in after it.
    const stopped = gate.admit('registration', aboutToLogIn(turn, methodsOf(pending)));
    if (stopped) return stopped;
    const made = await registering.finish(uid, text(turn, 'code'));
    if (isRefused(made)) return made;
    const { passkey, member } = made;
    return {
      memberId: member.id,
      acr: passkey ? 'urn:7id:acr:3' : 'urn:7id:acr:1',
      // The code that has come back is what the first factor of a member rests on.
      amr: passkey ? passkeyMethods(passkey.synchronised) : [...PASSWORD, 'mail'],
      at: clock.now(),
    };
  },
};

const methodsOf = ({ passkey }: PendingRegistration) => (passkey ? PASSKEY : PASSWORD);

const typed = (turn: Turn) => ({
  mail: text(turn, 'mail'),
  displayName: text(turn, 'displayName'),
  locale: turn.locale,
});

const begin = (turn: Turn, wanted: Wanted) =>
  asking(turn, (network) => turn.registering.begin(turn.uid, wanted, network));

// The answer is out before anybody is looked up: it is the same, and as fast, for every address.
async function asking(
  turn: Turn,
  ask: (network: string | null) => Promise<(() => Promise<void>) | Refused>,
): Promise<Refused | 'SHOWN'> {
  const { ctx, recovery } = turn;
  if (!recovery.after.hasRoom()) return refuse('LOGIN_BUSY');
  const deliver = await ask(turn.originOf(ctx).network);
  if (isRefused(deliver)) return deliver;
  recovery.after.run(ctx.res, deliver);
  await showRegistrationCode(turn);
  return 'SHOWN';
}

/** Shows where the code is typed; the registration form when nothing is under way. */
export async function showRegistrationCode(turn: Turn, problem?: Refused): Promise<void> {
  const pending = await turn.registering.find(turn.uid);
  if (!pending) return showRegistration(turn, problem);
  const mail = pending.member.mail?.typed ?? '';
  const page = <RegistrationCodePage {...shared(turn, problem)} mail={mail} />;
  render(turn, registrationWords(turn.locale).title, page);
}
