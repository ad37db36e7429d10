import type { PagePlace } from '@7pay/mongo';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import type { Connection } from 'mongoose';
import type { Audit } from '../audit/audit.store.ts';
import { auditEvents } from '../audit/audit-events.ts';
import type { AuditEvent } from '../audit/audit-event.ts';
import { type Channel, maskedAddress } from '../contact/contact.ts';
import type { ContactStore } from '../contact/contact.store.ts';
import type { ExternalIdStore } from '../external-id/external-id.store.ts';
import type { PasskeyStore } from '../login/passkey.store.ts';
import type { SecondFactorStore } from '../second-factor/second-factor.store.ts';
import { locksOf, type LoginLockShown } from '../unlock/unlock-login.ts';
import type { Clock } from '@7pay/time';
import type { Member } from './member.ts';
import type { MemberStore } from './member.store.ts';
import { memberSearch, type MemberSearch } from './member-search.ts';

/** A member as operators read one: addresses and numbers masked. */
export interface FoundMember {
  readonly member: Member;
  readonly maskedMail: string | null;
}

/** How a member proves who they are, and how they did lately. */
export interface MemberDetail extends FoundMember {
  readonly contacts: readonly { channel: Channel; masked: string; verifiedAt: Date | null }[];
  readonly passkeys: number;
  readonly hasApp: boolean;
  readonly recoveryCodes: number;
  readonly externalIds: readonly { provider: string; linkedAt: Date }[];
  readonly logins: readonly AuditEvent[];
  /** What keeps them out now. */
  readonly locks: readonly LoginLockShown[];
}

export interface Reader {
  readonly by: string;
  /** Why, for the record. */
  readonly note: string;
}

type Found = { readonly rows: readonly FoundMember[]; readonly next: string | null };

/** Reading members. Who reads whom and why is on record before anything is answered. */
export interface ReadMembers {
  find(
    search: MemberSearch,
    page: PagePlace,
    reader: Reader,
  ): Promise<Found | Refused<'MAIL_INVALID' | 'PHONE_INVALID'>>;
  detail(id: string, reader: Reader): Promise<MemberDetail | Refused<'MEMBER_NOT_FOUND'>>;
}

const LOGINS_SHOWN = 20;

export function readMembers(deps: {
  connection: Connection;
  clock: Clock;
  audit: Audit;
  members: Pick<MemberStore, 'findMany' | 'find' | 'tries'>;
  contacts: Pick<ContactStore, 'ofMember'>;
  passkeys: Pick<PasskeyStore, 'ofMember'>;
  factors: Pick<SecondFactorStore, 'find'>;
  externalIds: Pick<ExternalIdStore, 'ofMembers'>;
}): ReadMembers {
  const { connection, clock, audit, members } = deps;
  const search = memberSearch(connection, clock);
  return {
    find: async (asked, page, { by: actor, note }) => {
      const found = await search(asked, page);
      if (isRefused(found)) return found;
      const { ids, next } = found;
      const read = { actor, note, reason: `BY_${asked.by}` };
      if (ids.length === 0) await audit.append('MEMBER_READ', read);
      await Promise.all(
        ids.map((memberId) => audit.append('MEMBER_READ', { ...read, memberId: idFact(memberId) })),
      );
      const rows = new Map((await members.findMany(ids)).map((row) => [row.id, row]));
      return { rows: ids.flatMap((id) => shown(rows.get(id)) ?? []), next };
    },

    detail: async (id, { by: actor, note }) => {
      await audit.append('MEMBER_READ', { actor, note, reason: 'DETAIL', memberId: idFact(id) });
      const found = shown((await members.find(id)) ?? undefined);
      if (!found) return refuse('MEMBER_NOT_FOUND');
      const [contacts, passkeys, factors, links, { rows: logins }, tries] = await Promise.all([
        deps.contacts.ofMember(id),
        deps.passkeys.ofMember(id),
        deps.factors.find(id),
        deps.externalIds.ofMembers([id]),
        auditEvents(
          connection,
          { memberId: id, kinds: ['LOGIN_MADE', 'LOGIN_REFUSED'] },
          { limit: LOGINS_SHOWN, after: null },
        ),
        members.tries(id),
      ]);
      return {
        ...found,
        contacts: contacts.map(({ channel, address, verifiedAt }) => ({
          channel,
          masked: maskedAddress(channel, address),
          verifiedAt,
        })),
        passkeys: passkeys.length,
        hasApp: Boolean(factors?.totp),
        recoveryCodes: factors?.recoveryCodes ?? 0,
        externalIds: links.map(({ provider, linkedAt }) => ({ provider, linkedAt })),
        logins,
        locks: locksOf(found.member, tries, clock.now()),
      };
    },
  };
}

// What an operator typed may be anything; on record is an id, or that it was none.
const idFact = (id: string): string => (/^\w{1,80}$/.test(id) ? id : 'none');

const shown = (member: Member | undefined): FoundMember | undefined =>
  member && {
    member,
    maskedMail: member.mail === null ? null : maskedAddress('mail', member.mail),
  };
