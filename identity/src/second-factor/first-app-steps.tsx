import { isRefused, type Refused, refuse } from '@7pay/refusals';
import { type currentLogin, enrolment, render, shared } from '../interaction/show-page.tsx';
import type { Turn } from '../interaction/turn.ts';
import type { AppSecret } from './authenticator-app.ts';
import { firstAppWords } from './first-app-words.ts';
import { FirstAppMadePage, FirstAppPage } from './first-app.page.tsx';

type Current = NonNullable<Awaited<ReturnType<typeof currentLogin>>>;

/**
 * An authenticator app as the first factor, for who has no device for passkeys. It asks for all that a first passkey does; the
 * login is confirmed by the step after it, with a recovery code or the app.
 */
export const firstAppSteps = {
  begin: async (turn: Turn, login: Current): Promise<Refused | 'SHOWN'> => {
    const refusal = await whyNot(turn, login);
    if (refusal) return refusal;
    const member = await turn.members.find(login.memberId);
    const label = member?.mail ?? member?.displayName ?? '7iD';
    showSetUp(turn, { begun: await turn.authenticatorApp.begin(login.memberId, label) });
    return 'SHOWN';
  },

  confirm: async (turn: Turn, login: Current, code: string): Promise<Refused | 'SHOWN'> => {
    const refusal = await whyNot(turn, login);
    if (refusal) return refusal;
    const made = await turn.authenticatorApp.confirm(login.memberId, code);
    if (isRefused(made)) showSetUp(turn, { problem: made });
    else {
      const page = <FirstAppMadePage {...shared(turn)} recoveryCodes={made} />;
      render(turn, firstAppWords(turn.locale).madeTitle, page);
    }
    return 'SHOWN';
  },
} as const;

async function whyNot(turn: Turn, login: Current): Promise<Refused | undefined> {
  const { isFirst, refusal } = await enrolment(turn, login);
  return refusal ?? (isFirst ? undefined : refuse('STEP_UP_OVER'));
}

function showSetUp(turn: Turn, { begun, problem }: { begun?: AppSecret; problem?: Refused }): void {
  const page = <FirstAppPage {...shared(turn, problem)} begun={begun} />;
  render(turn, firstAppWords(turn.locale).title, page);
}
