import { CONSOLE_CLIENT } from '../console-client.ts';
import type { Client } from '../identity-operations.ts';
import { isOld } from '../proposal-life.ts';
import type { Word } from '../words.ts';

/** What an operator does with a client. */
export type ClientStep = 'suspend' | 'reopen' | 'approve' | 'redirects';

export const clientStepWords: Readonly<
  Record<ClientStep, { button: Word; title: Word; what: Word }>
> = {
  suspend: { button: 'clientSuspend', title: 'clientSuspendTitle', what: 'clientSuspendWhat' },
  reopen: { button: 'clientReopen', title: 'clientReopenTitle', what: 'clientReopenWhat' },
  approve: { button: 'clientApprove', title: 'clientApproveTitle', what: 'clientApproveWhat' },
  redirects: {
    button: 'clientRedirects',
    title: 'clientRedirectsTitle',
    what: 'clientRedirectsWhat',
  },
};

/** What waits for a second person; `null` when nothing does, or it has lapsed. */
export const standingProposal = ({ proposal }: Client, now: Date): Client['proposal'] =>
  proposal && !isOld(proposal.at, now) ? proposal : null;

/** What this operator may do next; the graph judges again. */
export function stepsFor(client: Client, own: string, now: Date): ClientStep[] {
  const steps: ClientStep[] = [];
  const proposal = standingProposal(client, now);
  if (client.state === 'TEST' && client.registeredBy !== own) steps.push('approve');
  if (client.state === 'SUSPENDED') {
    if (proposal?.by !== own || proposal.kind !== 'REOPEN') steps.push('reopen');
    return steps;
  }
  if (client.origin === 'CONSOLE') steps.push('redirects');
  // Whoever suspended the console could not reopen it.
  return client.id === CONSOLE_CLIENT ? steps : [...steps, 'suspend'];
}
