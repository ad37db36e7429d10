import type { Controls, ControlsRefusal } from '@7pay/controls';
import type { Outbox } from '@7pay/events';
import type { IdSource } from '@7pay/ids';
import type { UnitOfWork } from '@7pay/mongo';
import { isRefused, type Locale, type Refused, refuse } from '@7pay/refusals';
import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import type { Messenger } from '@7pay/world';
import { loginsEndedEvent } from '../account/logins-ended-event.ts';
import { isLocked } from '../account/member.ts';
import type { MemberStore } from '../account/member.store.ts';
import type { PasswordHashes } from '../account/password-hashes.ts';
import type { ContactStore } from '../contact/contact.store.ts';
import { sendToContacts } from '../contact/send-to-contacts.ts';
import {
  contactId,
  type ManageContactRefusal,
  type ManageContacts,
} from '../contact/manage-contacts.ts';
import type { EnrolPasskey } from '../login/enrol-passkey.ts';
import type { PasskeyRefusal } from '../login/passkey.ts';
import type { PasskeyStore } from '../login/passkey.store.ts';
import type { NewPasswordRefusal, NewPasswords } from '../password/new-passwords.ts';
import type { ConfirmLogin } from '../second-factor/confirm-login.ts';
import { type CarryOverRefusal, judgeCarryOver, type Leaver } from './carry-over.ts';
import { ownWayMessage } from './own-way-message.ts';

/** What a member has besides external IDs. */
export type LeaverOf = (memberId: string) => Promise<Leaver>;

export const leaverOf =
  (deps: {
    members: Pick<MemberStore, 'find'>;
    passkeys: Pick<PasskeyStore, 'ofMember'>;
    confirmLogin: Pick<ConfirmLogin, 'waysOf'>;
  }): LeaverOf =>
  async (memberId) => {
    const [member, keys, { app, sms }] = await Promise.all([
      deps.members.find(memberId),
      deps.passkeys.ofMember(memberId),
      deps.confirmLogin.waysOf(memberId),
    ]);
    return {
      isLocked: isLocked(member),
      hasPassword: member?.passwordSetAt != null,
      passkeys: keys.length,
      secondFactor: app ? 'APP' : sms === null ? null : 'TELEPHONE',
    };
  };

/** Whom it is for, and how they have just proven it. */
export interface ProvenLeaver {
  readonly memberId: string;
  readonly amr: readonly string[];
  readonly at: Date;
}

type SetRefusal = CarryOverRefusal | NewPasswordRefusal | PasskeyRefusal | ControlsRefusal;

/** The first way in of 7iD's own. The member stays who they are: same `sub`, same wallet, same balance. */
export interface SetOwnWay {
  /** The mail address that would be the login ID: the oldest that was verified; or one that waits for its code; or neither. */
  loginIdOf(memberId: string): Promise<{ verified: string | null; waiting: string | null }>;
  /** Notes a mail address for who has none, and sends a code there. */
  noteMail(
    leaver: ProvenLeaver,
    address: string,
    locale: Locale,
  ): Promise<true | Refused<SetRefusal | ManageContactRefusal>>;
  /** The code has come back. */
  confirmMail(
    leaver: ProvenLeaver,
    code: string,
    locale: Locale,
  ): Promise<true | Refused<SetRefusal | ManageContactRefusal>>;
  byPassword(leaver: ProvenLeaver, password: string): Promise<true | Refused<SetRefusal>>;
  /** `uid` names the ceremony. */
  byPasskey(leaver: ProvenLeaver, uid: string, answer: string): Promise<true | Refused<SetRefusal>>;
}

export function setOwnWay(deps: {
  unitOfWork: UnitOfWork;
  members: MemberStore;
  leaverOf: LeaverOf;
  hashes: PasswordHashes;
  passwords: NewPasswords;
  enrolPasskey: Pick<EnrolPasskey, 'finish'>;
  contacts: Pick<ContactStore, 'verifiedOf' | 'ofMember'>;
  manage: Pick<ManageContacts, 'add' | 'confirm'>;
  messenger: Messenger;
  outbox: Outbox;
  controls: Controls;
  clock: Clock;
  ids: IdSource;
  log: Log;
}): SetOwnWay {
  const { members, contacts, messenger, clock, ids, log } = deps;

  const loginIdOf = async (memberId: string) =>
    (await contacts.verifiedOf(memberId)).find(({ channel }) => channel === 'mail')?.address ??
    null;
  // The one that was noted last is the one on the page.
  const waitingOf = async (memberId: string) =>
    (await contacts.ofMember(memberId)).findLast(
      ({ channel, verifiedAt }) => channel === 'mail' && verifiedAt === null,
    );
  // Telling is no condition of the change.
  const tell = async (memberId: string, way: 'PASSWORD' | 'PASSKEY') => {
    const locale = (await members.find(memberId))?.locale ?? 'ja';
    const message = ownWayMessage(way, locale);
    const verified = await contacts.verifiedOf(memberId);
    const next = async () => ({ id: ids.next('msg'), ...message });
    for (const each of await sendToContacts(messenger, verified, next)) {
      if (each.delivery !== 'SENT') log.warn('carry_over.not_told', { ...each });
    }
    log.info('carry_over.done', { memberId, way });
  };

  return {
    loginIdOf: async (memberId) => ({
      verified: await loginIdOf(memberId),
      waiting: (await waitingOf(memberId))?.address ?? null,
    }),

    noteMail: async ({ memberId, amr }, address, locale) => {
      const refusal = judgeCarryOver(await deps.leaverOf(memberId), amr);
      if (refusal) return refusal;
      const noted = await deps.manage.add({ memberId, locale }, { channel: 'mail', address });
      return isRefused(noted) ? noted : true;
    },

    confirmMail: async ({ memberId, amr }, code, locale) => {
      const refusal = judgeCarryOver(await deps.leaverOf(memberId), amr);
      if (refusal) return refusal;
      const waiting = await waitingOf(memberId);
      if (!waiting) return refuse('CONTACT_NOT_FOUND');
      const id = contactId(waiting);
      const confirmed = await deps.manage.confirm({ memberId, locale }, { id, code });
      return isRefused(confirmed) ? confirmed : true;
    },

    byPassword: async ({ memberId, amr }, password) => {
      const open = deps.controls.guard('login.password'); // for logins that nobody may make
      if (isRefused(open)) return open;
      const refusal = judgeCarryOver(await deps.leaverOf(memberId), amr);
      if (refusal) return refusal;
      const [member, mail] = await Promise.all([members.find(memberId), loginIdOf(memberId)]);
      if (!member || mail === null) return refuse('CARRY_OVER_OVER');
      const own = { canonicalMail: mail, displayName: member.displayName };
      const weak = await deps.passwords.judge(password, own);
      if (weak) return weak;
      const passwordHash = await deps.hashes.make(password);
      if (isRefused(passwordHash)) return passwordHash;
      const at = clock.now();
      const set = await deps.unitOfWork(async (session) => {
        if (member.mail === null && (await members.isTaken(mail, session))) return 'TAKEN';
        const { generation } = deps.controls;
        const made = { mail, passwordHash, at, generation };
        if (!(await members.setFirstPassword(memberId, made, session))) return 'NATIVE';
        await deps.outbox.append(
          session,
          loginsEndedEvent(ids.next('evt'), { memberId, reason: 'CARRIED_OVER' }, at),
        );
        return 'SET';
      });
      if (set === 'TAKEN') return refuse('LOGIN_ID_TAKEN');
      if (set === 'NATIVE') return refuse('ALREADY_NATIVE');
      await tell(memberId, 'PASSWORD');
      return true;
    },

    byPasskey: async (leaver, uid, answer) => {
      const { memberId, amr, at } = leaver;
      const refusal = judgeCarryOver(await deps.leaverOf(memberId), amr);
      if (refusal) return refusal;
      // Of who has no app the telephone was enough, which enrolling knows as a code that confirmed a login.
      const shown = amr.map((method) => (method === 'phone' ? 'sms' : method));
      const added = await deps.enrolPasskey.finish(uid, answer, { memberId, amr: shown, at });
      if (isRefused(added)) return added;
      await tell(memberId, 'PASSKEY');
      return true;
    },
  };
}
