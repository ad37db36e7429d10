import { isRefused, refuse } from '@7pay/refusals';
import { testDatabase } from '@7pay/testing';
import { fixedClock } from '@7pay/time';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AuthenticatorApp, authenticatorApp } from './authenticator-app.ts';
import {
  openSecondFactorStore,
  secondFactorModel,
  type SecondFactorStore,
} from './second-factor.store.ts';

const clock = fixedClock('2019-07-01T00:00:00Z');
const sealing = {
  seal: (text: string, purpose: string) => `${purpose}|${text}`,
  open: (sealed: string, purpose: string) => {
    expect(sealed.startsWith(`${purpose}|`)).toBe(true);
    return sealed.slice(purpose.length + 1);
  },
};
let database: Awaited<ReturnType<typeof testDatabase>>;
let factors: SecondFactorStore;
let app: AuthenticatorApp;
beforeAll(async () => {
  database = await testDatabase('second_factor');
  await secondFactorModel(database.connection).createCollection();
  factors = openSecondFactorStore(database.connection);
  app = authenticatorApp({ factors, vault: sealing, secret: 's'.repeat(32), clock });
});
afterAll(() => database.drop());

let memberId = '';
let serial = 0;
beforeEach(() => {
  serial += 1;
  memberId = `mem_${serial}`;
  clock.advance(60 * 60_000);
});

const codeOf = (secret: string) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.now().getTime() });
async function enrolled() {
  const { secret } = await app.begin(memberId, 'hana@example.jp');
  const codes = await app.confirm(memberId, codeOf(secret));
  if (isRefused(codes)) throw new Error(codes.refused);
  clock.advance(30_000);
  return { secret, codes };
}
const failed = refuse('SECOND_FACTOR_FAILED');

describe('an authenticator app', () => {
  it('proves by itself alone where that is asked for, and no recovery code is used up', async () => {
    const { secret, codes } = await enrolled();
    expect(await app.prove(memberId, codes[0]!, 'APP_ALONE')).toEqual(failed);
    expect(await app.prove(memberId, codeOf(secret), 'APP_ALONE')).toMatchObject({
      amr: 'otp',
      recoveryCodes: 10,
    });
    expect(await app.prove(memberId, codes[0]!)).toMatchObject({ amr: 'recovery' });
  });

  it('counts once it has shown a code, and gives ten recovery codes', async () => {
    const { secret } = await app.begin(memberId, 'hana@example.jp');
    expect(await app.prove(memberId, codeOf(secret))).toEqual(failed);
    const codes = await app.confirm(memberId, codeOf(secret));
    expect(codes).toHaveLength(10);
    clock.advance(30_000);
    expect(await app.prove(memberId, ` ${codeOf(secret)} `)).toEqual({
      amr: 'otp',
      recoveryCodes: 10,
    });
  });

  it('proves once with a code, of any number of tries at once', async () => {
    const { secret } = await enrolled();
    const code = codeOf(secret);
    const all = await Promise.all(Array.from({ length: 8 }, () => app.prove(memberId, code)));
    expect(all.filter((each) => !isRefused(each))).toHaveLength(1);
    expect(await app.prove(memberId, code)).toEqual(failed);
  });

  it('never takes an older code after a newer one', async () => {
    const { secret } = await enrolled();
    const older = codeOf(secret);
    clock.advance(30_000);
    expect(await app.prove(memberId, codeOf(secret))).toMatchObject({ amr: 'otp' });
    expect(await app.prove(memberId, older)).toEqual(failed);
  });

  it('is locked for 30 minutes after ten wrong tries, made at once or one by one', async () => {
    const { secret, codes } = await enrolled();
    await Promise.all(Array.from({ length: 12 }, () => app.prove(memberId, '000000')));
    while ((await factors.find(memberId))!.wrongTries < 10) await app.prove(memberId, '000000');
    expect(await app.prove(memberId, codeOf(secret))).toEqual(failed);
    expect(await app.prove(memberId, codes[0]!)).toEqual(failed);
    clock.advance(30 * 60_000);
    expect(await app.prove(memberId, codeOf(secret))).toMatchObject({ amr: 'otp' });
  });

  it('stays as it is until a new one has shown a code', async () => {
    const { secret } = await enrolled();
    const next = await app.begin(memberId, 'hana@example.jp');
    expect(await app.prove(memberId, codeOf(secret))).toMatchObject({ amr: 'otp' });
    expect(isRefused(await app.confirm(memberId, codeOf(next.secret)))).toBe(false);
    clock.advance(30_000);
    expect(await app.prove(memberId, codeOf(secret))).toEqual(failed);
    expect(await app.prove(memberId, codeOf(next.secret))).toMatchObject({ amr: 'otp' });
  });

  it('is not confirmed with the code of one that was begun before', async () => {
    const first = await app.begin(memberId, 'x');
    await app.begin(memberId, 'x');
    expect(await app.confirm(memberId, codeOf(first.secret))).toEqual(failed);
  });

  it('of another member proves nothing', async () => {
    const { secret, codes } = await enrolled();
    memberId = 'mem_other';
    await enrolled();
    expect(await app.prove(memberId, codeOf(secret))).toEqual(failed);
    expect(await app.prove(memberId, codes[0]!)).toEqual(failed);
  });

  it('is taken away with its recovery codes', async () => {
    const { secret, codes } = await enrolled();
    expect(await app.remove(memberId, '000000')).toEqual(failed);
    expect(await app.remove(memberId, codes[1]!)).toBe(true);
    expect(await app.prove(memberId, codeOf(secret))).toEqual(failed);
    expect(await app.prove(memberId, codes[0]!)).toEqual(failed);
    expect(await app.remove(memberId, codes[2]!)).toEqual(refuse('SECOND_FACTOR_MISSING'));
    expect(await app.renewRecoveryCodes(memberId)).toEqual(refuse('SECOND_FACTOR_MISSING'));
  });
});

describe('a recovery code', () => {
  it('proves once, of any number of tries at once', async () => {
    const { codes } = await enrolled();
    const tries = Array.from({ length: 8 }, () => app.prove(memberId, codes[3]!));
    const proven = (await Promise.all(tries)).filter((each) => !isRefused(each));
    expect(proven).toEqual([{ amr: 'recovery', recoveryCodes: 9 }]);
    expect(await factors.find(memberId)).toMatchObject({ recoveryCodes: 9 });
  });

  it('is void when new ones are made', async () => {
    const { codes } = await enrolled();
    const renewed = (await app.renewRecoveryCodes(memberId)) as readonly string[];
    expect(renewed).toHaveLength(10);
    expect(await app.prove(memberId, codes[0]!)).toEqual(failed);
    expect(await app.prove(memberId, renewed[0]!)).toMatchObject({ amr: 'recovery' });
  });

  it('is nowhere in the database', async () => {
    const { codes } = await enrolled();
    const row = JSON.stringify(await secondFactorModel(database.connection).findById(memberId));
    for (const code of codes) {
      expect(row).not.toContain(code);
      expect(row).not.toContain(code.replaceAll('-', ''));
    }
  });
});
