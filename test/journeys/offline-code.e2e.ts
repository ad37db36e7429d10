import { verifyBooks } from '@7pay/ledger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPaymentDevice } from '../support/payment-device.ts';
import {
  AUTHORIZE,
  aMember,
  aMemberWith,
  PAY,
  platformUnderTest,
  type PlatformUnderTest,
  TOP_UP,
} from '../support/platform-under-test.ts';

interface Result {
  readonly result: {
    readonly __typename: string;
    readonly code?: string;
    readonly payment?: { readonly id: string };
  };
}

let under: PlatformUnderTest;
beforeAll(async () => {
  under = await platformUnderTest('offline-code');
});
afterAll(async () => {
  const books = await verifyBooks(under.platform.connection);
  await under.stop();
  expect(books.faults).toEqual([]);
});

const pay = async (merchantPaymentId: string, code: string, amount = 100, store = 0) => {
  const input = { merchantPaymentId, code, amount };
  const { data } = await under.graph.ask<Result>(PAY, { input }, under.stores[store]!.token);
  return data.result;
};
const nameOf = async (answer: Promise<Result['result']>) => (await answer).__typename;
const aPhone = async (amount: number) => {
  const member = await aMemberWith(under, amount);
  const phone = await aPaymentDevice(under, member);
  await phone.contact();
  return { member, phone };
};
/** As if the phone had not been online for an hour. */
const goOffline = (deviceId: string) =>
  under.platform.connection
    .collection<{ _id: string }>('wallet_payment_devices')
    .updateOne({ _id: deviceId }, { $set: { contactAt: new Date(Date.now() - 3_600_000) } });

describe('a code that a phone made', () => {
  it('pays once: the same request gets the same answer, another gets CODE_USED', async () => {
    const { member, phone } = await aPhone(3_000);
    expect(phone.handles).toHaveLength(20);
    const code = await phone.show();
    expect(code).toMatch(/^711000772\d{15}$/);
    const paid = await pay('device-1', code, 700);
    expect(paid.__typename).toBe('PaymentAccepted');
    expect(await pay('device-1', code, 700)).toEqual(paid);
    expect(await nameOf(pay('device-2', code, 700))).toBe('CodeUsed');
    expect(await member.balance()).toBe(2_300);
  });

  it('writes nothing when it is shown, and is kept without its digits', async () => {
    const { phone } = await aPhone(1_000);
    const [handle] = phone.handles;
    const rows = await under.platform.connection.collection('wallet_handles').find().toArray();
    expect(rows.length).toBeGreaterThanOrEqual(20);
    expect(JSON.stringify(rows)).not.toContain(handle);
  });

  it('holds money and tops up as well', async () => {
    const { phone, member } = await aPhone(2_000);
    const hold = { merchantPaymentId: 'device-hold', code: await phone.show(), amount: 500 };
    const { token } = under.stores[0]!;
    const held = await under.graph.ask<Result>(AUTHORIZE, { input: hold }, token);
    expect(held.data.result.__typename).toBe('PaymentAuthorized');
    const topUp = { topUpId: 'device-top', code: await phone.show(), amount: 1_000 };
    const topped = await under.graph.ask<Result>(TOP_UP, { input: topUp }, token);
    expect(topped.data.result.__typename).toBe('TopUpAccepted');
    expect(await member.balance()).toBe(3_000);
  });

  it('presented at two stores at once pays in one of them', async () => {
    const { member, phone } = await aPhone(3_000);
    for (let round = 0; round < 5; round += 1) {
      const code = await phone.show();
      const names = await Promise.all(
        [0, 1].map((store) => nameOf(pay(`device-race-${round}-${store}`, code, 100, store))),
      );
      expect(names.toSorted()).toEqual(['CodeUsed', 'PaymentAccepted']);
    }
    expect(await member.balance()).toBe(2_500);
  });

  it('is burnt by a refusal too', async () => {
    const { phone } = await aPhone(1_000);
    const code = await phone.show();
    expect(await nameOf(pay('device-short', code, 1_001))).toBe('InsufficientBalance');
    expect(await nameOf(pay('device-short-2', code, 1))).toBe('CodeUsed');
  });

  it('is taken one step early or late, and has expired two steps late', async () => {
    const { phone } = await aPhone(1_000);
    const at = Date.now();
    // The clock may go on by one step meanwhile: early ones are asked first.
    expect(await nameOf(pay('early', await phone.show({ steps: 1, at })))).toBe('PaymentAccepted');
    expect(await nameOf(pay('late', await phone.show({ steps: -3 })))).toBe('CodeExpired');
    expect(await nameOf(pay('later', await phone.show({ steps: -15 })))).toBe('CodeExpired');
  });

  it('with wrong time digits is unknown, the first time and the next, whether the handle exists or not', async () => {
    const { phone } = await aPhone(1_000);
    const handle = phone.handles.shift()!;
    const right = await phone.show({ handle });
    const around = await Promise.all(
      Array.from({ length: 61 }, (_, index) => phone.show({ handle, steps: index - 30 })),
    );
    const wrong = Array.from({ length: 100 }, (_, index) => `${right.slice(0, 20)}${1_000 + index}`)
      .filter((code) => !around.includes(code))
      .at(0)!;
    const nobodys = `711000772${'9'.repeat(11)}1234`;
    expect(await nameOf(pay('guess-1', wrong, 100, 1))).toBe('CodeUnknown');
    expect(await nameOf(pay('guess-2', wrong, 100, 1))).toBe('CodeUnknown');
    expect(await nameOf(pay('guess-3', nobodys, 100, 1))).toBe('CodeUnknown');
    // The guess has burnt it: what the phone shows now comes too late.
    expect(await nameOf(pay('guess-4', right, 100, 1))).toBe('CodeUsed');
  });

  it('of handles of which three refills were lost is dead, and those of two are not', async () => {
    const { phone } = await aPhone(1_000);
    const [first] = phone.handles;
    await phone.contact(0);
    const [second] = phone.handles.slice(20);
    await phone.contact(0);
    await phone.contact(0);
    expect(await nameOf(pay('old-1', await phone.show({ handle: first! })))).toBe('CodeExpired');
    expect(await nameOf(pay('old-2', await phone.show({ handle: second! })))).toBe(
      'PaymentAccepted',
    );
  });
});

describe('a phone that is offline', () => {
  it('pays three times and is then asked to go online', async () => {
    const { phone } = await aPhone(5_000);
    await goOffline(phone.id);
    for (const name of ['a', 'b', 'c']) {
      expect(await nameOf(pay(`cap-${name}`, await phone.show()))).toBe('PaymentAccepted');
    }
    expect(await nameOf(pay('cap-d', await phone.show()))).toBe('CodeNeedsOnline');
    await phone.contact();
    expect(await nameOf(pay('cap-e', await phone.show()))).toBe('PaymentAccepted');
  });

  it('pays 10,000 yen and not one more', async () => {
    const { phone } = await aPhone(30_000);
    await goOffline(phone.id);
    expect(await nameOf(pay('yen-1', await phone.show(), 10_001))).toBe('CodeNeedsOnline');
    expect(await nameOf(pay('yen-2', await phone.show(), 10_000))).toBe('PaymentAccepted');
    expect(await nameOf(pay('yen-3', await phone.show(), 1))).toBe('CodeNeedsOnline');
  });

  it('that is online pays more at once', async () => {
    const { phone } = await aPhone(30_000);
    expect(await nameOf(pay('online-1', await phone.show(), 25_000))).toBe('PaymentAccepted');
  });
});

describe('a wallet with devices', () => {
  it('has at most five, also when they register at once, and the same key is the same device', async () => {
    const member = await aMember(under);
    const phones = await Promise.all(
      Array.from({ length: 7 }, () => aPaymentDevice(under, member)),
    );
    const names = phones.map(({ registered }) => registered.__typename).toSorted();
    expect(names).toEqual([
      ...Array.from({ length: 5 }, () => 'PaymentDeviceRegistered'),
      'TooManyPaymentDevices',
      'TooManyPaymentDevices',
    ]);
    const phone = phones.find(({ id }) => id !== '')!;
    expect(await phone.registerAgain()).toEqual(phone.registered);
    const { data } = await under.graph.ask<{ paymentDevices: unknown[] }>(
      '{ paymentDevices { id name registeredAt contactAt } }',
      {},
      member.token,
    );
    expect(data.paymentDevices).toHaveLength(5);
  });

  it('loses every code that is out when one is removed: those of the others and those of class 1', async () => {
    const { member, phone } = await aPhone(2_000);
    const other = await aPaymentDevice(under, member);
    await other.contact();
    const kept = await member.code();
    expect((await phone.remove()).__typename).toBe('PaymentDeviceRemoved');
    expect(await nameOf(pay('gone-1', await phone.show()))).toBe('CodeUnknown');
    expect(await nameOf(pay('gone-2', await other.show()))).toBe('CodeExpired');
    expect(await nameOf(pay('gone-3', kept))).toBe('CodeExpired');
    expect((await phone.contact()).code).toBe('PAYMENT_DEVICE_UNKNOWN');
    expect(await other.contact()).toMatchObject({ replacesAll: true });
    expect(await nameOf(pay('gone-4', await other.show()))).toBe('PaymentAccepted');
  });

  it('gives nothing to a stranger', async () => {
    const { phone } = await aPhone(1_000);
    const stranger = await aMember(under);
    const { data, errors } = await under.graph.ask<{ result: { code: string } | null }>(
      `mutation($input: IssueHandlesInput!) { result: issueHandles(input: $input) { ... on Refusal { code } } }`,
      { input: { deviceId: phone.id, left: 0 } },
      stranger.token,
    );
    expect(errors).toBeUndefined();
    expect(data.result?.code).toBe('PAYMENT_DEVICE_UNKNOWN');
    const removed = await under.graph.ask(
      `mutation($id: ID!) { removePaymentDevice(deviceId: $id) { __typename } }`,
      { id: phone.id },
      stranger.token,
    );
    expect(removed.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  });

  it.each([
    ['no point of the curve', 'A'.repeat(43), 'A'.repeat(43)],
    ['no coordinates', 'x', ''],
  ])('takes no key that is %s', async (_, publicKeyX, publicKeyY) => {
    const member = await aMember(under);
    const { errors } = await under.graph.ask(
      `mutation($input: RegisterPaymentDeviceInput!) { registerPaymentDevice(input: $input) { __typename } }`,
      { input: { publicKeyX, publicKeyY } },
      member.token,
    );
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('has no code left when its codes end or it is frozen', async () => {
    const { member, phone } = await aPhone(2_000);
    const wallets = under.platform.connection.collection<{ _id: string }>('wallet_wallets');
    await wallets.updateOne({ _id: member.walletId }, { $set: { state: 'FROZEN' } });
    expect(await nameOf(pay('frozen-1', await phone.show()))).toBe('WalletFrozen');
    await wallets.updateOne(
      { _id: member.walletId },
      { $set: { state: 'OPEN' }, $inc: { codeEpoch: 1n } },
    );
    expect(await nameOf(pay('frozen-2', await phone.show()))).toBe('CodeExpired');
  });
});

describe('a terminal that guesses', () => {
  const guess = (index: number) => `711000772${String(index).padStart(11, '0')}0000`;

  it('is locked for a minute after ten unknown codes, for good codes too; other terminals are not', async () => {
    const { phone } = await aPhone(2_000);
    const counts = under.platform.connection.collection('wallet_bad_scans');
    await counts.deleteMany({});
    const names = new Set<string>();
    for (let index = 0; index < 10; index += 1) {
      names.add(await nameOf(pay(`guess-lock-${index}`, index % 2 ? 'no code' : guess(index))));
    }
    expect([...names]).toEqual(['CodeUnknown']);
    const code = await phone.show();
    expect(await nameOf(pay('guess-lock-good', code))).toBe('TerminalLocked');
    expect(await nameOf(pay('guess-lock-0', guess(0)))).toBe('CodeUnknown'); // answered before
    expect(await nameOf(pay('guess-lock-other', code, 100, 1))).toBe('PaymentAccepted');
    const past = new Date(Date.now() - 1);
    await counts.updateMany({}, { $set: { lockedUntil: past } });
    expect(await nameOf(pay('guess-lock-good', await phone.show()))).toBe('PaymentAccepted');
  });

  it('is not locked by codes that came late or twice', async () => {
    const { phone } = await aPhone(2_000);
    await under.platform.connection.collection('wallet_bad_scans').deleteMany({});
    for (let index = 0; index < 12; index += 1) {
      expect(await nameOf(pay(`slow-${index}`, await phone.show({ steps: -4 })))).toBe(
        'CodeExpired',
      );
    }
    expect(await nameOf(pay('slow-good', await phone.show()))).toBe('PaymentAccepted');
  });
});

describe('a switch', () => {
  it('that stopped payments has ended every code that was out', async () => {
    const { member, phone } = await aPhone(2_000);
    const kept = await member.code();
    const [first, second] = await Promise.all([
      under.mint.operator('mem_code_operator_1'),
      under.mint.operator('mem_code_operator_2'),
    ]);
    const flip = (name: string, type: string, input: object, token: string) =>
      under.graph.ask(
        `mutation($input: ${type}!) { result: ${name}(input: $input) { __typename } }`,
        { input },
        token,
      );
    const reason = { key: 'payment', reasonJa: '試験', reasonEn: 'test' };
    await flip('closeSwitch', 'CloseSwitchInput', reason, first);
    await flip('openSwitch', 'OpenSwitchInput', { key: 'payment' }, first);
    await flip('openSwitch', 'OpenSwitchInput', { key: 'payment' }, second);
    await under.platform.controls.refresh();
    expect(await nameOf(pay('switch-1', await phone.show()))).toBe('CodeExpired');
    expect(await nameOf(pay('switch-2', kept))).toBe('CodeExpired');
    expect(await phone.contact()).toMatchObject({ replacesAll: true });
    expect(await nameOf(pay('switch-3', await phone.show()))).toBe('PaymentAccepted');
  });
});
