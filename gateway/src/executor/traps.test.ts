import { describe, expect, it } from 'vitest';
import { json, me, places, testAsking } from './testing/asking.ts';
import { scripted } from './testing/watched-reach.ts';

process.env['APOLLO_TELEMETRY_DISABLED'] = '1';

// The traps in which executors of query plans have been caught, in the order of docs/gateway.md.
const { asking, real } = testAsking();

describe('trap 1: a null where none may be', () => {
  it('makes its parent null, up to where one may be, and is told once', async () => {
    const ask = await asking(scripted({ people: () => me({ id: 'u1', name: null }) }));
    const answer = await ask('{ me { id name } }');
    expect(answer.data).toBeNull();
    expect(places(answer)).toEqual(['me.name']);
  });

  it('in a list makes the list null, and each such item is told', async () => {
    const users = [{ name: 'a' }, { name: null }, {}];
    const people = () => ({ data: { users, pets: [] } });
    const ask = await asking(scripted({ people }));
    const answer = await ask('{ users { name } pets { id } }');
    expect(answer.data).toBeNull();
    expect(places(answer)).toEqual(['users.1.name', 'users.2.name']);
  });

  it('that a subgraph has explained is not told a second time', async () => {
    const people = () => ({
      data: { me: null },
      errors: [{ message: 'no', path: ['me', 'name'] }],
    });
    const answer = await (await asking(scripted({ people })))('{ me { name } }');
    expect(answer.data).toBeNull();
    expect(answer.errors?.map(({ message }) => message)).toEqual(['no']);
  });
});

describe('trap 2: @skip and @include', () => {
  const query = `query Q($on: Boolean!) { wallets { id items { ... on Gift @include(if: $on) { label } } } }`;

  it('of all leaves leaves an empty object, not nothing', async () => {
    const ask = await asking(real());
    const off = await ask(query, { on: false });
    expect(json(off.data)).toMatchObject({ wallets: [{ id: 'w0', items: [{}, {}, {}] }, {}, {}] });
    const on = await ask(query, { on: true });
    expect(json(on.data)).toMatchObject({
      wallets: [{ items: [{}, { label: 'G0' }, {}] }, {}, {}],
    });
  });

  it('of a field with requirements take nothing from the fields beside it', async () => {
    const ask = await asking(real());
    const beside = `query Q($on: Boolean!) { me { tagged @include(if: $on) score name @skip(if: $on) } }`;
    expect(json((await ask(beside, { on: true })).data)).toEqual({
      me: { tagged: 'Tn1', score: 10 },
    });
    expect(json((await ask(beside, { on: false })).data)).toEqual({
      me: { score: 10, name: 'n1' },
    });
  });

  it('with five variables are refused before anybody is asked', async () => {
    const reach = real();
    const names = ['a', 'b', 'c', 'd', 'e'];
    const declared = names.map((name) => `$${name}: Boolean!`).join(' ');
    const fields = names.map((name) => `${name}: ping @skip(if: $${name})`).join(' ');
    const variables = Object.fromEntries(names.map((name) => [name, false]));
    const answer = await (await asking(reach))(`query Q(${declared}) { ${fields} }`, variables);
    expect(answer.errors?.[0]?.extensions['code']).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(reach.calls).toEqual([]);
  });

  it('that are neither true nor false are refused', async () => {
    const ask = await asking(real());
    const answer = await ask('query Q($a: Boolean = true) { ping @skip(if: $a) }', { a: null });
    expect(answer.data).toBeUndefined(); // nothing was executed
    expect(answer.errors?.[0]?.message).toMatch(/true or false/);
  });
});

describe('trap 3: types that clients may not see', () => {
  it('count in what subgraphs are told, and are no answer', async () => {
    const reach = real();
    const answer = await (await asking(reach))('{ pets { id } me { hidden } }');
    expect(json(answer.data)).toEqual({
      pets: [{ id: 'd2' }, { id: 'c1' }, null, { id: 'c3' }],
      me: { hidden: 'Hs1' },
    });
    expect(places(answer)).toEqual(['pets.2']);
    expect(reach.representations('scores')).toEqual([
      { __typename: 'User', id: 'u1', secret: 's1' },
    ]);
  });
});

describe('trap 4: interface objects', () => {
  it('may call themselves by their interface, as long as nobody asks what they are', async () => {
    const ask = await asking(
      scripted({ money: () => ({ data: { featured: { __typename: 'Media', id: 'x7' } } }) }),
    );
    expect(json(await ask('{ featured { id } }'))).toEqual({ data: { featured: { id: 'x7' } } });
  });

  it('are asked what they are when the client wants to know, and keep that name', async () => {
    const ask = await asking(real());
    expect(
      json(await ask('{ featured { price __typename ... on Book { pages } views } }')),
    ).toEqual({
      data: { featured: { price: 49, __typename: 'Book', pages: 350, views: 7_000 } },
    });
  });

  it('whose type nobody knows are null where the client asks for it', async () => {
    const nobody = () => ({ data: { _entities: [null] } });
    const money = () => ({ data: { featured: { __typename: 'Media', id: 'x7' } } });
    const answer = await (
      await asking(scripted({ money, people: nobody }))
    )('{ featured { __typename } }');
    expect(answer.data).toEqual({ featured: null });
    expect(places(answer)).toEqual(['featured.__typename']);
  });

  it.each(['Alien', 'User', 7, null])('of type %j are null', async (name) => {
    const people = () => ({ data: { pets: [{ __typename: name, id: '1' }] } });
    const answer = await (await asking(scripted({ people })))('{ pets { id } }');
    expect(answer.data).toEqual({ pets: [null] });
    expect(places(answer)).toEqual(['pets.0']);
  });
});

describe('trap 5: the name of a type', () => {
  it('is the schema’s, whatever a subgraph calls its own', async () => {
    const people = () => ({
      data: { __typename: 'RootQuery', me: { __typename: 'Person', id: 'u1' } },
    });
    const answer = await (
      await asking(scripted({ people }))
    )('{ __typename me { __typename id } }');
    expect(answer.data).toEqual({ __typename: 'Query', me: { __typename: 'User', id: 'u1' } });
  });
});

describe('trap 6: what a subgraph is told of an entity', () => {
  const query = '{ me { score tagged } }';

  it('is nothing when a required value is missing or may not be null', async () => {
    for (const user of [
      { id: 'u1' },
      { id: 'u1', name: null },
      { name: 'n1' },
      { id: null, name: 'n' },
    ]) {
      const reach = scripted({
        people: () => me(user),
        scores: () => ({ data: { _entities: [{}] } }),
      });
      await (
        await asking(reach)
      )('{ me { tagged } }');
      expect(reach.representations('scores'), JSON.stringify(user)).toEqual([]);
    }
  });

  it('is exactly its key and what is required', async () => {
    const reach = real();
    await (
      await asking(reach)
    )(query);
    expect(reach.representations('scores')).toEqual([{ __typename: 'User', id: 'u1', name: 'n1' }]);
  });
});

describe('trap 7: merging', () => {
  it('never lets a null take the place of a value', async () => {
    const reach = scripted({
      people: () => me({ id: 'u1', name: 'n1' }),
      scores: () => ({
        data: { _entities: [{ __typename: null, score: 1, id: null, name: null }] },
      }),
    });
    const answer = await (await asking(reach))('{ me { id name score } }');
    expect(answer.data).toEqual({ me: { id: 'u1', name: 'n1', score: 1 } });
  });

  it('crosses lists of lists', async () => {
    const answer = await (await asking(real()))('{ wallets { grid } }');
    expect(json(answer.data)).toEqual({
      wallets: [{ grid: [[1, 2], [0]] }, { grid: [null, [2]] }, { grid: [[1, 2], [3]] }],
    });
  });
});

describe('trap 8: one entity in many places', () => {
  it('is asked for once, and is complete everywhere', async () => {
    const reach = real();
    const answer = await (await asking(reach))('{ users(n: 3) { friends { id nick } } }');
    expect(reach.representations('scores').length).toBe(5);
    const { users } = json(answer.data) as { users: { friends: { id: string; nick: string }[] }[] };
    const nicks = users.flatMap(({ friends }) => friends.map(({ id, nick }) => `${id}:${nick}`));
    expect(nicks.join(' ')).toBe('u2:k2 u3:null u4:k4 u3:null u4:k4 u5:k5 u4:k4 u5:k5 u6:null');
  });
});

describe('trap 9: the places of errors', () => {
  it('are the client’s: wherever the entity hangs, under the client’s names', async () => {
    const answer = await (await asking(real()))('{ users(n: 3) { pals: friends { x: mood } } }');
    expect(places(answer)).toEqual(['users.1.pals.2.x', 'users.2.pals.1.x']);
  });

  it('of a call that failed are all that it was to complete', async () => {
    const reach = real();
    const ask = await asking(
      scripted({
        people: (call) => reach.call(call),
        scores: () => Promise.reject(new Error('x')),
      }),
    );
    const answer = await ask('{ users(n: 2) { id mood } }');
    expect(places(answer)).toEqual(['users.0', 'users.1']);
    expect(json(answer.data)).toEqual({
      users: [
        { id: 'u1', mood: null },
        { id: 'u2', mood: null },
      ],
    });
  });

  it('are at most a hundred', async () => {
    const errors = Array.from({ length: 500 }, () => ({ message: 'x', path: ['ping'] }));
    const ask = await asking(scripted({ money: () => ({ data: { ping: null }, errors }) }));
    expect((await ask('{ ping }')).errors).toHaveLength(100);
  });
});
