import { openLedger, verifyBooks } from '@7pay/ledger';
import type { AcquirerFault } from '@7pay/sandbox';
import { eventually } from '@7pay/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerChallenge, cardsOf, TEST_CARDS, typeCard } from '../support/cards.ts';
import {
  aMember,
  type Member,
  platformUnderTest,
  type PlatformUnderTest,
} from '../support/platform-under-test.ts';

let under: PlatformUnderTest;
let cards: ReturnType<typeof cardsOf>;
beforeAll(async () => {
  under = await platformUnderTest('top-up-card');
  cards = cardsOf(under);
});
afterAll(async () => {
  const { connection, acquirer } = under.platform;
  const books = await verifyBooks(connection);
  const charged = acquirer.charges().filter(({ state }) => state === 'CAPTURED');
  const booked = await bookedBy('acquirer-receivable:');
  const everything = await textsOf();
  await under.stop();
  expect(books.faults).toEqual([]);
  // Every yen that the acquirer keeps is in a wallet or in suspense; what it declined or voided is in neither.
  expect(booked).toBe(charged.reduce((sum, { amountYen }) => sum + amountYen, 0));
  expect(charged.length).toBeGreaterThan(5);
  // No card number and no security code in any field of any document.
  expect(everything.length).toBeGreaterThan(1_000);
  expect(everything.filter(holdsCardNumber)).toEqual([]);
});

async function bookedBy(account: string): Promise<number> {
  const entries = await under.platform.connection.collection('ledger_journal').find().toArray();
  return entries
    .flatMap(({ legs }) => legs as { acct: string; amt: bigint | number }[])
    .filter(({ acct }) => acct.startsWith(account))
    .reduce((sum, { amt }) => sum + Number(amt), 0);
}

async function textsOf(): Promise<string[]> {
  const { connection } = under.platform;
  const texts: string[] = [];
  const walk = (value: unknown): void => {
    if (typeof value === 'string') texts.push(value);
    else if (value && typeof value === 'object') Object.values(value).forEach(walk);
  };
  for (const { name } of await connection.listCollections()) {
    for await (const document of connection.collection(name).find()) walk(document);
  }
  return texts;
}

/** Digits of the length of a card number that pass its check. */
export function holdsCardNumber(text: string): boolean {
  return [...text.matchAll(/(?<!\w)\d(?:[ -]?\d){13,18}(?!\w)/g)].some(([found]) => {
    const digits = [...found.replace(/\D/g, '')].toReversed().map(Number);
    const sum = digits.reduce((total, digit, index) => {
      const doubled = index % 2 === 1 ? digit * 2 : digit;
      return total + (doubled > 9 ? doubled - 9 : doubled);
    }, 0);
    return sum % 10 === 0;
  });
}

const entries = async (member: Member) =>
  (
    await under.platform.connection
      .collection('wallet_topUps')
      .find({ memberId: member.memberId })
      .sort({ requestedAt: 1 })
      .toArray()
  ).map(({ state }) => state as string);
const lotsOf = async (member: Member) =>
  (await openLedger(under.platform.connection).account(null, `wallet:${member.walletId}`))?.lots;
/** A member who has topped up with the card before, so that small amounts are not challenged. */
async function aRegular(number?: string) {
  const member = await aMember(under);
  const cardId = await cards.register(member.token, 'first', number);
  const { url } = await cards.charge(member.token, { topUpId: 'first', cardId, amount: 1_000 });
  await answerChallenge(url!, 'yes');
  await cards.goOn(member.token, 'first');
  expect(await member.balance()).toBe(1_000);
  return { member, cardId };
}

describe('the scan for card numbers', () => {
  it.each(Object.values(TEST_CARDS))('finds %s in a text', (number) => {
    expect(holdsCardNumber(`card ${number}.`)).toBe(true);
    expect(holdsCardNumber(number.replace(/(\d{4})(?!$)/g, '$1 '))).toBe(true);
    expect(holdsCardNumber(`${number.slice(0, 15)}${(Number(number[15]) + 1) % 10}`)).toBe(false);
  });
});

describe('a card', () => {
  it('is registered at the acquirer’s page after a challenge, and shown by its last four digits', async () => {
    const member = await aMember(under);
    const started = await cards.begin(member.token, 'reg-1');
    expect(started.url).toMatch(/\/acquirer\/page\//);
    expect((await cards.complete(member.token, 'reg-1')).code).toBe('CARD_ENTRY_OPEN');
    await typeCard(started.url!, TEST_CARDS.credit);
    expect((await cards.complete(member.token, 'reg-1')).code).toBe('CARD_ENTRY_OPEN');
    const back = await answerChallenge(started.url!, 'yes');
    expect(back).toBe(`${under.platform.urls.gateway}/wallet/charge/card?registration=reg-1`);
    const done = await cards.complete(member.token, 'reg-1');
    expect(done).toMatchObject({
      __typename: 'CardRegistered',
      card: { brand: 'VISA', funding: 'CREDIT', lastFour: '1111', expires: '2030-12' },
    });
    expect(await cards.complete(member.token, 'reg-1')).toEqual(done);
    const { data } = await under.graph.ask<{ wallet: { cards: { lastFour: string }[] } }>(
      '{ wallet { cards { id brand funding lastFour expires registeredAt } } }',
      {},
      member.token,
    );
    expect(data.wallet.cards).toHaveLength(1);
  });

  it('whose challenge is not passed is not registered', async () => {
    const member = await aMember(under);
    const { url } = await cards.begin(member.token, 'reg-no');
    await typeCard(url!, TEST_CARDS.credit);
    await answerChallenge(url!, 'no');
    expect((await cards.complete(member.token, 'reg-no')).code).toBe('CARD_ENTRY_FAILED');
    expect((await cards.begin(member.token, 'reg-no')).code).toBe('CARD_ENTRY_FAILED');
  });

  it('is tried five times a day at most, and a try that is sent twice is one', async () => {
    const member = await aMember(under);
    await Promise.all(['1', '1', '2', '3', '4', '5'].map((n) => cards.begin(member.token, n)));
    expect((await cards.begin(member.token, '6')).code).toBe('CARD_TRIES_EXCEEDED');
    expect((await cards.begin(member.token, '5')).__typename).toBe('CardEntryStarted');
  });

  it('is one of three at most; the same one again is no other; a removed one makes room', async () => {
    const member = await aMember(under);
    const first = await cards.register(member.token, '1', TEST_CARDS.credit);
    await cards.register(member.token, '2', TEST_CARDS.otherCredit);
    expect(await cards.register(member.token, '3', TEST_CARDS.credit)).toBe(first);
    await cards.register(member.token, '4', TEST_CARDS.debit);
    expect((await cards.begin(member.token, '5')).code).toBe('TOO_MANY_CARDS');
    expect((await cards.remove(member.token, first)).__typename).toBe('CardRemoved');
    expect((await cards.remove(member.token, first)).__typename).toBe('CardRemoved');
    await cards.register(member.token, '5', TEST_CARDS.thirdCredit);
    const charge = { topUpId: 'removed', cardId: first, amount: 1_000 };
    expect((await cards.charge(member.token, charge)).code).toBe('CARD_UNKNOWN');
  });

  it('of somebody else is unknown', async () => {
    const [one, other] = [await aMember(under), await aMember(under)];
    const cardId = await cards.register(one.token, 'mine');
    const charge = { topUpId: 'theirs', cardId, amount: 1_000 };
    expect((await cards.charge(other.token, charge)).code).toBe('CARD_UNKNOWN');
    expect((await cards.remove(other.token, cardId)).code).toBe('CARD_UNKNOWN');
    expect((await cards.complete(other.token, 'mine')).code).toBe('CARD_ENTRY_UNKNOWN');
    expect((await cards.goOn(other.token, 'theirs')).code).toBe('TOP_UP_UNKNOWN');
  });
});

describe('a top-up by card', () => {
  it('is challenged the first time, and credits the lot of its card once', async () => {
    const member = await aMember(under);
    const cardId = await cards.register(member.token, 'first', TEST_CARDS.debit);
    const charge = { topUpId: 'charge-1', cardId, amount: 2_000 };
    const asked = await cards.charge(member.token, charge);
    expect(asked).toMatchObject({ __typename: 'ChallengeRequired', topUp: { state: 'PENDING' } });
    expect((await cards.goOn(member.token, 'charge-1')).topUp?.state).toBe('PENDING');
    const again = await cards.charge(member.token, charge);
    expect(again.__typename).toBe('ChallengeRequired');
    expect(await answerChallenge(again.url!, 'yes')).toBe(
      `${under.platform.urls.gateway}/wallet/charge/card?topUp=charge-1`,
    );
    const done = await cards.goOn(member.token, 'charge-1');
    expect(done.topUp).toMatchObject({ source: 'DEBIT', state: 'SETTLED', challenge: 'PASSED' });
    expect((await cards.charge(member.token, charge)).topUp).toEqual(done.topUp);
    expect((await cards.charge(member.token, { ...charge, amount: 3_000 })).code).toBe(
      'TOP_UP_ID_REUSED',
    );
    expect(await lotsOf(member)).toEqual({ debit: 2_000 });
  });

  it('of a small amount is not challenged again within a day, and one above 10,000 yen is', async () => {
    const { member, cardId } = await aRegular();
    const small = await cards.charge(member.token, { topUpId: 'small', cardId, amount: 10_000 });
    expect(small.topUp).toMatchObject({ state: 'SETTLED', challenge: 'NOT_ASKED' });
    const large = await cards.charge(member.token, { topUpId: 'large', cardId, amount: 11_000 });
    expect(large.__typename).toBe('ChallengeRequired');
    await answerChallenge(large.url!, 'no');
    expect((await cards.goOn(member.token, 'large')).code).toBe('CARD_DECLINED');
    expect(await lotsOf(member)).toEqual({ credit: 11_000 });
  });

  it('that the issuer declines charges nothing, for good', async () => {
    const { member, cardId } = await aRegular();
    under.platform.acquirer.fail('authorise', 'DECLINED');
    const charge = { topUpId: 'no', cardId, amount: 1_000 };
    expect((await cards.charge(member.token, charge)).code).toBe('CARD_DECLINED');
    expect((await cards.charge(member.token, charge)).code).toBe('CARD_DECLINED');
    expect(await member.balance()).toBe(1_000);
  });

  it.each<['authorise' | 'capture', AcquirerFault]>([
    ['authorise', 'LOST_ANSWER'],
    ['authorise', 'WRONG_SIGNATURE'],
    ['authorise', 'SLOW'],
    ['capture', 'LOST_ANSWER'],
    ['capture', 'WRONG_SIGNATURE'],
    ['capture', 'DOWN'],
  ])(
    'whose %s ends by %s waits, and is booked once when the acquirer is asked',
    async (step, fault) => {
      const { member, cardId } = await aRegular();
      under.platform.acquirer.fail(step, fault, fault); // the first try and the second
      const charge = { topUpId: 'waits', cardId, amount: 2_000 };
      expect((await cards.charge(member.token, charge)).topUp?.state).toBe('PENDING');
      const settled = await cards.goOn(member.token, 'waits');
      expect(settled.topUp?.state).toBe('SETTLED');
      expect(await member.balance()).toBe(3_000);
    },
  );

  it('that a worker finds at the acquirer is booked without anybody coming back', async () => {
    const { member, cardId } = await aRegular();
    under.platform.acquirer.fail('capture', 'LOST_ANSWER', 'LOST_ANSWER');
    await cards.charge(member.token, { topUpId: 'alone', cardId, amount: 2_000 });
    await eventually(async () => (await member.balance()) === 3_000, 20_000);
  });

  it('that never reached the acquirer is called off there, so that it cannot be charged later', async () => {
    const { member, cardId } = await aRegular();
    under.platform.acquirer.fail('authorise', 'DOWN', 'DOWN');
    const charge = { topUpId: 'never', cardId, amount: 2_000 };
    expect((await cards.charge(member.token, charge)).topUp?.state).toBe('PENDING');
    await eventually(async () => (await entries(member)).at(-1) === 'DECLINED', 30_000);
    expect((await cards.charge(member.token, charge)).code).toBe('CARD_DECLINED');
    expect(await member.balance()).toBe(1_000);
  });

  it('told by notices, twice and with a wrong key, is booked once', async () => {
    const { member, cardId } = await aRegular();
    const { acquirer } = under.platform;
    acquirer.fail('capture', 'LOST_ANSWER', 'LOST_ANSWER');
    const { topUp } = await cards.charge(member.token, { topUpId: 'told', cardId, amount: 2_000 });
    expect(await acquirer.notify(topUp!.id, 'another key')).toBe('UNKNOWN');
    expect(await member.balance()).toBe(1_000);
    expect(await Promise.all([acquirer.notify(topUp!.id), acquirer.notify(topUp!.id)])).toEqual([
      200, 200,
    ]);
    expect(await member.balance()).toBe(3_000);
  });

  const freeze = (member: Member, status: 'CLOSED' | 'OPEN') =>
    under.platform.connection
      .collection<{ _id: string }>('ledger_accounts')
      .updateOne({ _id: `wallet:${member.walletId}` }, { $set: { status } });

  it('that the wallet refuses after the charge is voided', async () => {
    const { member, cardId } = await aRegular();
    const { acquirer } = under.platform;
    acquirer.fail('capture', 'LOST_ANSWER', 'LOST_ANSWER');
    await cards.charge(member.token, { topUpId: 'refused', cardId, amount: 2_000 });
    await freeze(member, 'CLOSED');
    acquirer.fail('void', 'LOST_ANSWER', 'LOST_ANSWER');
    expect((await cards.goOn(member.token, 'refused')).topUp?.state).toBe('PENDING');
    await freeze(member, 'OPEN'); // too late: it was called off for good
    expect((await cards.goOn(member.token, 'refused')).topUp?.state).toBe('VOIDED');
    expect(await member.balance()).toBe(1_000);
  });

  it('that can be neither booked nor voided lies in suspense with a case', async () => {
    const { member, cardId } = await aRegular();
    const { acquirer } = under.platform;
    acquirer.fail('capture', 'LOST_ANSWER', 'LOST_ANSWER');
    const { topUp } = await cards.charge(member.token, { topUpId: 'late', cardId, amount: 2_000 });
    await freeze(member, 'CLOSED');
    acquirer.fail('void', 'TOO_LATE');
    expect((await cards.goOn(member.token, 'late')).topUp?.state).toBe('SUSPENSE');
    await freeze(member, 'OPEN');
    const operator = await under.mint.operator('mem_op');
    const { data } = await under.graph.ask<{ topUpCases: { nodes: object[] } }>(
      '{ topUpCases(first: 5) { nodes { topUpId source reason amount state } } }',
      {},
      operator,
    );
    expect(data.topUpCases.nodes).toContainEqual({
      topUpId: topUp!.id,
      source: 'CREDIT',
      reason: 'VOID_TOO_LATE',
      amount: 2_000,
      state: 'OPEN',
    });
  });

  it('above the day’s limit is refused before the card is charged', async () => {
    const { member, cardId } = await aRegular();
    const before = under.platform.acquirer.charges().length;
    for (const [topUpId, amount] of [
      ['day-1', 30_000],
      ['day-2', 29_000],
    ] as const) {
      const { url } = await cards.charge(member.token, { topUpId, cardId, amount });
      await answerChallenge(url!, 'yes');
      await cards.goOn(member.token, topUpId);
    }
    const over = await cards.charge(member.token, { topUpId: 'day-3', cardId, amount: 1_000 });
    expect(over.code).toBe('LIMIT_EXCEEDED');
    expect(under.platform.acquirer.charges()).toHaveLength(before + 2);
    expect(await member.balance()).toBe(60_000);
  });
});
