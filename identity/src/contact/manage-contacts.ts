import type { IdSource } from '@7pay/ids';
import { derivedId } from '@7pay/ids';
import type { UnitOfWork } from '@7pay/mongo';
import { declareRefusals, isRefused, type Locale, type Refused, refuse } from '@7pay/refusals';
import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import type { Messenger } from '@7pay/world';
import { loginIdOf } from '../account/member.ts';
import type { MemberStore } from '../account/member.store.ts';
import type { OneTimeCodeRefusal } from '../one-time-code/one-time-code.ts';
import type { OneTimeCodes } from '../one-time-code/one-time-codes.ts';
import { changeMessage } from './change-message.ts';
import {
  canonicalAddress,
  type Channel,
  type Contact,
  type ContactRefusal,
  isSameContact,
} from './contact.ts';
import { CONTACTS_MAX, type ContactStore } from './contact.store.ts';
import { sendToContacts } from './send-to-contacts.ts';

export type ManageContactRefusal =
  | ContactRefusal
  | OneTimeCodeRefusal
  | 'TOO_MANY_CONTACTS'
  | 'LAST_CONTACT';

declareRefusals('identity/contact/manage-contacts', {
  TOO_MANY_CONTACTS: {
    ja: '登録できる連絡先は{max}件までです。',
    en: 'You can register at most {max} contacts.',
  },
  LAST_CONTACT: {
    ja: '最後の確認済み連絡先は削除できません。先に別の連絡先を登録してください。',
    en: 'The last confirmed contact cannot be removed. Please register another one first.',
  },
});

/** The contacts of a member, as the member keeps them. A contact is named by {@link contactId}. */
export interface ManageContacts {
  /** Notes a contact and sends a code there. Again: another code. */
  add(
    member: { memberId: string; locale: Locale },
    contact: { channel: Channel; address: string },
  ): Promise<Contact | Refused<ManageContactRefusal>>;
  /** The code has come back: from now on the contact counts, and the older ones are told. */
  confirm(
    member: { memberId: string; locale: Locale },
    input: { id: string; code: string },
  ): Promise<Contact | Refused<ManageContactRefusal>>;
  /** Takes a contact away; the ones that are left, and the one that goes, are told. */
  remove(
    member: { memberId: string; locale: Locale },
    id: string,
  ): Promise<Contact | Refused<ManageContactRefusal>>;
}

/** The id of a contact. It follows from what the contact is, so that the same one is never there twice. */
export const contactId = ({
  memberId,
  channel,
  address,
}: Omit<Contact, 'addedAt' | 'verifiedAt'>) => derivedId('con', memberId, channel, address);

export function manageContacts(deps: {
  unitOfWork: UnitOfWork;
  contacts: ContactStore;
  members: Pick<MemberStore, 'find' | 'noteContactRemoved'>;
  codes: OneTimeCodes;
  messenger: Messenger;
  clock: Clock;
  ids: IdSource;
  log: Log;
}): ManageContacts {
  const { contacts, members, codes, messenger, clock, ids, log } = deps;
  const find = async (memberId: string, id: string) =>
    (await contacts.ofMember(memberId)).find((contact) => contactId(contact) === id);

  // Telling is no condition of the change: a carrier that is away must not keep a lost telephone registered.
  const tell = async (to: readonly Contact[], about: Contact, locale: Locale, added: boolean) => {
    const message = changeMessage(about, { added, locale });
    const next = async () => ({ id: ids.next('msg'), ...message });
    for (const each of await sendToContacts(messenger, to, next)) {
      if (each.delivery !== 'SENT') log.warn('contact.change_not_told', { ...each });
    }
  };

  return {
    add: async ({ memberId, locale }, { channel, address: typed }) => {
      const address = canonicalAddress(channel, typed);
      if (isRefused(address)) return address;
      const own = await contacts.ofMember(memberId);
      const there = own.find((each) => isSameContact(each, { channel, address }));
      if (!there && own.length >= CONTACTS_MAX) {
        return refuse('TOO_MANY_CONTACTS', { max: CONTACTS_MAX });
      }
      const contact = there ?? {
        memberId,
        channel,
        address,
        addedAt: clock.now(),
        verifiedAt: null,
      };
      if (contact.verifiedAt) return contact; // nothing to prove, and nothing to send
      await contacts.add(contact);
      // Of many at once the last ones see all the others by now: none stays that is too many, and no code goes there.
      if (!there && (await contacts.ofMember(memberId)).length > CONTACTS_MAX) {
        await contacts.remove(contact);
        return refuse('TOO_MANY_CONTACTS', { max: CONTACTS_MAX });
      }
      const sent = await codes.send(
        { memberId, purpose: 'VERIFY_CONTACT', channel, address },
        locale,
      );
      return isRefused(sent) ? sent : contact;
    },

    confirm: async ({ memberId, locale }, { id, code }) => {
      const contact = await find(memberId, id);
      if (!contact) return refuse('CONTACT_NOT_FOUND');
      if (contact.verifiedAt) return contact;
      const { channel, address } = contact;
      const proven = await codes.prove(
        { memberId, purpose: 'VERIFY_CONTACT', channel, address },
        code,
      );
      if (isRefused(proven)) return proven;
      const before = await contacts.verifiedOf(memberId);
      const verifiedAt = clock.now();
      if (!(await contacts.verify(contact, verifiedAt))) return refuse('CONTACT_NOT_FOUND');
      await tell(before, contact, locale, true);
      return { ...contact, verifiedAt };
    },

    remove: async ({ memberId, locale }, id) => {
      const contact = await find(memberId, id);
      const member = contact && (await members.find(memberId));
      if (!contact || !member) return refuse('CONTACT_NOT_FOUND');
      const isLoginId = loginIdOf(member) === contact.address;
      const removed = await deps.unitOfWork(async (session) => {
        const verified = await contacts.verifiedOf(memberId, session);
        const own = verified.find((each) => isSameContact(each, contact));
        if (own && verified.length === 1) return refuse('LAST_CONTACT');
        if (!(await contacts.remove(contact, session))) return refuse('CONTACT_NOT_FOUND');
        // Two at once collide here, and one of them counts again.
        const loginIdProvenAt = own && isLoginId ? own.verifiedAt : null;
        await members.noteContactRemoved(memberId, { loginIdProvenAt }, session);
        return verified;
      });
      if (isRefused(removed)) return removed;
      await tell(removed, contact, locale, false);
      return contact;
    },
  };
}
