import { isRefused, type Locale, type Refused, refuse } from '@7pay/refusals';
import type { IdSource } from '@7pay/ids';
import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import type { Messenger } from '@7pay/world';
import type { MemberStore } from '../account/member.store.ts';
import type { RegisterMember, RegisterRefusal, Registration } from '../account/register-member.ts';
import type { ContactStore } from '../contact/contact.store.ts';
import type { Passkey } from '../login/passkey.ts';
import type { PasskeyStore } from '../login/passkey.store.ts';
import { askingBudget } from '../one-time-code/asking-budget.ts';
import type { MessageBudget } from '../one-time-code/message-budget.store.ts';
import type { SentCode } from '../one-time-code/one-time-code.ts';
import type { OneTimeCodes } from '../one-time-code/one-time-codes.ts';
import type { WindowCounts } from '../one-time-code/window-count.store.ts';
import {
  addressOf,
  type PendingRegistration,
  REGISTRATION_LIMITS,
  REGISTRATION_MINUTES,
  type RegistrationStepRefusal,
} from './registration.ts';
import type { RegistrationStore } from './registration.store.ts';
import { takenMessage } from './taken-message.ts';

/** What is left to do when the answer is out; it needs no answer of its own. */
type Deliver = () => Promise<void>;

/** What somebody fills in: a password, or a passkey that was just made. */
export type Wanted = Pick<Registration, 'mail' | 'displayName' | 'locale'> &
  ({ readonly password: string } | { readonly passkey: Passkey });

/**
 * Registration by the page: nobody is a member before a code has come back from their address. The answers depend on nobody's account:
 * to the address of a member goes a mail that says so, and no code.
 */
export interface RegisterByCode {
  begin(
    uid: string,
    wanted: Wanted,
    network: string | null,
  ): Promise<Deliver | Refused<RegisterRefusal | 'LOGIN_BUSY'>>;
  /** Another code. */
  again(
    uid: string,
    network: string | null,
  ): Promise<Deliver | Refused<RegistrationStepRefusal | 'LOGIN_BUSY'>>;
  find(uid: string): Promise<PendingRegistration | null>;
  /** The code has come back: they are a member, and their address is verified. */
  finish(
    uid: string,
    code: string,
  ): Promise<PendingRegistration | Refused<RegisterRefusal | RegistrationStepRefusal>>;
}

export interface RegisterByCodeDeps {
  readonly register: RegisterMember;
  readonly registrations: RegistrationStore;
  readonly members: Pick<MemberStore, 'findCredentials'>;
  readonly passkeys: Pick<PasskeyStore, 'insert'>;
  readonly contacts: Pick<ContactStore, 'add' | 'verify'>;
  readonly codes: OneTimeCodes;
  readonly counts: WindowCounts;
  readonly budget: MessageBudget;
  readonly messenger: Messenger;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
}

const MINUTE = 60_000;

export function registerByCode(deps: RegisterByCodeDeps): RegisterByCode {
  const { register, registrations, members, passkeys, contacts, codes, counts } = deps;
  const { budget, messenger, clock, ids, log } = deps;

  const admits = askingBudget(counts, 'registration', REGISTRATION_LIMITS);
  const tellOwner = async (address: string, locale: Locale) => {
    const to = { channel: 'mail', address, cause: 'ANYBODY' } as const;
    if (!(await budget.spend(to, clock.now()))) return log.warn('registration.owner_not_told', {});
    const message = { id: ids.next('msg'), channel: 'mail' as const, to: address };
    const delivery = await messenger.send({ ...message, ...takenMessage(locale) });
    if (delivery !== 'SENT') log.warn('registration.owner_not_told', { outcome: delivery });
  };
  const delivering =
    (pending: PendingRegistration): Deliver =>
    async () => {
      const { locale } = pending.member;
      const address = addressOf(pending);
      const owner = await members.findCredentials(address);
      if (owner) return tellOwner(address, owner.member.locale);
      const sent = await codes.send(codeOf(pending), locale);
      if (isRefused(sent)) log.warn('registration.not_sent', { code: sent.refused });
    };

  return {
    begin: async (uid, { mail, displayName, locale, ...way }, network) => {
      const at = clock.now();
      if (!(await admits(network, at))) return refuse('LOGIN_BUSY');
      const passkey = 'passkey' in way ? way.passkey : null;
      const member = await register.prepare({
        mail,
        displayName,
        locale,
        password: 'password' in way ? way.password : null,
        ...(passkey && { memberId: passkey.memberId }),
      });
      if (isRefused(member)) return member;
      const pending = { uid, member, passkey };
      await registrations.begin(pending, new Date(at.getTime() + REGISTRATION_MINUTES * MINUTE));
      return delivering(pending);
    },
    again: async (uid, network) => {
      const at = clock.now();
      const pending = await registrations.find(uid, at);
      if (!pending) return refuse('REGISTRATION_OVER');
      return (await admits(network, at)) ? delivering(pending) : refuse('LOGIN_BUSY');
    },
    find: (uid) => registrations.find(uid, clock.now()),
    finish: async (uid, code) => {
      const at = clock.now();
      const pending = await registrations.find(uid, at);
      if (!pending) return refuse('REGISTRATION_OVER');
      const right = await codes.prove(codeOf(pending), code.slice(0, 64));
      if (isRefused(right)) return refuse('REGISTRATION_CODE_WRONG');
      const { member, passkey } = pending;
      const contact = {
        memberId: member.id,
        channel: 'mail',
        address: addressOf(pending),
      } as const;
      await contacts.add({ ...contact, addedAt: at }); // counts for nothing until it is verified
      const made = await register.insert({ ...member, registeredAt: at }, async (session) => {
        if (!(await registrations.take({ uid, memberId: member.id }, session))) return false;
        if (passkey && !(await passkeys.insert(passkey, session))) return false;
        return contacts.verify(contact, at, session);
      });
      return isRefused(made) ? made : pending;
    },
  };
}

const codeOf = (pending: PendingRegistration): SentCode => ({
  memberId: pending.member.id,
  purpose: 'REGISTER',
  channel: 'mail',
  address: addressOf(pending),
});
