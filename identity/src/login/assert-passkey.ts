import { isRefused, type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  type PublicKeyCredentialRequestOptionsJSON,
  verifyAuthenticationResponse,
} from '@simplewebauthn/server';
import type { Login } from './login.ts';
import { passkeyMethods, type PasskeyRefusal } from './passkey.ts';
import type { PasskeyStore } from './passkey.store.ts';
import type { SignedChallenges } from './signed-challenge.ts';
import { CEREMONY_SECONDS, readCredential, type RelyingParty } from './relying-party.ts';

export interface AssertPasskey {
  /** Options for the browser. With a member: that member must confirm. Without: anybody may log in. */
  begin(uid: string, memberId: string | null): Promise<PublicKeyCredentialRequestOptionsJSON>;
  /** Checks the browser's answer (JSON text). A challenge is answered once, right or wrong. */
  finish(uid: string, answer: string): Promise<Login | Refused<PasskeyRefusal>>;
}

/** Logging in, or stepping up, by a passkey with user verification (WebAuthn Level 3 §7.2). */
export const assertPasskey = (
  deps: { passkeys: PasskeyStore; challenges: SignedChallenges; clock: Clock },
  { rpId, origin }: RelyingParty,
): AssertPasskey => ({
  begin: async (uid, memberId) => {
    const { passkeys, challenges, clock } = deps;
    const own = memberId === null ? [] : await passkeys.ofMember(memberId);
    const until = new Date(clock.now().getTime() + CEREMONY_SECONDS * 1_000);
    return generateAuthenticationOptions({
      rpID: rpId,
      challenge: challenges.make({ uid, memberId }, until),
      userVerification: 'required',
      timeout: CEREMONY_SECONDS * 1_000,
      allowCredentials: own.map(({ id, transports }) => ({ id, transports: [...transports] })),
    });
  },

  finish: async (uid, answer) => {
    const { passkeys, challenges, clock } = deps;
    const at = clock.now();
    const response = readCredential<AuthenticationResponseJSON>(answer);
    const challenge = isRefused(response) ? null : challengeOf(response);
    if (isRefused(response) || challenge === null) return refuse('PASSKEY_NOT_ACCEPTED');
    const passkey = await passkeys.find(response.id);
    // Stepping up is for the member who is logged in, never for another one in the same browser.
    const answerers = [null, ...(passkey ? [passkey.memberId] : [])];
    const isGood = answerers.some((memberId) =>
      challenges.isGood(challenge, { uid, memberId }, at),
    );
    // Used up by any answer, right or wrong: one of two at once is the first.
    const isFirst = isGood && (await passkeys.useChallenge(challenge));
    if (!passkey || !isFirst) return refuse('PASSKEY_NOT_ACCEPTED');

    const checked = await verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: true,
      credential: { ...passkey, transports: [...passkey.transports] },
    }).catch(() => ({ verified: false as const, authenticationInfo: undefined }));
    if (!checked.verified || !checked.authenticationInfo) return refuse('PASSKEY_NOT_ACCEPTED');
    const moved = await passkeys.count(passkey.id, checked.authenticationInfo.newCounter);
    if (!moved) return refuse('PASSKEY_NOT_ACCEPTED');

    const amr = passkeyMethods(passkey.synchronised);
    return { memberId: passkey.memberId, acr: 'urn:7id:acr:3', amr, at, passkeyId: passkey.id };
  },
});

function challengeOf({ response }: AuthenticationResponseJSON): string | null {
  try {
    const told: unknown = JSON.parse(Buffer.from(response.clientDataJSON, 'base64url').toString());
    const isShaped = typeof told === 'object' && told !== null && 'challenge' in told;
    return isShaped && typeof told.challenge === 'string' ? told.challenge : null;
  } catch {
    return null;
  }
}
