import { randomIds } from '@7pay/ids';
import { verifyBooks } from '@7pay/ledger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aMember,
  aMemberWith,
  CANCEL,
  type Member,
  PAY,
  platformUnderTest,
  type PlatformUnderTest,
} from '../support/platform-under-test.ts';
import { fromNow, refunds } from '../support/refunds.ts';

// The tests follow one programme from before it exists to after its claims; they run in order.
let under: PlatformUnderTest;
let refund: ReturnType<typeof refunds>;
let first: string;
let second: string;
beforeAll(async () => {
  under = await platformUnderTest('refund');
  refund = refunds(under);
  first = await under.mint.operator(randomIds.next('mem'));
  second = await under.mint.operator(randomIds.next('mem'));
});
afterAll(async () => {
  const books = await verifyBooks(under.platform.connection);
  await under.stop();
  expect(books.faults).toEqual([]);
});

const open = (change: Record<string, unknown> = {}, token = first) => refund.open(token, change);
const claim = (member: Pick<Member, 'token'>, claimId: string, payoutMethod?: string) =>
  refund.claim(member, claimId, payoutMethod);
const owed = (member: Member) => refund.owed(member);

describe('while no programme runs', () => {
  it('a claim is refused, and the wallet shows none', async () => {
    const member = await aMemberWith(under, 1_000);
    expect(await claim(member, 'early')).toMatchObject({ code: 'NO_REFUND_PROGRAMME' });
    expect(await member.balance()).toBe(1_000);
  });

  it.each([
    'title',
    'issuer',
    'instrument',
    'noticeDate',
    'claimsFrom',
    'claimsUntil',
    'contact',
    'howToClaim',
    'howPaid',
    'exclusionNotice',
  ])('a programme without %s is refused and says so', async (field) => {
    const answer = await open({ [field]: undefined });
    expect(answer.data.result).toMatchObject({
      code: 'REFUND_PROGRAMME_INCOMPLETE',
      missing: field,
    });
  });

  it('a text of spaces counts as missing, and all that is missing is named', async () => {
    const answer = await open({ contact: '　 ', noticeDate: null, howPaid: '' });
    expect(answer.data.result.missing?.split(', ').sort()).toEqual([
      'contact',
      'howPaid',
      'noticeDate',
    ]);
  });

  it.each([
    ['a second less than 60 days', fromNow(-1), fromNow(59 - 1 / 86_400)],
    ['no days', fromNow(0), fromNow(0)],
    ['an end before its beginning', fromNow(90), fromNow(0)],
  ])('a window of %s is refused', async (_, claimsFrom, claimsUntil) => {
    const answer = await open({ claimsFrom, claimsUntil });
    expect(answer.data.result).toMatchObject({ code: 'REFUND_WINDOW_TOO_SHORT', days: 60 });
  });

  it('a window in a year that was mistyped is refused, and keeps no other away', async () => {
    const answer = await open({ claimsFrom: fromNow(3_650), claimsUntil: fromNow(3_720) });
    expect(answer.data.result).toMatchObject({ code: 'REFUND_WINDOW_OUT_OF_BOUNDS' });
  });

  it('nobody but operators opens one', async () => {
    const member = await under.mint.member(randomIds.next('mem'));
    expect((await open({}, member)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

describe('a programme', () => {
  let programmeId: string;
  it('is one, when several are opened at once', async () => {
    const numbers = ['end-1', 'end-2', 'end-3', 'end-4'];
    const answers = await Promise.all(
      numbers.map(async (number, n) => {
        const answer = await open({ programmeId: number }, n % 2 === 0 ? first : second);
        return { number, name: answer.data.result.__typename };
      }),
    );
    const opened = answers.filter(({ name }) => name === 'RefundProgrammeOpened');
    expect(opened).toHaveLength(1);
    programmeId = opened[0]!.number;
    expect(answers.filter(({ name }) => name === 'RefundProgrammeRunning')).toHaveLength(3);
  });

  it('opens once for its number, and the public sees it without a login', async () => {
    const opened = (await open({ programmeId })).data.result;
    expect(opened.programme).toMatchObject({ state: 'OPEN' });
    expect((await open({ programmeId })).data.result).toEqual(opened);
    const { data } = await under.graph.ask<{ refundProgramme: unknown }>(
      '{ refundProgramme { id state title issuer instrument contact howToClaim howPaid exclusionNotice } }',
    );
    expect(data.refundProgramme).toMatchObject({
      id: opened.programme?.id,
      title: '7payの払戻し',
    });
  });

  it('under its number with other contents is refused', async () => {
    const answer = await open({ programmeId, contact: '別の窓口' });
    expect(answer.data.result).toMatchObject({ code: 'PROGRAMME_ID_REUSED' });
  });

  it('beside a running one is refused', async () => {
    const answer = await open({ programmeId: 'another' }, second);
    expect(answer.data.result).toMatchObject({ code: 'REFUND_PROGRAMME_RUNNING' });
  });
});

describe('a claim', () => {
  it('moves the whole balance to what we owe its owner, once', async () => {
    const member = await aMemberWith(under, 3_000);
    const claimed = await claim(member, 'one');
    expect(claimed.claim).toMatchObject({ amount: 3_000, state: 'RECEIVED' });
    expect([await member.balance(), await owed(member)]).toEqual([0, 3_000]);

    expect(await claim(member, 'one')).toEqual(claimed);
    expect(await claim(member, 'one', 'POSTAL_CERTIFICATE')).toMatchObject({
      code: 'CLAIM_ID_REUSED',
    });
    expect(await claim(member, 'two')).toMatchObject({ code: 'ALREADY_CLAIMED' });
    expect([await member.balance(), await owed(member)]).toEqual([0, 3_000]);
  });

  it('takes also what comes into the wallet after it', async () => {
    const member = await aMemberWith(under, 3_000);
    const [store] = under.stores;
    const input = {
      merchantPaymentId: `after-${member.walletId}`,
      code: await member.code(),
      amount: 1_000,
    };
    await under.graph.ask(PAY, { input }, store!.token);
    expect((await claim(member, 'first')).claim).toMatchObject({ amount: 2_000 });
    const { merchantPaymentId } = input;
    await under.graph.ask(CANCEL, { input: { merchantPaymentId } }, store!.token);
    expect(await member.balance()).toBe(1_000);
    expect((await claim(member, 'second')).claim).toMatchObject({ amount: 1_000 });
    expect([await member.balance(), await owed(member)]).toEqual([0, 3_000]);
    expect(await claim(member, 'third')).toMatchObject({ code: 'ALREADY_CLAIMED' });
  });

  it('sent ten times at once, by two ways and under several numbers, is one', async () => {
    const member = await aMemberWith(under, 2_000);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        claim(member, `ten-${n % 4}`, n % 2 === 0 ? 'BANK_TRANSFER' : 'POSTAL_CERTIFICATE'),
      ),
    );
    const claims = new Set(answers.flatMap((answer) => answer.claim?.id ?? []));
    expect(claims.size).toBe(1);
    const others = answers.filter((answer) => !answer.claim).map(({ code }) => code);
    expect(others.every((code) => code === 'ALREADY_CLAIMED')).toBe(true);
    expect([await member.balance(), await owed(member)]).toEqual([0, 2_000]);
  });

  it('needs a second factor, and an open wallet with something in it', async () => {
    const member = await aMemberWith(under, 1_000);
    const weak = await under.mint.member(member.memberId, { acr: 'urn:7id:acr:1' });
    expect(await claim({ token: weak }, 'weak')).toMatchObject({
      __typename: 'StepUpRequired',
      acr: 'urn:7id:acr:2',
    });
    expect(await member.balance()).toBe(1_000);
    expect(await claim(await aMember(under), 'empty')).toMatchObject({ code: 'NOTHING_TO_REFUND' });
    const nobody = await under.mint.member(randomIds.next('mem'));
    expect(await claim({ token: nobody }, 'none')).toMatchObject({ code: 'WALLET_NOT_OPEN' });
  });

  it('needs the app to have been given the scope', async () => {
    const token = await under.mint.member(randomIds.next('mem'), { scope: 'openid wallet' });
    const answer = await under.graph.ask(
      'mutation { claimBalanceRefund(input: { claimId: "x", payoutMethod: BANK_TRANSFER }) { __typename } }',
      {},
      token,
    );
    expect(answer.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('leaves nothing to pay with', async () => {
    const member = await aMemberWith(under, 1_000);
    const code = await member.code();
    await claim(member, 'then-pay');
    const { data } = await under.graph.ask<{ result: unknown }>(
      PAY,
      { input: { merchantPaymentId: 'after-claim', code, amount: 300 } },
      under.stores[0]!.token,
    );
    expect(data.result).toMatchObject({ __typename: 'InsufficientBalance', short: 300 });
  });

  it('racing a payment ends with every yen in one place', async () => {
    for (let round = 0; round < 4; round += 1) {
      const member = await aMemberWith(under, 1_000);
      const code = await member.code();
      const [paid, claimed] = await Promise.all([
        under.graph.ask<{ result: { __typename: string } }>(
          PAY,
          { input: { merchantPaymentId: `claim-race-${round}`, code, amount: 300 } },
          under.stores[0]!.token,
        ),
        claim(member, 'race'),
      ]);
      const charged = paid.data.result.__typename === 'PaymentAccepted' ? 300 : 0;
      expect(claimed.claim?.amount).toBe(1_000 - charged);
      expect([await member.balance(), await owed(member)]).toEqual([0, 1_000 - charged]);
    }
  });

  it('and its programme are shown with the balance and the last payment in one question to four services', async () => {
    const member = await aMemberWith(under, 2_000);
    const input = { merchantPaymentId: 'four', code: await member.code(), amount: 500 };
    await under.graph.ask(PAY, { input }, under.stores[0]!.token);
    await claim(member, 'shown', 'POSTAL_CERTIFICATE');
    const { data, errors } = await under.graph.ask(
      `{ wallet { balance
           payments(first: 1) { nodes { amount pointsState store { name merchant { name } } } }
           refundProgramme { title state }
           balanceRefundClaim { amount state payoutMethod programme { title } } } }`,
      {},
      member.token,
    );
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      wallet: {
        balance: 0,
        payments: { nodes: [{ amount: 500, store: { merchant: { name: expect.any(String) } } }] },
        refundProgramme: { title: '7payの払戻し', state: 'OPEN' },
        balanceRefundClaim: {
          amount: 1_500,
          state: 'RECEIVED',
          payoutMethod: 'POSTAL_CERTIFICATE',
          programme: { title: '7payの払戻し' },
        },
      },
    });
  });
});

describe('the switch refund.claim', () => {
  it('stops claims, answers an earlier one all the same, and leaves payments running', async () => {
    const [early, late] = [await aMemberWith(under, 1_000), await aMemberWith(under, 1_000)];
    const earlier = await claim(early, 'before');
    await under.graph.ask(
      'mutation { closeSwitch(input: { key: "refund.claim", reasonJa: "確認のため", reasonEn: "Checking" }) { __typename } }',
      {},
      first,
    );
    expect(await claim(late, 'during')).toMatchObject({
      __typename: 'FunctionClosed',
      code: 'FUNCTION_CLOSED',
    });
    expect(await claim(early, 'before')).toEqual(earlier);
    expect([await late.balance(), await owed(late)]).toEqual([1_000, 0]);
    const { data } = await under.graph.ask<{ result: { __typename: string } }>(
      PAY,
      { input: { merchantPaymentId: 'while-closed', code: await late.code(), amount: 100 } },
      under.stores[0]!.token,
    );
    expect(data.result.__typename).toBe('PaymentAccepted');
    const cancelled = await under.graph.ask<{ result: { outcome: string } }>(
      CANCEL,
      { input: { merchantPaymentId: 'while-closed' } },
      under.stores[0]!.token,
    );
    expect(cancelled.data.result.outcome).toBe('REVERSED');
  });
});
