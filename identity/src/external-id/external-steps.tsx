import { externalMethod } from '@7pay/controls';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import { aboutToLogIn } from '../interaction/about-to-log-in.ts';
import { render, shared, showPrompt } from '../interaction/show-page.tsx';
import type { Turn } from '../interaction/turn.ts';
import type { Login } from '../login/login.ts';
import type { ExternalProvider } from './external-id.ts';
import { FirstLoginPage } from './first-login.page.tsx';
import { firstLoginWords } from './first-login-words.ts';

type ExternalStep = (turn: Turn, key: string) => Promise<Login | Refused | 'SHOWN'>;

const factsOf = (turn: Turn, key: string) => aboutToLogIn(turn, [externalMethod(key)]);

/** The steps of a login by an external ID. A login when the last one is done. */
export const externalSteps: Readonly<Record<string, ExternalStep>> = {
  'GET external/:key': async (turn, key) => {
    const provider = turn.providers.find(key);
    if (!provider) return shown(showPrompt(turn));
    const url = await turn.logInByExternalId.begin(provider, turn.uid);
    const stopped = isRefused(url) ? url : turn.gate.admit('external-start', factsOf(turn, key));
    if (stopped) return stopped;
    turn.ctx.status = 303;
    turn.ctx.redirect((url as URL).href);
    return 'SHOWN';
  },

  'GET external/:key/callback': async (turn, key) => {
    const provider = turn.providers.find(key);
    const answer = new URLSearchParams(turn.ctx.querystring);
    // The person said no over there: back to the ways to log in, without a reproach.
    if (!provider || answer.get('error') === 'access_denied') return shown(showPrompt(turn));
    const back = { uid: turn.uid, answer, facts: factsOf(turn, key) };
    const login = await turn.logInByExternalId.finish(provider, back);
    if (login !== 'FIRST') return login;
    turn.ctx.status = 303; // what came back is used up, and does not stay in the address
    turn.ctx.redirect(`/interaction/${turn.uid}/external/${key}/first`);
    return 'SHOWN';
  },

  'GET external/:key/first': (turn, key) => showFirstLogin(turn, turn.providers.find(key)),

  'POST external/:key/register': async (turn, key) => {
    const provider = turn.providers.find(key);
    if (!provider) return refuse('EXTERNAL_ID_REJECTED');
    const { uid, locale, form } = turn;
    const displayName = form.get('displayName') ?? '';
    const person = { uid, displayName, locale, facts: factsOf(turn, key) };
    const made = await turn.logInByExternalId.register(provider, person);
    const isName = isRefused(made) && made.refused === 'DISPLAY_NAME_INVALID';
    return isName ? showFirstLogin(turn, provider, made) : made;
  },
};

async function showFirstLogin(
  turn: Turn,
  provider: ExternalProvider | undefined,
  problem?: Refused,
): Promise<Refused | 'SHOWN'> {
  const { locale, form } = turn;
  const first = provider && (await turn.logInByExternalId.nameOf(provider, turn.uid));
  if (!provider || !first) return refuse('EXTERNAL_ID_REJECTED');
  render(
    turn,
    firstLoginWords(locale).title,
    <FirstLoginPage
      {...shared(turn, problem)}
      provider={{ key: provider.key, name: provider.name[locale] }}
      displayName={form.get('displayName') ?? first.name ?? ''}
    />,
  );
  return 'SHOWN';
}

async function shown(work: Promise<void> | void): Promise<'SHOWN'> {
  await work;
  return 'SHOWN';
}
