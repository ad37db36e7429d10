import type { CutOff } from '@7pay/controls';
import { isRefused, type Locale, type Refused, refuse } from '@7pay/refusals';
import type { Login } from '../login/login.ts';
import { render, shared } from '../interaction/show-page.tsx';
import type { Turn } from '../interaction/turn.ts';
import { maskedMail, type ResetCause } from './reset.ts';
import { ResetPage } from './reset.page.tsx';
import { resetWordsOf } from './reset-words.ts';

type ResetStep = (turn: Turn) => Promise<Login | Refused | 'SHOWN'>;

const text = (turn: Turn, name: string): string => turn.form.get(name) ?? '';

/** The steps of a member who has to set a new password. A login when the last one is done. */
export const resetSteps: Readonly<Record<string, ResetStep>> = {
  'POST reset/code': async (turn) => {
    const refused = await turn.resets.sendCode(turn.uid, turn.locale);
    return showReset(turn, refused, 'CODE');
  },
  'POST reset/proof': async (turn) =>
    showReset(turn, await turn.resets.proveByCode(turn.uid, text(turn, 'code')), 'CODE'),
  'POST reset/passkey': async (turn) => {
    const login = await turn.assertPasskey.finish(turn.uid, text(turn, 'credential'));
    const refused = isRefused(login) ? login : await turn.resets.proveByPasskey(turn.uid, login);
    return showReset(turn, refused);
  },
  'POST reset/password': async (turn) => {
    const done = await turn.resets.finish(turn.uid, text(turn, 'password'), {
      ...turn.originOf(turn.ctx),
      clientId: turn.client.client_id,
    });
    return isRefused(done) ? showReset(turn, done) : done;
  },
};

function leadOf(cause: ResetCause, locale: Locale, why: CutOff | undefined): string {
  const words = resetWordsOf(locale);
  if (cause === 'FORGOTTEN') return words.forgotten;
  const ownReason = {
    BREACHED: words.breached,
    DISOWNED: words.disowned,
    MASS_RESET: why?.reason[locale],
  };
  return words.lead(ownReason[cause] ?? '');
}

/** Shows where the reset of this interaction stands. Refuses when there is none. */
export async function showReset(
  turn: Turn,
  problem?: Refused,
  unproven: 'PROVE' | 'CODE' = 'PROVE',
): Promise<'SHOWN' | Refused> {
  const { uid, locale, members, passkeys, controls, resets } = turn;
  const reset = await resets.find(uid);
  const member = reset && (await members.find(reset.memberId));
  if (!reset || !member) return problem ?? refuse('RESET_OVER');
  const isProven = reset.proof.length > 0;
  const hasPasskey = !isProven && (await passkeys.ofMember(member.id)).length > 0;
  const why = controls.cutOffs.find(({ id }) => reset.cutOffs.includes(id));
  render(
    turn,
    resetWordsOf(locale).title,
    <ResetPage
      {...shared(turn, problem)}
      account={member.mail === null ? '7iD' : maskedMail(member.mail)}
      displayName={member.displayName}
      lead={leadOf(reset.cause, locale, why)}
      step={isProven ? 'PASSWORD' : unproven}
      passkeyOptions={hasPasskey ? await turn.assertPasskey.begin(uid, member.id) : null}
      canMail={await resets.canMail(reset, member)}
    />,
  );
  return 'SHOWN';
}
