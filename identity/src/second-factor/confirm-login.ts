import { declareRefusals, isRefused, type Locale, type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import type { MemberStore } from '../account/member.store.ts';
import { type Contact, maskedAddress } from '../contact/contact.ts';
import { mailAddressOf } from '../contact/mail-address.ts';
import type { ContactStore } from '../contact/contact.store.ts';
import type { Login } from '../login/login.ts';
import type { OneTimeCodeRefusal, SentCode } from '../one-time-code/one-time-code.ts';
import type { OneTimeCodes } from '../one-time-code/one-time-codes.ts';
import type { AuthenticatorApp } from './authenticator-app.ts';
import type { SecondFactorRefusal } from './second-factor.ts';
import type { SecondFactorStore } from './second-factor.store.ts';

declareRefusals('identity/second-factor/confirm-login', {
  STEP_UP_OVER: {
    ja: 'この画面の本人確認は終わっています。もう一度ログインしてください。',
    en: 'There is nothing to confirm on this page any more. Please log in again.',
  },
});

/** By what a member can confirm a login besides a passkey. */
export interface SecondFactorWays {
  readonly app: boolean;
  /** The telephone, masked; null when the member has none that was verified. */
  readonly sms: string | null;
  /**
   * The mail address, masked; null when the member has none. A code that is sent there is no second factor: whoever reads the mail
   * can set the password too. The first factor of a member rests on it.
   */
  readonly mail: string | null;
}

type Shown = Pick<Login, 'memberId' | 'amr'>;

/** Confirming a login by something that the member has. The login keeps the methods that it was made by. */
export interface ConfirmLogin {
  waysOf(memberId: string): Promise<SecondFactorWays>;
  /** By a code of the authenticator app, or a recovery code. */
  byCode(login: Shown, code: string): Promise<Login | Refused<SecondFactorRefusal>>;
  /** Sends a code to the member's telephone; there is no other destination. */
  sendSms(memberId: string, locale: Locale): Promise<true | Refused<OneTimeCodeRefusal>>;
  bySms(login: Shown, code: string): Promise<Login | Refused<OneTimeCodeRefusal>>;
  /** Sends a code to the member's mail address, as {@link ConfirmLogin.sendSms}. */
  sendMail(memberId: string, locale: Locale): Promise<true | Refused<OneTimeCodeRefusal>>;
  /** The code has come back. The login stays at the level it has. */
  byMail(login: Shown, code: string): Promise<Login | Refused<OneTimeCodeRefusal>>;
}

export function confirmLogin(deps: {
  app: Pick<AuthenticatorApp, 'prove'>;
  factors: Pick<SecondFactorStore, 'find'>;
  contacts: Pick<ContactStore, 'verifiedOf'>;
  members: Pick<MemberStore, 'find'>;
  codes: OneTimeCodes;
  clock: Clock;
}): ConfirmLogin {
  const { app, factors, contacts, members, codes, clock } = deps;

  // The oldest: one that was added later, by whomever, takes nothing over.
  const telephoneOf = async (memberId: string): Promise<Contact | undefined> =>
    (await contacts.verifiedOf(memberId)).find(({ channel }) => channel === 'sms');
  const sentTo = ({ memberId, channel, address }: Contact): SentCode => ({
    memberId,
    purpose: 'STEP_UP',
    channel,
    address,
  });
  const mailOf = async (memberId: string): Promise<SentCode | undefined> => {
    const member = await members.find(memberId);
    const address = member && (await mailAddressOf(member, contacts));
    if (address === null) return undefined;
    return { memberId, purpose: 'FIRST_FACTOR', channel: 'mail', address };
  };
  const shown = (
    { memberId, amr }: Shown,
    method: string,
    { acr, at }: Pick<Login, 'acr' | 'at'>,
  ) => ({
    memberId,
    acr,
    amr: [...new Set([...amr, method])],
    at,
  });
  const confirmed = (login: Shown, method: string, at: Date): Login =>
    shown(login, method, { acr: 'urn:7id:acr:2', at });

  return {
    waysOf: async (memberId) => {
      const [found, telephone, mail] = await Promise.all([
        factors.find(memberId),
        telephoneOf(memberId),
        mailOf(memberId),
      ]);
      return {
        app: Boolean(found?.totp),
        sms: telephone ? maskedAddress('sms', telephone.address) : null,
        mail: mail ? maskedAddress('mail', mail.address) : null,
      };
    },
    byCode: async (login, code) => {
      const at = clock.now();
      const proof = await app.prove(login.memberId, code);
      return isRefused(proof) ? proof : confirmed(login, proof.amr, at);
    },
    sendSms: async (memberId, locale) => {
      const telephone = await telephoneOf(memberId);
      return telephone ? codes.send(sentTo(telephone), locale) : refuse('CONTACT_NOT_FOUND');
    },
    bySms: async (login, code) => {
      const at = clock.now();
      const telephone = await telephoneOf(login.memberId);
      if (!telephone) return refuse('CONTACT_NOT_FOUND');
      const proof = await codes.prove(sentTo(telephone), code);
      return isRefused(proof) ? proof : confirmed(login, 'sms', at);
    },
    sendMail: async (memberId, locale) => {
      const mail = await mailOf(memberId);
      return mail ? codes.send(mail, locale) : refuse('CONTACT_NOT_FOUND');
    },
    byMail: async (login, code) => {
      const at = clock.now();
      const mail = await mailOf(login.memberId);
      if (!mail) return refuse('CONTACT_NOT_FOUND');
      const proof = await codes.prove(mail, code);
      return isRefused(proof) ? proof : shown(login, 'mail', { acr: 'urn:7id:acr:1', at });
    },
  };
}
