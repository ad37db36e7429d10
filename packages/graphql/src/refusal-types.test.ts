import { declareRefusals, refuse } from '@7pay/refusals';
import { silentLog } from '@7pay/telemetry';
import { describe, expect, it } from 'vitest';
import { refusalClass, toAnswer } from './index.ts';
import { anonymous, shelfEmpty, shelfSubgraph } from './testing/shelf.graphql.ts';

declareRefusals('shelf', {
  SHELF_EMPTY_2: { ja: 'あと{short}円です。', en: '{short} yen are missing.' },
  A_B_1: { ja: 'あ', en: 'a' },
});
const { subgraph, shelf } = shelfSubgraph(silentLog);
const buy = async (refusal: typeof shelf.refusal, locale: 'ja' | 'en' = 'en') => {
  shelf.refusal = refusal;
  const query =
    'mutation { buy(amount: 500) { __typename ... on Refusal { code message } ... on ShelfEmpty2 { short } ... on Bought { amount } ... on StepUpRequired { acr } ... on FunctionClosed { switch { key } } } }';
  const { data, errors } = await subgraph.execute({ query }, { ...anonymous(), locale });
  expect(errors).toBeUndefined();
  return data?.['buy'];
};

describe('what a mutation answers', () => {
  it('is its success', async () => {
    expect(await buy(null)).toEqual({ __typename: 'Bought', amount: 500 });
  });

  it('is a refusal with its code, its facts and a sentence in the caller’s language', async () => {
    expect(await buy(shelfEmpty(1_080))).toEqual({
      __typename: 'ShelfEmpty2',
      code: 'SHELF_EMPTY_2',
      message: '1,080 yen are missing.',
      short: 1_080,
    });
    expect(await buy(shelfEmpty(1_080), 'ja')).toMatchObject({ message: 'あと1,080円です。' });
  });

  it('names the switch that is closed as an entity, with the reason in the sentence', async () => {
    const closed = refuse('FUNCTION_CLOSED', {
      switch: 'payment',
      since: '2019-07-04T05:00:00.000Z',
      reasonJa: '調査のため',
      reasonEn: 'Investigating',
    });
    expect(await buy(closed)).toMatchObject({
      __typename: 'FunctionClosed',
      code: 'FUNCTION_CLOSED',
      message: expect.stringContaining('Investigating'),
      switch: { key: 'payment' },
    });
  });
});

describe('a refusal type', () => {
  it.each([
    ['CODE_USED', 'CodeUsed'],
    ['A_B_1', 'AB1'],
    ['X', 'X'],
  ])('of %s is called %s', (code, name) => {
    expect(refusalClass(code, 'x').name).toBe(name);
  });

  it('is named as the answer names it', () => {
    const viewer = anonymous();
    for (const code of ['A_B_1', 'SHELF_EMPTY_2']) {
      const answer = toAnswer(viewer, refuse(code), () => ({ __typename: 'Never' }));
      expect(answer.__typename).toBe(refusalClass(code, 'x').name);
    }
  });

  it('cannot be answered without a sentence', () => {
    const answer = () => toAnswer(anonymous(), refuse('NOBODY_SAID'), () => ({ __typename: 'X' }));
    expect(answer).toThrow('nobody declared');
  });
});
