/** A row of the test data. Some are wrong on purpose: null where none may be, or an error in place of a value. */
export type Row = Readonly<Record<string, unknown>>;

export const ROWS: ReadonlyMap<string, Row> = new Map(
  Array.from({ length: 8 }, (_, index) => rowsOf(index))
    .flat()
    .map((row) => [String(row['id']), row]),
);

function rowsOf(i: number): readonly Row[] {
  const user = (index: number) => `u${index % 8}`;
  return [
    {
      __typename: 'User',
      id: `u${i}`,
      name: `n${i}`,
      secret: `s${i}`,
      home: { city: i % 2 ? '千代田' : '港' },
      nick: i % 3 ? `k${i}` : null,
      score: i === 4 ? null : i * 10,
      mood: i === 5 ? new Error('mood broke') : `m${i}`,
      level: levelOf(i),
      friends: [user(i + 1), user(i + 2), user(i + 3)],
      best: i % 4 === 0 ? null : user(i * 3),
      wallet: i % 5 === 1 ? null : `w${i}`,
      pet: `${['d', 'c', 'h'][i % 3]}${i}`,
    },
    {
      __typename: 'Wallet',
      id: `w${i}`,
      balance: i === 3 ? null : i * 100,
      owner: `u${i}`,
      keeper: i === 6 ? null : user(i + 1),
      items: [`m${i}`, `g${i}`, i % 2 ? null : `w${(i + 1) % 8}`],
      grid: i === 2 ? [[1, null], [2]] : [[1, 2], [i]],
    },
    {
      __typename: 'Merchant',
      id: `m${i}`,
      name: `M${i}`,
      rating: i === 7 ? null : i,
      tags: i % 2 ? null : ['a', 'b'],
    },
    { __typename: 'Gift', id: `g${i}`, label: `G${i}`, from: `u${i}` },
    {
      __typename: 'Dog',
      id: `d${i}`,
      petName: `D${i}`,
      barks: i % 2 === 0,
      age: i === 2 ? null : i,
    },
    {
      __typename: 'Cat',
      id: `c${i}`,
      petName: `C${i}`,
      lives: 9 - i,
      age: i === 1 ? new Error('age broke') : i,
    },
    { __typename: 'Ghost', id: `h${i}`, petName: `H${i}` },
    mediumOf(i),
  ];
}

function levelOf(i: number): unknown {
  if (i === 6) return new Error('level broke');
  return i === 7 ? 'SECRET' : ['LOW', 'HIGH'][i % 2];
}

// What an interface object adds never fails here: the planner asks for it whatever the concrete type is, and a failure
// would reach objects of which the client did not ask this field.
function mediumOf(i: number): Row {
  return {
    ...(i % 2
      ? { __typename: 'Book', pages: i === 5 ? null : i * 50 }
      : { __typename: 'Film', minutes: i * 30, star: i === 2 ? null : `u${i}` }),
    id: `x${i}`,
    title: i === 1 ? null : `T${i}`,
    price: i % 3 ? i * 7 : null,
    views: i * 1_000,
    fans:
      i === 4
        ? null
        : [
            { name: `f${i}`, rank: null, mood: 'GLAD' },
            { name: 'f', rank: i },
          ],
  };
}

type Args = Readonly<Record<string, unknown>>;
export type Resolve = (row: Row, args: Args) => unknown;

const find = (id: unknown): Row | null => ROWS.get(String(id)) ?? null;
const findAll = (ids: readonly unknown[] | unknown): unknown =>
  Array.isArray(ids) ? ids.map((id) => (id === null ? null : find(id))) : null;
const users = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => find(`u${(from + index) % 8}`));
const later = <Value>(value: Value): Promise<Value> =>
  new Promise((resolve) => {
    setImmediate(() => resolve(value));
  });
const orThrow = (value: unknown): unknown => {
  if (value instanceof Error) throw value;
  return value;
};

/**
 * How fields are answered, by type and field. Subgraphs and the whole share them; other fields are the row’s own.
 * What fails where no null may be fails late: graphql-js forgets the pending items of a list when another fails at once,
 * and a rejection of theirs is then handled by nobody.
 */
export const RESOLVERS: Readonly<Record<string, Readonly<Record<string, Resolve>>>> = {
  Query: {
    me: () => find('u1'),
    user: (_, { id }) => (String(id).startsWith('u') ? later(find(id)) : null),
    users: (_, { n }) => users(1, Number(n)),
    within: (_, { range }) => {
      const { from, to } = range as { from: number; to?: number | null };
      return later(users(from, to ?? from + 1));
    },
    pets: () => findAll(['d2', 'c1', 'h1', 'c3']),
    node: (_, { id }) => (/^[uwm]/.test(String(id)) ? find(id) : null),
    nodes: () => findAll(['u1', 'w2', 'm3']),
    media: () => findAll(['x0', 'x1', 'x2', 'x6']),
    medium: (_, { id }) => (String(id).startsWith('x') ? find(id) : null),
    wallets: () => later(findAll(['w0', 'w2', 'w3'])),
    items: () => findAll(['m7', 'g4', null, 'w1', 'm2']),
    ping: () => 'pong',
    featured: () => find('x7'),
    top: () => find('u2'),
  },
  Mutation: {
    bump: (_, { i }) => later(find(`u${String(i)}`)),
    broken: () => {
      throw new Error('it broke');
    },
    touch: () => find('w2'),
  },
  User: {
    friends: ({ friends }) => findAll(friends),
    best: ({ best }) => find(best),
    wallet: ({ wallet }) => later(find(wallet)),
    pet: ({ pet }) => find(pet),
    mood: ({ mood }) => orThrow(mood),
    score: ({ score }) => later(score),
    level: ({ level }) => later(level).then(orThrow),
    greet: ({ id }, { up }) => `${up ? 'HI' : 'hi'} ${String(id)}`,
    comments: ({ id, comments }, { limit }) =>
      comments ??
      Array.from({ length: Number(limit ?? 2) }, (_, index) => `${String(id)}/${index}`),
    tagged: ({ name }) => `T${String(name)}`,
    hidden: ({ secret }) => `H${String(secret)}`,
    summary: ({ id, comments }) =>
      (Array.isArray(comments) ? comments : [0, 1, 2].map((n) => `${String(id)}/${n}`)).join(),
    address: ({ home }) => `at ${String((home as Row)['city'])}`,
  },
  Wallet: {
    balance: ({ balance }) => later(balance),
    owner: ({ owner }) => find(owner),
    keeper: ({ keeper }) => find(keeper),
    items: ({ items }) => findAll(items),
  },
  Gift: { from: ({ from }) => find(from) },
  Merchant: { rating: ({ rating }) => later(rating) },
  Dog: { age: ({ age }) => later(age) },
  Cat: { age: ({ age }) => later(age).then(orThrow) },
  Film: { star: ({ star }) => find(star) },
  Book: { pages: ({ pages }) => later(pages) },
  Media: { fans: ({ fans }) => later(fans) },
};

/** What a subgraph knows of an entity when it is told a representation: its own row, and what was required. */
export const entityOf = (representation: Row): Row | null => {
  const row = find(representation['id']);
  return row && { ...row, ...representation, __typename: row['__typename'] };
};
