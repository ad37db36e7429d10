import { describe, expect, it } from 'vitest';
import { deviceVault } from '../payment-device/device-vault.ts';
import { type PaymentDevice, spendBy } from '../payment-device/payment-device.ts';
import { BAD_SCANS_MAX, type BadScans, countBadScan, scanLock } from './bad-scans.ts';
import { makeDigits, readCode } from './payment-code.ts';
import { matchTime, type PaymentHandle, presentHandle, type TimeMatch } from './payment-handle.ts';
import { stepOf, timeDigits } from './time-digits.ts';

const at = new Date('2019-07-01T00:00:00Z');
const later = (ms: number) => new Date(at.getTime() + ms);
const device: PaymentDevice = {
  id: 'dev_1',
  walletId: 'wal_1',
  memberId: 'mem_1',
  name: '',
  state: 'ACTIVE',
  place: 0,
  serverKey: { x: '', y: '' },
  sealed: 'sealed',
  registeredAt: at,
  contactAt: at,
  payments: 0,
  spent: 0,
  batch: 3,
  epoch: 0,
  generation: 1,
  logins: [],
  removedAt: null,
};
const handle: PaymentHandle = {
  key: 'k',
  deviceId: 'dev_1',
  walletId: 'wal_1',
  memberId: 'mem_1',
  batch: 3,
  epoch: 0,
  generation: 1,
  login: null,
  issuedAt: at,
  expiresAt: later(1_000),
  usedBy: null,
};

describe('the digits of a code', () => {
  it('are 24 in both classes', () => {
    const made = makeDigits((count) => '7'.repeat(count));
    expect(made).toHaveLength(24);
    expect(readCode(made)).toEqual({ kind: 'ONLINE' });
    expect(readCode('711000772123456789010042')).toEqual({
      kind: 'OFFLINE',
      handle: '12345678901',
      time: '0042',
    });
  });

  it.each(['', '71100077212345678901004', '7110007721234567890100421', '711000773123456789010042'])(
    'are not read from %j',
    (code) => expect(readCode(code)).toBeNull(),
  );
});

describe('time digits', () => {
  const agreed = Buffer.alloc(32, 7);
  const of = (deviceId: string, code: string) => timeDigits(agreed, { deviceId, handle: code });

  it('are four, the same for the same handle and step, and of no use for another', () => {
    const digits = of('dev_1', '12345678901');
    const shown = Array.from({ length: 50 }, (_, step) => digits(step));
    for (const each of shown) expect(each).toMatch(/^\d{4}$/);
    expect(new Set(shown).size).toBeGreaterThan(40);
    expect(of('dev_1', '12345678901')(7)).toBe(shown[7]);
    const others = [of('dev_2', '12345678901'), of('dev_1', '12345678902')];
    for (const other of others) {
      expect(Array.from({ length: 50 }, (_, step) => other(step))).not.toEqual(shown);
    }
  });

  it.each<[number, TimeMatch]>([
    [0, 'NOW'],
    [1, 'NOW'],
    [-1, 'NOW'],
    [2, 'LATE'],
    [-2, 'LATE'],
    [-20, 'LATE'],
    [20, 'LATE'],
    [-21, 'STRANGE'],
    [21, 'STRANGE'],
  ])('of %d steps away are %s', (away, match) => {
    const digitsOf = (step: number) => String(step);
    expect(matchTime(digitsOf, String(stepOf(at) + away), at)).toBe(match);
  });
});

describe('a handle that is presented', () => {
  const judge = (
    change: Partial<PaymentHandle>,
    match: TimeMatch = 'NOW',
    of: Partial<PaymentDevice> = {},
  ) => {
    const judged = presentHandle(
      { ...handle, ...change },
      { match, device: { ...device, ...of }, at, by: 'pay_1' },
    );
    return 'refused' in judged ? judged.refused : 'USABLE';
  };

  it.each([
    ['fresh', 'USABLE', judge({})],
    ['for the same payment again', 'USABLE', judge({ usedBy: 'pay_1' })],
    ['for another payment', 'CODE_USED', judge({ usedBy: 'pay_2' })],
    ['with strange digits', 'CODE_UNKNOWN', judge({}, 'STRANGE')],
    ['with strange digits, used', 'CODE_UNKNOWN', judge({ usedBy: 'pay_2' }, 'STRANGE')],
    ['late', 'CODE_EXPIRED', judge({}, 'LATE')],
    ['at its end', 'CODE_EXPIRED', judge({ expiresAt: at })],
    ['two refills old', 'USABLE', judge({ batch: 1 })],
    ['three refills old', 'CODE_EXPIRED', judge({ batch: 0 })],
    ['by a removed device', 'CODE_EXPIRED', judge({}, 'NOW', { state: 'REMOVED' })],
  ])('%s is %s', (_, expected, judged) => expect(judged).toBe(expected));
});

describe('a device that is offline', () => {
  const spend = (amount: number, awayMs: number, of: Partial<PaymentDevice> = {}) => {
    const spending = { amount, at: later(awayMs), businessDate: '2019-07-01' };
    const after = spendBy({ ...device, ...of }, spending);
    return 'refused' in after ? after.refused : [after.payments, after.spent];
  };

  it.each([
    ['just online, more than the cap', [1, 50_000], spend(50_000, 300_000)],
    ['away for longer, at the cap', [1, 10_000], spend(10_000, 300_001)],
    ['one yen above', 'CODE_NEEDS_ONLINE', spend(10_001, 300_001)],
    ['together above', 'CODE_NEEDS_ONLINE', spend(1, 300_001, { payments: 1, spent: 10_000 })],
    ['the third payment', [3, 3], spend(1, 300_001, { payments: 2, spent: 2 })],
    ['the fourth payment', 'CODE_NEEDS_ONLINE', spend(1, 300_001, { payments: 3, spent: 3 })],
  ])('%s', (_, expected, spent) => expect(spent).toEqual(expected));

  it('before the first table pays nothing', () => {
    const spending = { amount: 1, at, businessDate: '2019-06-30' };
    expect(spendBy(device, spending)).toMatchObject({ refused: 'CODE_NEEDS_ONLINE' });
  });
});

describe('unknown codes of one terminal', () => {
  const scan = (times: number, everyMs: number) => {
    let scans: BadScans | null = null;
    for (let index = 0; index < times; index += 1) {
      scans = countBadScan(scans, 'ter_1', later(index * everyMs));
    }
    return scans;
  };

  it('lock it at the tenth within a minute, for a minute', () => {
    expect(scanLock(scan(BAD_SCANS_MAX - 1, 0), at)).toBeNull();
    const locked = scan(BAD_SCANS_MAX, 0);
    expect(scanLock(locked, later(59_001))).toEqual({
      refused: 'TERMINAL_LOCKED',
      facts: { retryAfterSeconds: 1 },
    });
    expect(scanLock(locked, later(60_000))).toBeNull();
    expect(countBadScan(locked, 'ter_1', later(60_000))).toMatchObject({ count: 1 });
  });

  it('do not lock it when they come slowly', () => {
    expect(scan(30, 7_000)?.lockedUntil).toBeNull();
  });
});

describe('the vault of device secrets', () => {
  const vault = deviceVault('a secret of thirty-two characters');
  const point = {
    x: 'axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY',
    y: 'T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU',
  };

  it('opens for the device alone, and under no other secret', () => {
    const { sealed } = vault.agree('dev_1', point)!;
    expect(vault.open('dev_1', sealed)).toHaveLength(32);
    expect(() => vault.open('dev_2', sealed)).toThrow();
    expect(() => deviceVault('another secret of thirty-two char').open('dev_1', sealed)).toThrow();
    expect(() => vault.open('dev_1', `${sealed.slice(0, -2)}AA`)).toThrow();
  });

  it('agrees with each device anew, and with no point off the curve', () => {
    const [one, other] = [vault.agree('dev_1', point), vault.agree('dev_1', point)];
    expect(one?.serverKey).not.toEqual(other?.serverKey);
    expect(vault.agree('dev_1', { ...point, y: point.x })).toBeNull();
    expect(vault.agree('dev_1', { x: '', y: '' })).toBeNull();
  });
});
