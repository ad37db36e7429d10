import {
  type Controls,
  type ControlsRefusal,
  type CutOff,
  isEverything,
  resetsSince,
} from '@7pay/controls';
import type { Outbox } from '@7pay/events';
import type { IdSource } from '@7pay/ids';
import type { UnitOfWork } from '@7pay/mongo';
import type { ClientSession } from 'mongoose';
import { isRefused, type Locale, type Refused, refuse } from '@7pay/refusals';
import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import { loginsEndedEvent } from '../account/logins-ended-event.ts';
import { isLocked, loginIdOf, type Member } from '../account/member.ts';
import type { MemberStore } from '../account/member.store.ts';
import type { PasswordHashes } from '../account/password-hashes.ts';
import type { NewPasswordRefusal, NewPasswords } from '../password/new-passwords.ts';
import { mailAddressOf } from '../contact/mail-address.ts';
import type { ContactStore } from '../contact/contact.store.ts';
import { LOGIN_KEPT_SECONDS, type LoginRecordStore } from '../gate/login-record.store.ts';
import type { Login } from '../login/login.ts';
import { recoveredEvent, type ResetFrom } from './recovered-event.ts';
import { causeOf, RESET_MINUTES, type ResetRefusal } from './reset.ts';
import type { OneTimeCodeRefusal, SentCode } from '../one-time-code/one-time-code.ts';
import type { OneTimeCodes } from '../one-time-code/one-time-codes.ts';
import type { PendingReset, ResetStore } from './reset.store.ts';

export interface ResetPassword {
  /**
   * Begins a reset when the right password of a member opens nothing but its replacement: a mass reset means them, or
   * it is in the hands of attackers. False: nothing is asked of them, or they are locked, and no password opens anything.
   */
  beginIfMeant(uid: string, member: Member, password: string): Promise<boolean>;
  find(uid: string): Promise<PendingReset | null>;
  /** Whether there is an address that a code can go to. */
  canMail(reset: PendingReset, member: Member): Promise<boolean>;
  /** Sends a code to a mail contact that was verified, else to the member's own address; there is no other destination. */
  sendCode(
    uid: string,
    locale: Locale,
  ): Promise<Refused<ResetRefusal | OneTimeCodeRefusal> | undefined>;
  proveByCode(uid: string, code: string): Promise<Refused<ResetRefusal> | undefined>;
  proveByPasskey(uid: string, login: Login): Promise<Refused<ResetRefusal> | undefined>;
  /** Begins for a member who forgot the password and has proven to be the member, by these contacts among others. */
  beginProven(
    proven: { uid: string; member: Member; proof: readonly string[]; by: readonly string[] },
    session: ClientSession,
  ): Promise<void>;
  /**
   * Sets the new password, ends every other login of the member, and logs in. One that was forgotten is told to all
   * contacts, with where it came from, and money stays low for a while.
   */
  finish(
    uid: string,
    password: string,
    from: ResetFrom,
  ): Promise<Login | Refused<ResetRefusal | NewPasswordRefusal | ControlsRefusal>>;
}

export interface ResetDeps {
  readonly unitOfWork: UnitOfWork;
  readonly members: MemberStore;
  readonly logins: LoginRecordStore;
  readonly resets: ResetStore;
  readonly hashes: PasswordHashes;
  readonly passwords: NewPasswords;
  readonly contacts: Pick<ContactStore, 'verifiedOf'>;
  readonly codes: OneTimeCodes;
  readonly outbox: Outbox;
  readonly controls: Controls;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
}

/** What a member meets whose password was cut by a mass reset (docs/adr/0031-one-gate-for-every-login.md). */
export function resetPassword(deps: ResetDeps): ResetPassword {
  const {
    unitOfWork,
    members,
    logins,
    resets,
    hashes,
    passwords,
    contacts,
    codes,
    outbox,
    controls,
    clock,
    ids,
    log,
  } = deps;

  const meant = async ({ id, passwordGeneration }: Member): Promise<CutOff[]> => {
    const { cutOffs } = controls;
    const now = clock.now();
    const unseen = resetsSince(passwordGeneration ?? 0, { cutOffs, now });
    const found: CutOff[] = [];
    for (const cutOff of unseen) {
      const { cohort, cutAt } = cutOff;
      const until = cohort.until && cohort.until < cutAt ? cohort.until : cutAt;
      // As far back as the dry run counted: what is meant does not change while the facts of logins are swept away.
      const first = new Date(cutAt.getTime() - LOGIN_KEPT_SECONDS * 1_000);
      const from = cohort.from && cohort.from > first ? cohort.from : first;
      const among = { ...cohort, from, until };
      const isMeant = isEverything(cohort) || (await logins.hasLoggedIn(id, among, now));
      if (isMeant) found.push(cutOff);
    }
    return found;
  };
  // An address that nobody verified is good for a member who told us of nothing.
  const addressOf = ({ cause }: PendingReset, member: Member): Promise<string | null> =>
    mailAddressOf(member, contacts, cause === 'DISOWNED' ? 'VERIFIED' : 'REACH');
  // Of the member, not of the interaction: its limits hold however many logins are begun, and another member's code proves nothing.
  const codeTo = async (reset: PendingReset, member: Member): Promise<SentCode | null> => {
    const address = await addressOf(reset, member);
    const { id: memberId } = member;
    return address === null
      ? null
      : { memberId, purpose: 'RESET_PASSWORD', channel: 'mail', address };
  };
  const find = (uid: string) => resets.find(uid, clock.now());
  const untilOf = (at: Date) => new Date(at.getTime() + RESET_MINUTES * 60_000);
  // A list that cannot be read keeps nobody out whose password is right.
  const isBreached = (password: string) =>
    passwords.isBreached(password).catch((error: unknown) => {
      log.error('password.list_unreadable', { cause: error });
      return false;
    });

  return {
    find,
    canMail: async (reset, member) => (await addressOf(reset, member)) !== null,

    beginIfMeant: async (uid, member, password) => {
      if (isLocked(member)) return false;
      const { id: memberId } = member;
      const cutOffs = (await meant(member)).map(({ id }) => id);
      const cause = causeOf(member, cutOffs);
      if (cause === 'BREACHED' && !(await isBreached(password))) return false;
      const asked = { uid, memberId, cause, cutOffs, proof: [], by: [] } as const;
      await resets.begin(asked, untilOf(clock.now()));
      return true;
    },

    beginProven: async ({ uid, member, proof, by }, session) => {
      // A new password is what a mass reset asks for as well: it counts as done.
      const cutOffs = (await meant(member)).map(({ id }) => id);
      const asked = { uid, memberId: member.id, cause: 'FORGOTTEN', cutOffs, proof, by } as const;
      await resets.begin(asked, untilOf(clock.now()), session);
    },

    sendCode: async (uid, locale) => {
      const reset = await find(uid);
      const member = reset && (await members.find(reset.memberId));
      if (!reset || !member) return refuse('RESET_OVER');
      const to = await codeTo(reset, member);
      if (!to) return refuse('RESET_PROOF_WRONG');
      if (!(await resets.sendCode(uid))) return refuse('RESET_TOO_MANY_CODES');
      const sent = await codes.send(to, locale);
      return isRefused(sent) ? sent : undefined;
    },

    proveByCode: async (uid, code) => {
      const reset = await find(uid);
      const member = reset && (await members.find(reset.memberId));
      if (!reset || !member) return refuse('RESET_OVER');
      if (!(await resets.tryCode(uid))) return refuse('RESET_PROOF_WRONG');
      const to = await codeTo(reset, member);
      if (!to || isRefused(await codes.prove(to, code))) return refuse('RESET_PROOF_WRONG');
      await resets.prove({ uid, memberId: member.id }, ['mail']);
      return undefined;
    },

    proveByPasskey: async (uid, { memberId, amr }) => {
      const reset = await find(uid);
      if (!reset) return refuse('RESET_OVER');
      if (reset.memberId !== memberId) return refuse('RESET_PROOF_WRONG');
      await resets.prove({ uid, memberId }, amr);
      return undefined;
    },

    finish: async (uid, password, from) => {
      const reset = await find(uid);
      const member = reset && (await members.find(reset.memberId));
      if (!reset || !member) return refuse('RESET_OVER');
      if (reset.proof.length === 0) return refuse('RESET_PROOF_WRONG');
      const forgotten = reset.cause === 'FORGOTTEN';
      if (isLocked(member) && !forgotten) return refuse('RESET_OVER'); // back by a recovery alone
      const keys = [...(forgotten ? ['recovery'] : []), 'login.password']; // it ends in a login by password
      const open = controls.guard(...keys);
      if (isRefused(open)) return open;
      const own = { canonicalMail: loginIdOf(member) ?? '', displayName: member.displayName };
      const weak = await passwords.judge(password, own);
      if (weak) return weak;
      const same = await hashes.fits(password, await members.passwordHash(member.id));
      if (isRefused(same)) return same;
      if (same) return refuse('PASSWORD_UNCHANGED');
      const passwordHash = await hashes.make(password);
      if (isRefused(passwordHash)) return passwordHash;

      const at = clock.now();
      const taken = await unitOfWork(async (session) => {
        const mine = await resets.take(uid, at, session);
        if (mine?.memberId !== member.id) return null;
        const { generation } = controls;
        await members.setPassword(member.id, { passwordHash, at, generation }, session);
        for (const cutOff of mine.cutOffs) await resets.count(cutOff, member.id, session);
        await outbox.append(
          session,
          loginsEndedEvent(ids.next('evt'), { memberId: member.id, reason: 'PASSWORD_RESET' }, at),
        );
        if (mine.cause !== 'FORGOTTEN') return mine;
        await members.liftLock(member.id, at, session);
        await outbox.append(session, recoveredEvent(ids.next('evt'), mine, from, at));
        return mine;
      });
      if (!taken) return refuse('RESET_OVER');
      const byPasskey = taken.proof.includes('pop');
      const acr = byPasskey ? 'urn:7id:acr:3' : 'urn:7id:acr:1'; // a mailed code is no second factor for money
      const amr = ['pwd', ...taken.proof];
      return { memberId: member.id, acr, amr, at };
    },
  };
}
