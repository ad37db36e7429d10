import { openOutbox } from '@7pay/events';
import { dutiesIn } from '@7pay/graphql';
import { type IdSource, randomIds } from '@7pay/ids';
import { unitOfWork } from '@7pay/mongo';
import { isRefused } from '@7pay/refusals';
import { type Clock, systemClock } from '@7pay/time';
import type { Connection } from 'mongoose';
import { canonicalMail } from '../account/member.ts';
import { openMemberStore } from '../account/member.store.ts';
import { openAudit } from '../audit/audit.store.ts';
import { openDutyChangeStore } from './duty-change.store.ts';
import { openHeldDuties } from './held-duties.store.ts';
import { keepDutyChange } from './keep-duty-change.ts';

/** How many are made this way: from then on there are two to decide about a third. */
export const FIRST_OF_SECURITY = 2;

/** Who it was, for the record: whoever may run commands beside the database. */
const BY = 'command-line';

/** What came of it: the member who was appointed, or why nobody was. */
export type Appointment =
  | { readonly appointed: string }
  | { readonly refused: 'MEMBER_NOT_FOUND' | 'HOLDS_IT' | 'SECURITY_IS_HELD' };

/**
 * Gives `security` to a member who registered as everybody does, while fewer than two people hold it: before there are two, there is
 * nobody in the console to ask (docs/adr/0041-duties-of-operators.md). It is on record, and ends the logins the member has.
 */
export async function appointFirst(
  connection: Connection,
  mail: string,
  { clock = systemClock, ids = randomIds }: { clock?: Clock; ids?: IdSource } = {},
): Promise<Appointment> {
  const members = openMemberStore(connection);
  const held = openHeldDuties(connection);
  const changes = openDutyChangeStore(connection);
  const audit = openAudit(connection, { clock, ids });
  const outbox = openOutbox(connection);
  const keep = keepDutyChange({ changes, held, members, audit, outbox, clock, ids });
  const canonical = canonicalMail(mail);
  const found = isRefused(canonical) ? null : await members.findCredentials(canonical);
  if (!found) return { refused: 'MEMBER_NOT_FOUND' };
  const memberId = found.member.id;
  return unitOfWork(connection)(async (session) => {
    const before = (await held.of(memberId, session)) ?? [];
    if (before.includes('security')) return { refused: 'HOLDS_IT' };
    const holders = await held.holdersOf('security', FIRST_OF_SECURITY, session);
    if (holders.length >= FIRST_OF_SECURITY) return { refused: 'SECURITY_IS_HELD' };
    const at = clock.now();
    const made = { state: 'MADE', decidedBy: BY, decidedAt: at } as const;
    const order = { id: ids.next('dty'), memberId, by: BY, note: 'first of security', at };
    await keep(
      { ...order, before, after: dutiesIn([...before, 'security']), ...made },
      order,
      session,
    );
    return { appointed: memberId };
  });
}
