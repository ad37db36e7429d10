import { CONSOLE_CLIENT } from '@7pay/controls';
import { declareRefusals, type Refused, refuse } from '@7pay/refusals';

/** Who brought a client: the settings, an event (terminals), dynamic registration, or a person in the console. */
export type ClientOrigin = 'SETTINGS' | 'EVENT' | 'REGISTERED' | 'CONSOLE';

/**
 * `TEST`: for test people, and redirect URIs of one's own machine. `ACTIVE`: for everybody. `SUSPENDED`: as if there were no
 * such client.
 */
export type ClientState = 'TEST' | 'ACTIVE' | 'SUSPENDED';

/** What one operator has asked for and another one does. */
export interface ClientProposal {
  readonly kind: 'REOPEN' | 'REDIRECTS';
  /** Those to be, for `REDIRECTS`. */
  readonly uris: readonly string[];
  readonly by: string;
  readonly at: Date;
}

/** How a client stands with us, apart from what it is in the protocol. */
export interface ClientStanding {
  readonly clientId: string;
  readonly origin: ClientOrigin;
  readonly approved: boolean;
  readonly suspended: { readonly by: string; readonly at: Date } | null;
  readonly proposal: ClientProposal | null;
  /** The person who registered it; null for clients that nobody did. */
  readonly registeredBy: string | null;
  readonly registeredAt: Date | null;
}

export const stateOf = ({ suspended, approved }: ClientStanding): ClientState =>
  suspended ? 'SUSPENDED' : approved ? 'ACTIVE' : 'TEST';

export type ClientStepRefusal =
  | 'CLIENT_NOT_FOUND'
  | 'CLIENT_NOT_IN_THIS_STATE'
  | 'CLIENT_KEPT_ELSEWHERE'
  | 'CLIENT_OF_OPERATORS'
  | 'SECOND_PERSON_REQUIRED';

declareRefusals('identity/client/client-standing', {
  CLIENT_NOT_FOUND: { ja: 'このクライアントはありません。', en: 'There is no such client.' },
  CLIENT_NOT_IN_THIS_STATE: {
    ja: 'クライアントの状態が変わっています。画面を開き直して確認してください。',
    en: 'The client is in another state by now. Please open the page again.',
  },
  CLIENT_KEPT_ELSEWHERE: {
    ja: 'このクライアントは設定や端末の登録で管理されています。そちらで変更してください。',
    en: 'This client is kept in the settings or by the pairing of terminals. Please change it there.',
  },
  CLIENT_OF_OPERATORS: {
    ja: '運営コンソールのクライアントは停止できません。ログインを止める場合は、二人で遮断を行ってください。',
    en: 'The client of the operators’ console is not suspended. Its logins are ended by a cut-off, which takes two people.',
  },
});

/** What a step leads to: how the client stands then, and whether the client itself changed with it. */
export interface ClientStep {
  readonly standing: ClientStanding;
  readonly action: 'SUSPENDED' | 'REOPENING_PROPOSED' | 'REOPENED' | 'APPROVED' | Redirects;
}
type Redirects = 'REDIRECTS_PROPOSED' | 'REDIRECTS_CHANGED';
type Who = { readonly by: string; readonly at: Date };

const PROPOSAL_MINUTES = 30;

/** The proposal that another person may carry out now: of this kind, and not older than 30 minutes. */
const standingProposal = (
  { proposal }: ClientStanding,
  kind: ClientProposal['kind'],
  at: Date,
): ClientProposal | null =>
  proposal?.kind === kind && at.getTime() - proposal.at.getTime() <= PROPOSAL_MINUTES * 60_000
    ? proposal
    : null;

/**
 * Stops a client at once. One person is enough, so the console itself is not stopped by it: nobody could reopen it, nor close or cut
 * anything else.
 */
export function suspend(
  standing: ClientStanding,
  who: Who,
): ClientStep | Refused<'CLIENT_NOT_IN_THIS_STATE' | 'CLIENT_OF_OPERATORS'> {
  if (standing.clientId === CONSOLE_CLIENT) return refuse('CLIENT_OF_OPERATORS');
  if (standing.suspended) return refuse('CLIENT_NOT_IN_THIS_STATE');
  return { standing: { ...standing, suspended: who, proposal: null }, action: 'SUSPENDED' };
}

/** Lets a client that was suspended in again, as it was: one person asks, another one does it within 30 minutes. */
export function reopen(
  standing: ClientStanding,
  who: Who,
): ClientStep | Refused<'CLIENT_NOT_IN_THIS_STATE' | 'SECOND_PERSON_REQUIRED'> {
  if (!standing.suspended) return refuse('CLIENT_NOT_IN_THIS_STATE');
  const asked = standingProposal(standing, 'REOPEN', who.at);
  if (!asked) {
    const proposal = { kind: 'REOPEN' as const, uris: [], ...who };
    return { standing: { ...standing, proposal }, action: 'REOPENING_PROPOSED' };
  }
  if (asked.by === who.by) return refuse('SECOND_PERSON_REQUIRED');
  return { standing: { ...standing, suspended: null, proposal: null }, action: 'REOPENED' };
}

/** Lets a client of the test state at everybody. Whoever registered it is not the one who does. */
export function approve(
  standing: ClientStanding,
  { by }: Who,
): ClientStep | Refused<'CLIENT_NOT_IN_THIS_STATE' | 'SECOND_PERSON_REQUIRED'> {
  if (stateOf(standing) !== 'TEST') return refuse('CLIENT_NOT_IN_THIS_STATE');
  if (standing.registeredBy === by) return refuse('SECOND_PERSON_REQUIRED');
  return { standing: { ...standing, approved: true, proposal: null }, action: 'APPROVED' };
}

/**
 * Where a client may send people: at once while it is tested; where members use it, one person asks and another one
 * gives the same list within 30 minutes. A code goes to these places.
 */
export function changeRedirects(
  standing: ClientStanding,
  uris: readonly string[],
  who: Who,
):
  | ClientStep
  | Refused<'CLIENT_NOT_IN_THIS_STATE' | 'CLIENT_KEPT_ELSEWHERE' | 'SECOND_PERSON_REQUIRED'> {
  if (standing.origin !== 'CONSOLE') return refuse('CLIENT_KEPT_ELSEWHERE');
  const state = stateOf(standing);
  if (state === 'SUSPENDED') return refuse('CLIENT_NOT_IN_THIS_STATE');
  const changed = {
    standing: { ...standing, proposal: null },
    action: 'REDIRECTS_CHANGED',
  } as const;
  if (state === 'TEST') return changed;
  const asked = standingProposal(standing, 'REDIRECTS', who.at);
  if (!asked || JSON.stringify(asked.uris) !== JSON.stringify(uris)) {
    const proposal = { kind: 'REDIRECTS' as const, uris, ...who };
    return { standing: { ...standing, proposal }, action: 'REDIRECTS_PROPOSED' };
  }
  return asked.by === who.by ? refuse('SECOND_PERSON_REQUIRED') : changed;
}
