import { isRefused, type Refused } from '@7pay/refusals';
import { describe, expect, it } from 'vitest';
import type { Wallet } from '../wallet/wallet.ts';
import { freezeForSafety, freezeOwn, NO_FREEZES, thawForSafety, thawOwn } from './freeze.ts';

const at = new Date('2019-07-03T01:00:00Z');
const aWallet = (change: Partial<Wallet> = {}): Wallet => ({
  id: 'wal_1',
  memberId: 'mem_1',
  state: 'OPEN',
  openedAt: at,
  termsVersion: '2019-07-01',
  codeEpoch: 0,
  freezes: NO_FREEZES,
  changes: 0,
  ...change,
});
const operators = { actor: 'mem_op', at, reason: { ja: '確認中', en: 'Under review' } };
const own = { actor: 'mem_1', at, reason: null };
const ofBoth = aWallet({ state: 'FROZEN', freezes: { own, operators }, changes: 2 });
const must = (answer: Wallet | Refused): Wallet => {
  if (isRefused(answer)) throw new Error(answer.refused);
  return answer;
};

describe('a wallet', () => {
  it('is frozen by its member once, however often it is asked for', () => {
    const frozen = must(freezeOwn(aWallet(), at));
    expect(frozen).toMatchObject({
      state: 'FROZEN',
      freezes: { own, operators: null },
      changes: 1,
    });
    expect(freezeOwn(frozen, new Date(0))).toBe(frozen);
  });

  it('stays frozen while one of the two freezes stands', () => {
    expect(must(thawOwn(ofBoth))).toMatchObject({ state: 'FROZEN', freezes: { operators } });
    expect(must(thawForSafety(ofBoth, 'mem_other'))).toMatchObject({
      state: 'FROZEN',
      freezes: { own, operators: null },
    });
    expect(must(thawOwn(must(thawForSafety(ofBoth, 'mem_other'))))).toMatchObject({
      state: 'OPEN',
      freezes: NO_FREEZES,
      changes: 4,
    });
  });

  it.each([
    ['nobody has no wallet to freeze', freezeOwn(null, at), 'WALLET_NOT_OPEN'],
    ['nobody has no wallet to thaw', thawOwn(null), 'WALLET_NOT_OPEN'],
    ['a closed one is not frozen', freezeOwn(aWallet({ state: 'CLOSED' }), at), 'WALLET_CLOSED'],
    ['a closed one does not open', thawOwn(aWallet({ state: 'CLOSED' })), 'WALLET_CLOSED'],
    [
      'a member does not lift what an operator did',
      thawOwn(aWallet({ state: 'FROZEN', freezes: { own: null, operators } })),
      'WALLET_FROZEN_BY_OPERATOR',
    ],
    ['an operator says once why', freezeForSafety(ofBoth, operators), 'WALLET_FROZEN_ALREADY'],
    [
      'an operator freezes no closed one',
      freezeForSafety(aWallet({ state: 'CLOSED' }), operators),
      'WALLET_CLOSED',
    ],
    [
      'an operator opens no closed one',
      thawForSafety({ ...ofBoth, state: 'CLOSED' }, 'mem_other'),
      'WALLET_CLOSED',
    ],
    [
      'the same operator does not lift it',
      thawForSafety(ofBoth, 'mem_op'),
      'SECOND_PERSON_REQUIRED',
    ],
    ['what is not frozen is not lifted', thawForSafety(aWallet(), 'mem_2'), 'WALLET_NOT_FROZEN'],
  ])('%s', (_, answer, code) => {
    expect(isRefused(answer) && answer.refused).toBe(code);
  });
});
