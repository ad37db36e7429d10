import { CONSOLE_CLIENT, isIn } from './cohort.ts';
import { type CutOff, isInForce } from './cut-off.ts';
import { externalLoginSwitches, type LoginFacts, providersOf } from './login-facts.ts';

/** What is known of the controls when a login is judged. */
export interface LoginSnapshot {
  look(switchKey: string): SwitchStanding;
  readonly cutOffs: readonly CutOff[];
  readonly now: Date;
}

interface SwitchStanding {
  readonly state: 'OPEN' | 'CLOSED';
  readonly since: Date;
  readonly reason?: { readonly ja: string; readonly en: string } | null;
  readonly generation?: number;
}

/** Why a login does not hold. */
export interface LoginStop {
  /** The switch or the cut-off that stopped it. */
  readonly by: string;
  readonly since: Date;
  readonly reason: { readonly ja: string; readonly en: string } | null;
}

/** Whether a login holds, and if so without which scopes of the graph. */
export type LoginVerdict =
  | { readonly holds: true; readonly withoutScopes: readonly string[] }
  | { readonly holds: false; readonly stop: LoginStop };

const HOLDS: LoginVerdict = { holds: true, withoutScopes: [] };

/**
 * The one gate for whoever is logged in, or is about to be. A login does not hold when the switch of its external provider
 * is closed or has moved since, or when a cut-off ends it or lets none like it be made. Pure and in memory:
 * the provider of 7iD asks it wherever it accepts or gives out anything, a gateway for each request.
 */
export function judge(facts: LoginFacts, snapshot: LoginSnapshot): LoginVerdict {
  const provider = stoppedProvider(facts, snapshot);
  if (provider) return { holds: false, stop: provider };
  let withoutScopes: string[] | undefined;
  for (const cutOff of snapshot.cutOffs) {
    if (!stops(cutOff, facts, snapshot.now)) continue;
    if (cutOff.scopes.length === 0) {
      const { id, cutAt, reason } = cutOff;
      return { holds: false, stop: { by: id, since: cutAt, reason } };
    }
    withoutScopes = [...(withoutScopes ?? []), ...cutOff.scopes];
  }
  return withoutScopes ? { holds: true, withoutScopes } : HOLDS;
}

/** The mass resets that a password has not seen: its owner may have to set a new one. */
export const resetsSince = (
  passwordGeneration: number,
  { cutOffs, now }: Pick<LoginSnapshot, 'cutOffs' | 'now'>,
): CutOff[] =>
  cutOffs.filter(
    (cutOff) => isInForce(cutOff, 'RESET_PASSWORD', now) && cutOff.generation > passwordGeneration,
  );

function stoppedProvider(
  { amr, atSeconds = 0, generation }: LoginFacts,
  { look }: LoginSnapshot,
): LoginStop | undefined {
  for (const key of providersOf(amr).flatMap(externalLoginSwitches)) {
    const { state, since, reason = null, generation: movedIn = 0 } = look(key);
    if (state === 'CLOSED' || isBefore({ atSeconds, generation }, { at: since, movedIn })) {
      return { by: key, since, reason };
    }
  }
  return undefined;
}

function stops(cutOff: CutOff, facts: LoginFacts, now: Date): boolean {
  const { cutAt: at, generation: movedIn } = cutOff;
  const { atSeconds = 0, generation, madeIn } = facts;
  const isOld = isBefore({ atSeconds, generation }, { at, movedIn });
  // In the very second of a cut, a login counts as both. A clock that is behind makes no new login an old one.
  const isNew = atSeconds >= seconds(at) || (madeIn !== undefined && madeIn >= movedIn);
  const applies =
    (isOld && isInForce(cutOff, 'END_LOGINS', now)) ||
    (isNew && isInForce(cutOff, 'BLOCK_NEW', now) && !isOfConsole(cutOff, facts));
  return applies && concerns(cutOff, facts) && isIn(cutOff.cohort, facts);
}

// “Every login” are those of people. A till has none, and a cancel is never stopped: what stops one names it.
const concerns = ({ cohort }: CutOff, { isClientsOwn = false }: LoginFacts): boolean =>
  !isClientsOwn || cohort.clients.length > 0;

// Operators log in and take back what was cut, unless a cut names the console itself, for which it takes two. Anybody can begin
// a login at the console: it lets them in there and nowhere else.
const isOfConsole = ({ cohort }: CutOff, { clientId, forClientId }: LoginFacts): boolean =>
  clientId === CONSOLE_CLIENT &&
  forClientId === CONSOLE_CLIENT &&
  !cohort.clients.includes(CONSOLE_CLIENT);

// Whole seconds, as the protocol counts. Where clocks disagree, the generation tells.
const isBefore = (
  login: { atSeconds: number; generation: number | undefined },
  cut: { at: Date; movedIn: number },
): boolean =>
  login.atSeconds <= seconds(cut.at) ||
  (login.generation !== undefined && cut.movedIn > login.generation);

const seconds = (at: Date): number => Math.floor(at.getTime() / 1_000);
