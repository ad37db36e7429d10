import { silentLog } from '@7pay/telemetry';
import { Query, Resolver } from 'type-graphql';
import { describe, expect, it } from 'vitest';
import { defineSubgraph } from '../define-subgraph.ts';
import { anonymous } from '../testing/shelf.graphql.ts';
import type { MemberViewer, Viewer } from '../viewer.ts';
import { Allow, entity } from './allow.ts';
import { freshOperator, member, only, passes, type Rule, shownTo } from './rule.ts';

const person: MemberViewer = {
  locale: 'en',
  requestId: 'r',
  clientId: null,
  kind: 'member',
  memberId: 'mem_1',
  scopes: ['wallet'],
  roles: [],
  acr: 'urn:7id:acr:2',
  authTime: 0,
};
const staff: MemberViewer = { ...person, scopes: ['operations'], roles: ['operator', 'support'] };

@Resolver()
class ForgetfulResolver {
  @Allow(shownTo(member(null, { freshSeconds: 60 })))
  @Query(() => String, { nullable: true, description: 'It comes and goes.' })
  diary(): string {
    return 'diary';
  }
}

describe('a rule that asks when somebody logged in', () => {
  const now = new Date(10_000_000);
  const loggedIn = (secondsAgo: number, who = person) => ({
    ...who,
    authTime: 10_000 - secondsAgo,
  });
  const claim = only(member('wallet', { freshSeconds: 60 }), freshOperator(600, 'support'));
  const pass = (rule: Rule, viewer: Viewer, thing = {}) => passes(rule, viewer, { thing, now });
  const code = (expected: string, facts = {}) =>
    expect.objectContaining({ extensions: { code: expected, ...facts } });

  it('lets those pass who did so lately, to the second', () => {
    expect(pass(claim, loggedIn(60))).toBe(true);
    expect(pass(claim, loggedIn(600, staff))).toBe(true);
  });

  it.each<[string, Viewer, number]>([
    ['a member', loggedIn(61), 60],
    ['a member of whom nobody knows when', { ...person, authTime: 0 }, 60],
    ['an operator', loggedIn(601, staff), 600],
  ])('tells %s how old a login may be', (_, viewer, maxAge) => {
    expect(() => pass(claim, viewer)).toThrow(code('REAUTHENTICATION_REQUIRED', { maxAge }));
  });

  it.each<[string, Viewer, string]>([
    ['who may not, however lately', loggedIn(1, { ...person, scopes: [] }), 'FORBIDDEN'],
    ['nobody', anonymous(), 'UNAUTHENTICATED'],
  ])('tells %s nothing of it', (_, viewer, expected) => {
    expect(() => pass(claim, viewer)).toThrow(code(expected));
  });

  it('takes the most patient of the grants that fit', () => {
    const both = only(member(null, { freshSeconds: 60 }), member('wallet', { freshSeconds: 600 }));
    expect(pass(both, loggedIn(600))).toBe(true);
    expect(() => pass(both, loggedIn(601))).toThrow(
      code('REAUTHENTICATION_REQUIRED', { maxAge: 600 }),
    );
    expect(pass(only(...both.grants, member('wallet')), loggedIn(9_999))).toBe(true);
  });

  it('is no rule of an entity, nor of a field that hides', () => {
    expect(() => entity(claim, async () => null)).toThrow('asks for a fresh login');
    const define = () =>
      defineSubgraph({
        name: 'diaries',
        resolvers: [ForgetfulResolver],
        context: (viewer) => ({ viewer }),
        log: silentLog,
      });
    expect(define).toThrow('rules of access: Query.diary is hidden, and asks for a fresh login');
  });
});
