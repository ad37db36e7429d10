import type { UnitOfWork } from '@7pay/mongo';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import {
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type RegistrationResponseJSON,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { ConfirmLogin } from '../second-factor/confirm-login.ts';
import type { Login } from './login.ts';
import {
  enrolmentBy,
  judgeEnrolment,
  type Passkey,
  passkeyMethods,
  type PasskeyRefusal,
} from './passkey.ts';
import type { CeremonyPurpose, PasskeyStore } from './passkey.store.ts';
import { CEREMONY_SECONDS, readCredential, type RelyingParty } from './relying-party.ts';

/** Whom a new passkey is for. */
export interface Enrollee {
  readonly memberId: string;
  readonly name: string;
}

export interface EnrolPasskey {
  /** Options for the browser: a discoverable passkey with user verification. */
  begin(
    uid: string,
    purpose: 'enrol' | 'register',
    enrollee: Enrollee,
  ): Promise<PublicKeyCredentialCreationOptionsJSON>;
  /** Checks the answer to a registration's ceremony; the caller writes the passkey with its member. */
  check(uid: string, answer: string): Promise<Passkey | Refused<PasskeyRefusal>>;
  /** Adds a passkey to the member who is logged in, and raises that login. */
  finish(
    uid: string,
    answer: string,
    login: Omit<Login, 'acr'>,
  ): Promise<Login | Refused<PasskeyRefusal>>;
}

/** Adding passkeys (WebAuthn Level 3 §7.1). */
export function enrolPasskey(
  deps: {
    unitOfWork: UnitOfWork;
    passkeys: PasskeyStore;
    confirmLogin: Pick<ConfirmLogin, 'waysOf'>;
    clock: Clock;
  },
  { rpId, origin, name }: RelyingParty,
): EnrolPasskey {
  const { unitOfWork, passkeys, confirmLogin, clock } = deps;

  const check = async (uid: string, purpose: CeremonyPurpose, answer: string) => {
    const ceremony = await passkeys.take(uid, purpose, clock.now());
    const response = readCredential<RegistrationResponseJSON>(answer);
    if (!ceremony?.memberId || isRefused(response)) return refuse('PASSKEY_NOT_ACCEPTED');
    const checked = await verifyRegistrationResponse({
      response,
      expectedChallenge: ceremony.challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: true,
    }).catch(() => ({ verified: false as const }));
    if (!checked.verified) return refuse('PASSKEY_NOT_ACCEPTED');
    const { credential, credentialDeviceType } = checked.registrationInfo;
    const passkey: Passkey = {
      id: credential.id,
      memberId: ceremony.memberId,
      publicKey: credential.publicKey,
      counter: credential.counter,
      transports: (credential.transports ?? []).slice(0, 10),
      synchronised: credentialDeviceType === 'multiDevice',
      addedAt: clock.now(),
    };
    return passkey;
  };

  return {
    begin: async (uid, purpose, { memberId, name: userName }) => {
      const own = purpose === 'enrol' ? await passkeys.ofMember(memberId) : [];
      const options = await generateRegistrationOptions({
        rpName: name,
        rpID: rpId,
        userName,
        userDisplayName: userName,
        userID: new TextEncoder().encode(memberId),
        attestationType: 'none',
        timeout: CEREMONY_SECONDS * 1_000,
        excludeCredentials: own.map(({ id, transports }) => ({ id, transports: [...transports] })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      });
      const until = new Date(clock.now().getTime() + CEREMONY_SECONDS * 1_000);
      await passkeys.begin(uid, purpose, { challenge: options.challenge, memberId }, until);
      return options;
    },

    check: (uid, answer) => check(uid, 'register', answer),

    finish: async (uid, answer, login) => {
      const passkey = await check(uid, 'enrol', answer);
      if (isRefused(passkey)) return passkey;
      if (passkey.memberId !== login.memberId) return refuse('PASSKEY_NOT_ACCEPTED');
      const by = enrolmentBy(await confirmLogin.waysOf(login.memberId));
      const added = await unitOfWork(async (session) => {
        const own = await passkeys.ofMember(login.memberId);
        const refusal = judgeEnrolment({ passkeys: own.length, ...by, login }, clock.now());
        if (refusal) return refusal;
        const added = await passkeys.insert(passkey, session);
        return added ? passkey : refuse('PASSKEY_NOT_ACCEPTED');
      });
      if (isRefused(added)) return added;
      const amr = [...new Set([...login.amr, ...passkeyMethods(passkey.synchronised)])];
      return { memberId: login.memberId, acr: 'urn:7id:acr:3', amr, at: clock.now() };
    },
  };
}
