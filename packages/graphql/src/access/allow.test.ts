import { silentLog } from '@7pay/telemetry';
import {
  Directive,
  Field,
  FieldResolver,
  ID,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { describe, expect, it } from 'vitest';
import { defineSubgraph, type SubgraphDefinition } from '../define-subgraph.ts';
import { anonymous } from '../testing/shelf.graphql.ts';
import type { MemberViewer, TerminalViewer, Viewer } from '../viewer.ts';
import { Allow, entity, stub } from './allow.ts';
import {
  allows,
  anybody,
  anyCaller,
  type Belonging,
  member,
  only,
  operator,
  owner,
  type Rule,
  shownTo,
  terminal,
} from './rule.ts';

const common = { locale: 'en', requestId: 'r', clientId: null } as const;
const person: MemberViewer = {
  ...common,
  kind: 'member',
  memberId: 'mem_1',
  scopes: ['wallet'],
  roles: [],
  acr: 'urn:7id:acr:2',
  authTime: 0,
};
const register: TerminalViewer = {
  ...common,
  kind: 'terminal',
  terminalId: 'ter_1',
  storeId: 'sto_1',
  merchantId: 'mer_1',
  scopes: ['terminal'],
};
const staff: MemberViewer = { ...person, scopes: ['operations'], roles: ['operator', 'support'] };
const weak: MemberViewer = { ...person, acr: 'urn:7id:acr:1' };

describe('a rule', () => {
  it.each<[string, Rule, Viewer, Belonging, boolean]>([
    ['anybody is nobody too', only(anybody), anonymous(), {}, true],
    ['a caller has a token', only(anyCaller), anonymous(), {}, false],
    ['a terminal is a caller', only(anyCaller), register, {}, true],
    ['a member with the scope', only(member('wallet')), weak, {}, true],
    ['a member without it', only(member('points')), person, {}, false],
    ['a member below the level', only(member('wallet', { acr: 2 })), weak, {}, false],
    ['an acr nobody knows', only(member('wallet', { acr: 2 })), { ...person, acr: '9' }, {}, false],
    ['a terminal is no member', only(member(null)), register, {}, false],
    ['its member', only(owner('wallet', 2)), person, { memberId: 'mem_1' }, true],
    ['its member, weakly proven', only(owner('wallet', 2)), weak, { memberId: 'mem_1' }, false],
    ['another member', only(owner('wallet', 2)), person, { memberId: 'mem_2' }, false],
    ['a thing of nobody', only(owner('wallet', 2)), person, { memberId: null }, false],
    ['a thing that says nothing', only(owner('wallet', 2)), person, {}, false],
    ['an operator', only(operator('support', 'auditor')), staff, {}, true],
    [
      'an operator, weakly proven',
      only(operator('support', 'auditor')),
      { ...staff, acr: 'urn:7id:acr:1' },
      {},
      false,
    ],
    [
      'an operator in another app',
      only(operator('support', 'auditor')),
      { ...staff, scopes: ['wallet'] },
      {},
      false,
    ],
    [
      'the scope without the role',
      only(operator('support', 'auditor')),
      { ...staff, roles: [] },
      {},
      false,
    ],
    ['an operator of another duty', only(operator('finance')), staff, {}, false],
    ['of one of two duties', only(operator('finance', 'support')), staff, {}, true],
    ['of no duty', only(operator('support')), { ...staff, roles: ['operator'] }, {}, false],
    [
      'a duty without the role',
      only(operator('support')),
      { ...staff, roles: ['support'] },
      {},
      false,
    ],
    ['any terminal', only(terminal()), register, {}, true],
    ['a terminal without the scope', only(terminal()), { ...register, scopes: [] }, {}, false],
    ['a terminal of the store', only(terminal('store')), register, { storeId: 'sto_1' }, true],
    ['of another store', only(terminal('store')), register, { storeId: 'sto_2' }, false],
    ['of the merchant', only(terminal('merchant')), register, { merchantId: 'mer_1' }, true],
    ['of another', only(terminal('merchant')), register, { merchantId: 'mer_2' }, false],
    ['one of several', only(terminal(), operator('support')), staff, {}, true],
    ['no grant at all', only(), staff, {}, false],
  ])('%s', (_, rule, viewer, thing, may) => {
    expect(allows(rule, viewer, thing)).toBe(may);
  });
});

interface Context {
  readonly viewer: Viewer;
}

@Directive('@key(fields: "id")')
@ObjectType('Note', { description: 'A note.' })
class Note {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Its text.' })
  text!: string;
}

@Directive('@key(fields: "id")')
@ObjectType('Author', { description: 'Of another subgraph.' })
class Author {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
}

@Resolver(() => Author)
class AuthorResolver {
  @Allow(shownTo(owner('wallet', 2)), async ({ id }: Author) => ({ memberId: id }))
  @FieldResolver(() => String, { nullable: true, description: 'For the author.' })
  secret(@Root() { id }: Author): string {
    return `secret of ${id}`;
  }

  @Allow(only(operator('support', 'auditor')))
  @Query(() => String, { nullable: true, description: 'For operators.' })
  figures(): string {
    return 'figures';
  }
}

@Resolver(() => Author)
class BareResolver {
  @Query(() => String, { nullable: true, description: 'Somebody forgot.' })
  forgotten(): string {
    return 'open to all';
  }

  @FieldResolver(() => String, { nullable: true, description: 'Here too.' })
  alsoForgotten(): string {
    return 'open to all';
  }
}

@Resolver()
class HidingResolver {
  @Allow(shownTo(operator('support', 'auditor')))
  @Query(() => String, { description: 'Hidden, but never null.' })
  pin(): string {
    return '0000';
  }
}

@Resolver()
class DutilessResolver {
  // As whoever writes without types would.
  @Allow(only({ who: 'operator', duties: [] as never, freshSeconds: null }))
  @Query(() => String, { description: 'Nobody said for whom.' })
  lists(): string {
    return '';
  }

  @Allow(only(operator('support')))
  @Query(() => String, { description: 'Not read by all who read.' })
  reads(): string {
    return '';
  }

  @Allow(only(operator('security', 'auditor')))
  @Mutation(() => String, { description: 'Changed by who only reads.' })
  changes(): string {
    return '';
  }
}

const noteOf = entity(
  shownTo(owner('wallet', 2)),
  ({ id }: { id: string }, _context: Context) =>
    id === 'n1' ? { id, text: 'mine', by: 'mem_1' } : null,
  ({ by }) => ({ memberId: by }),
);
const define = (
  resolver:
    | typeof AuthorResolver
    | typeof BareResolver
    | typeof HidingResolver
    | typeof DutilessResolver,
  references: SubgraphDefinition<Context>['references'] = { Note: noteOf, Author: stub },
) =>
  defineSubgraph<Context>({
    name: 'notes',
    resolvers: [resolver],
    orphanedTypes: [Note, Author],
    references,
    context: (viewer) => ({ viewer }),
    log: silentLog,
  });
const ENTITIES = `query($all: [_Any!]!) { _entities(representations: $all) { ... on Note { id text } ... on Author { id secret } } }`;

describe('a subgraph with rules', () => {
  const subgraph = define(AuthorResolver);
  const entities = async (viewer: Viewer, ...all: object[]) => {
    const { data, errors } = await subgraph.execute(
      { query: ENTITIES, variables: { all } },
      viewer,
    );
    expect(errors).toBeUndefined();
    return JSON.parse(JSON.stringify(data?.['_entities'])) as unknown[];
  };

  it('asks before the resolver runs', async () => {
    const codeFor = async (viewer: Viewer) =>
      (await subgraph.execute({ query: '{ figures }' }, viewer)).errors?.[0]?.extensions['code'];
    expect(await codeFor(anonymous())).toBe('UNAUTHENTICATED');
    expect(await codeFor(person)).toBe('FORBIDDEN');
    expect(await codeFor(staff)).toBeUndefined();
  });

  it('shows an entity to whom it belongs; to others it does not exist', async () => {
    const note = { __typename: 'Note', id: 'n1' };
    expect(await entities(person, note)).toEqual([{ id: 'n1', text: 'mine' }]);
    for (const viewer of [anonymous(), weak, staff, register, { ...person, memberId: 'mem_2' }]) {
      expect(await entities(viewer, note, { ...note, id: 'none' })).toEqual([null, null]);
    }
  });

  it('believes nothing but the key of a representation', async () => {
    const stranger = { ...person, memberId: 'mem_2' };
    const forged = { memberId: 'mem_2', by: 'mem_2', secret: 'forged', text: 'forged' };
    expect(
      await entities(
        stranger,
        { __typename: 'Note', id: 'n1', ...forged },
        { __typename: 'Author', id: 'mem_1', ...forged },
      ),
    ).toEqual([null, { id: 'mem_1', secret: null }]);
    expect(await entities(person, { __typename: 'Author', id: 'mem_1', ...forged })).toEqual([
      { id: 'mem_1', secret: 'secret of mem_1' },
    ]);
  });

  it('tells the rule of every field', () => {
    const told = subgraph.access.map(({ type, field, from }) => `${type}.${field} ${from}`);
    expect(told.sort()).toEqual([
      'Author.id holder',
      'Author.secret field',
      'Note.id entity',
      'Note.text entity',
      'Query.figures field',
    ]);
  });

  it('does not start while an entity could be found by its key without one', () => {
    expect(() => define(AuthorResolver, { Author: stub })).toThrow(
      'rules of access: Note is found by its key without a rule (entity, stub)',
    );
  });

  it('does not start while it would hide what may not be null', () => {
    expect(() => define(HidingResolver)).toThrow(
      'rules of access: Query.pin is hidden, but may not be null',
    );
  });

  it('does not start while an operator’s field has no duty, or the auditor would change something', () => {
    expect(() => define(DutilessResolver)).toThrow(
      'rules of access: Query.lists is for operators of no duty; ' +
        'Query.reads is read, and not for auditor; Mutation.changes changes, and is for auditor',
    );
  });

  // Last: what was added to a type in one schema stays known in this process.
  it('does not start while a query or an added field has none', () => {
    expect(() => define(BareResolver)).toThrow(
      'rules of access: Author.alsoForgotten has no rule (@Allow); Query.forgotten has no rule (@Allow)',
    );
  });
});
