import { CommitOutcomeUnknown, UnitOfWorkTimedOut } from '@7pay/mongo';
import type { Log, LogFacts } from '@7pay/telemetry';
import { parse } from 'graphql';
import { beforeEach, describe, expect, it } from 'vitest';
import { badUserInput, forbidden, notFound } from './errors.ts';
import { anonymous, shelfSubgraph } from './testing/shelf.graphql.ts';

const logged: { event: string; facts: LogFacts }[] = [];
const log: Log = {
  info: () => {},
  warn: () => {},
  error: (event, facts = {}) => void logged.push({ event, facts }),
  child: () => log,
};
const { subgraph, shelf } = shelfSubgraph(log);
beforeEach(() => {
  logged.length = 0;
  shelf.failure = null;
});
const SECRET = 'E11000 duplicate key mongodb://app:hunter2@db';
const ask = (query: string, variables: Record<string, unknown> = {}) =>
  subgraph.execute({ query, variables }, anonymous('request-7'));
const codesOf = async (query: string, variables: Record<string, unknown> = {}) =>
  (await ask(query, variables)).errors?.map(({ extensions }) => extensions['code']);

describe('an error inside a subgraph', () => {
  it('that nobody foresaw leaves as INTERNAL with the request’s reference; the cause is logged', async () => {
    shelf.failure = new Error(SECRET);
    const { data, errors } = await ask('{ price }');
    expect(data).toEqual({ price: null });
    expect(JSON.parse(JSON.stringify(errors))).toEqual([
      {
        message: 'ただいま処理できません。 We cannot do this at the moment.',
        path: ['price'],
        extensions: { code: 'INTERNAL', reference: 'request-7' },
      },
    ]);
    expect(logged).toEqual([
      {
        event: 'graphql.failed',
        facts: { reference: 'request-7', code: 'INTERNAL', cause: shelf.failure },
      },
    ]);
  });

  const named = (name: string) => Object.assign(new Error(SECRET), { name });
  it.each<[string, Error]>([
    ['a lost connection', named('MongoNetworkError')],
    ['no primary', named('MongoServerSelectionError')],
    ['no primary, in the words of mongoose', named('MongooseServerSelectionError')],
    ['a deadline', new UnitOfWorkTimedOut(SECRET)],
    ['a commit of unknown outcome', new CommitOutcomeUnknown(SECRET)],
  ])('that is an outage (%s) leaves as UNAVAILABLE', async (_, failure) => {
    shelf.failure = failure;
    const { errors } = await ask('{ price }');
    expect(errors?.[0]?.extensions).toEqual({ code: 'UNAVAILABLE', reference: 'request-7' });
    expect(JSON.stringify(errors)).not.toContain('hunter2');
  });

  it.each([
    ['NOT_FOUND', notFound()],
    ['FORBIDDEN', forbidden()],
    ['BAD_USER_INPUT', badUserInput('label: 1 to 50 characters are expected')],
  ])(
    'that was made for the caller (%s) keeps its words and is not logged',
    async (code, failure) => {
      shelf.failure = failure;
      const { errors } = await ask('{ price }');
      expect(errors?.[0]).toMatchObject({ message: failure.message, path: ['price'] });
      expect(errors?.[0]?.extensions).toEqual({ code });
      expect(logged).toEqual([]);
    },
  );

  it('that carries a code of nobody’s is masked', async () => {
    shelf.failure = Object.assign(badUserInput(SECRET), { extensions: { code: 'E11000' } });
    const { errors } = await ask('{ price }');
    expect(errors?.[0]?.extensions['code']).toBe('INTERNAL');
    expect(JSON.stringify(errors)).not.toContain('hunter2');
  });
});

describe('a document', () => {
  it.each([
    ['that cannot be read', '{ price', 'GRAPHQL_VALIDATION_FAILED'],
    ['for a field that is not there', '{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['of too many tokens', `{ ${'price '.repeat(20_001)} }`, 'GRAPHQL_VALIDATION_FAILED'],
    ['with a bad literal', 'mutation { buy(amount: 0) { __typename } }', 'BAD_USER_INPUT'],
  ])('%s is refused by code, every time', async (_, query, code) => {
    expect(await codesOf(query)).toEqual([code]);
    expect(await codesOf(query)).toEqual([code]);
  });

  it('is taken in its parsed form, and still has to be valid', async () => {
    const query = '{ price } # parsed already';
    const parsed = await subgraph.execute({ query, document: parse('{ price }') }, anonymous());
    expect(parsed.data).toEqual({ price: 100 });
    const bad = '{ nothing } # parsed already';
    const refused = await subgraph.execute(
      { query: bad, document: parse('{ nothing }') },
      anonymous(),
    );
    expect(refused.errors?.[0]?.extensions['code']).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('with variables of the wrong shape is bad input', async () => {
    const query = 'mutation($amount: Yen!) { buy(amount: $amount) { __typename } }';
    for (const amount of [undefined, null, 'x', 1.5, {}, [1], 0]) {
      expect(await codesOf(query, { amount }), String(amount)).toEqual(['BAD_USER_INPUT']);
    }
    expect(logged).toEqual([]);
  });
});

describe('representations', () => {
  const query =
    'query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Book { id } } }';
  const books = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ __typename: 'Book', id: `b${n}` }));

  it('are found by key, and what is not there is null', async () => {
    shelf.books.splice(0, Infinity, { id: 'b1' });
    const { data, errors } = await ask(query, { representations: books(3) });
    expect([data, errors]).toEqual([{ _entities: [null, { id: 'b1' }, null] }, undefined]);
  });

  it('are at most a thousand at once', async () => {
    expect(await codesOf(query, { representations: books(1_000) })).toBeUndefined();
    expect(await codesOf(query, { representations: books(1_001) })).toEqual(['BAD_USER_INPUT']);
  });

  it('are counted whatever their lists are called, all lists of a request together', async () => {
    const two =
      'query($a: [_Any!]!, $b: [_Any!]!) { a: _entities(representations: $a) { __typename } b: _entities(representations: $b) { __typename } }';
    expect(await codesOf(two, { a: books(500), b: books(500) })).toBeUndefined();
    expect(await codesOf(two, { a: books(500), b: books(501) })).toEqual(['BAD_USER_INPUT']);
  });

  it('of a type that is none of ours are refused without a stack', async () => {
    const { errors } = await ask(query, { representations: [{ __typename: 'Nobody', id: '1' }] });
    expect(errors).toHaveLength(1);
    expect(JSON.stringify(errors)).not.toMatch(/\bat \S+:\d|node_modules/);
  });
});
