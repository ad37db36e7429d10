import { declareRefusals, isRefused, type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import { admitTry } from '../login/admit-try.ts';
import { newRecoveryCodes, recoveryCodeHash } from './recovery-codes.ts';
import type { SecondFactorRefusal, Vault } from './second-factor.ts';
import type { SecondFactors, SecondFactorStore } from './second-factor.store.ts';
import { newTotpSecret, totpAddress, totpStep } from './totp.ts';

declareRefusals('identity/second-factor/authenticator-app', {
  // One sentence for a wrong code, a used one and too many tries: it tells nobody which.
  SECOND_FACTOR_FAILED: {
    ja: 'コードを確認できませんでした。新しいコードでもう一度お試しください。続けて間違えると30分間使えなくなります。',
    en: 'We could not confirm this code. Please try again with a new one. After repeated mistakes you have to wait 30 minutes.',
  },
  SECOND_FACTOR_MISSING: {
    ja: '認証アプリは登録されていません。',
    en: 'No authenticator app is registered.',
  },
  SECOND_FACTOR_NOT_BEGUN: {
    ja: '認証アプリの登録が途中で変わりました。もう一度はじめからお試しください。',
    en: 'The registration of the app was started again meanwhile. Please start over.',
  },
});

/** What an authenticator app is told, once. */
export interface AppSecret {
  /** Base32, to be typed. */
  readonly secret: string;
  /** `otpauth://…`, to be shown as a QR code. */
  readonly address: string;
}

/** The authenticator app of a member and the recovery codes that go with it. */
export interface AuthenticatorApp {
  /** Begins with a new app; what is registered goes on to count until {@link AuthenticatorApp.confirm}. */
  begin(memberId: string, label: string): Promise<AppSecret>;
  /** The new app shows its first code. Gives the recovery codes, which are never shown again. */
  confirm(
    memberId: string,
    code: string,
  ): Promise<readonly string[] | Refused<SecondFactorRefusal>>;
  /** Whether a code of the app, or a recovery code unless it is the app alone, is right now; it is used up. */
  prove(
    memberId: string,
    code: string,
    by?: 'APP_OR_RECOVERY_CODE' | 'APP_ALONE',
  ): Promise<AppProof | Refused<SecondFactorRefusal>>;
  renewRecoveryCodes(memberId: string): Promise<readonly string[] | Refused<SecondFactorRefusal>>;
  /** Takes the app and its recovery codes away, for a code of either. */
  remove(memberId: string, code: string): Promise<true | Refused<SecondFactorRefusal>>;
}

/** With what it was proven (RFC 8176 has no value for recovery codes: ours is `recovery`). */
export interface AppProof {
  readonly amr: 'otp' | 'recovery';
  /** Recovery codes that are left. */
  readonly recoveryCodes: number;
}

const PURPOSE = 'authenticator app';

/** @param secret names recovery codes in the database; with another one, all of them are void */
export function authenticatorApp(deps: {
  factors: SecondFactorStore;
  vault: Vault;
  secret: string;
  clock: Clock;
}): AuthenticatorApp {
  const { factors, vault, secret, clock } = deps;
  const hashes = (codes: readonly string[], memberId: string) =>
    codes.flatMap((code) => recoveryCodeHash(code, memberId, secret) ?? []);

  const step = (sealed: string, memberId: string, code: string, at: Date) =>
    totpStep(vault.open(sealed, `${PURPOSE} ${memberId}`), code, at);

  const admit = async (memberId: string, at: Date): Promise<SecondFactors | null> => {
    const read = () => factors.find(memberId);
    return admitTry(await read(), {
      at,
      read,
      count: (_, counter) => factors.countTry(memberId, counter),
    });
  };

  const prove: AuthenticatorApp['prove'] = async (memberId, code, by) => {
    const at = clock.now();
    const found = await admit(memberId, at);
    if (!found?.totp) return refuse('SECOND_FACTOR_FAILED');
    const amr = await spend(found, { code, at, byRecoveryCode: by !== 'APP_ALONE' });
    if (isRefused(amr)) return amr;
    await factors.forgetTries(memberId);
    return { amr, recoveryCodes: found.recoveryCodes - (amr === 'recovery' ? 1 : 0) };
  };

  return {
    begin: async (memberId, label) => {
      const made = newTotpSecret();
      const sealed = vault.seal(made, `${PURPOSE} ${memberId}`);
      await factors.begin(memberId, { sealed, addedAt: clock.now() });
      return { secret: made, address: totpAddress(made, label) };
    },

    confirm: async (memberId, code) => {
      const at = clock.now();
      const found = await admit(memberId, at);
      if (!found) return refuse('SECOND_FACTOR_FAILED');
      if (!found.pending) return refuse('SECOND_FACTOR_NOT_BEGUN');
      const { sealed } = found.pending;
      const proven = step(sealed, memberId, code, at);
      if (proven === null) return refuse('SECOND_FACTOR_FAILED');
      const codes = newRecoveryCodes();
      const app = { sealed, step: proven, recovery: hashes(codes, memberId), at };
      return (await factors.confirm(memberId, app)) ? codes : refuse('SECOND_FACTOR_NOT_BEGUN');
    },

    prove,

    renewRecoveryCodes: async (memberId) => {
      const codes = newRecoveryCodes();
      const renewed = await factors.renewRecoveryCodes(memberId, hashes(codes, memberId));
      return renewed ? codes : refuse('SECOND_FACTOR_MISSING');
    },

    remove: async (memberId, code) => {
      if (!(await factors.find(memberId))?.totp) return refuse('SECOND_FACTOR_MISSING');
      const proof = await prove(memberId, code);
      if (isRefused(proof)) return proof;
      return (await factors.remove(memberId)) ? true : refuse('SECOND_FACTOR_MISSING');
    },
  };

  async function spend(
    { memberId, totp }: SecondFactors,
    { code, at, byRecoveryCode }: { code: string; at: Date; byRecoveryCode: boolean },
  ): Promise<AppProof['amr'] | Refused<'SECOND_FACTOR_FAILED'>> {
    const typed = code.normalize('NFKC').replace(/\s/g, '');
    const proven = totp && step(totp.sealed, memberId, typed, at);
    if (proven !== null && (await factors.spendStep(memberId, proven))) return 'otp';
    const hash = byRecoveryCode ? recoveryCodeHash(code, memberId, secret) : null;
    if (hash !== null && (await factors.spendRecoveryCode(memberId, hash))) return 'recovery';
    return refuse('SECOND_FACTOR_FAILED');
  }
}
