import { silentLog } from '@7pay/telemetry';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { decodeCursor } from './index.ts';
import { anonymous, shelfSubgraph } from './testing/shelf.graphql.ts';

const { subgraph, shelf } = shelfSubgraph(silentLog);
beforeEach(() => void shelf.books.splice(0));

interface Books {
  readonly books: {
    readonly edges: readonly { readonly node: { readonly id: string }; readonly cursor: string }[];
    readonly nodes: readonly { readonly id: string }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}
const QUERY =
  'query($first: Int, $after: String) { books(first: $first, after: $after) { edges { cursor node { id } } nodes { id } pageInfo { hasNextPage endCursor } } }';
const ask = async (first?: number, after?: string | null) => {
  const variables = { ...(first === undefined ? {} : { first }), after };
  const { data, errors } = await subgraph.execute({ query: QUERY, variables }, anonymous());
  return { page: (data as unknown as Books | null)?.books, code: errors?.[0]?.extensions['code'] };
};
const put = (...numbers: readonly number[]) =>
  shelf.books.push(...numbers.map((n) => ({ id: `b${String(n).padStart(5, '0')}` })));

describe('a list in pages', () => {
  it('has no gap and no repetition, whatever the size of the page and whatever is added meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat({ max: 9_999 }), { maxLength: 30 }),
        fc.uniqueArray(fc.nat({ max: 9_999 }), { maxLength: 10 }),
        fc.integer({ min: 1, max: 7 }),
        async (there, later, first) => {
          shelf.books.splice(0);
          put(...there);
          const added = later.filter((n) => !there.includes(n));
          const seen: string[] = [];
          for (let after: string | null = null, more = true; more;) {
            const { page } = await ask(first, after);
            seen.push(...page!.nodes.map(({ id }) => id));
            after = page!.pageInfo.endCursor ?? after;
            more = page!.pageInfo.hasNextPage;
            put(...added.splice(0, 1)); // somewhere before or behind the cursor
          }
          expect(new Set(seen).size).toBe(seen.length);
          expect(seen).toEqual(seen.toSorted());
          for (const n of there) expect(seen).toContain(`b${String(n).padStart(5, '0')}`);
        },
      ),
      { numRuns: 50, seed: 7 },
    );
  });

  it('shows edges, nodes and the end of the page alike', async () => {
    put(1, 2, 3);
    const { page } = await ask(2);
    expect(page?.edges.map(({ node }) => node)).toEqual(page?.nodes);
    expect(page?.pageInfo).toEqual({ hasNextPage: true, endCursor: page?.edges[1]?.cursor });
    const rest = await ask(2, page?.pageInfo.endCursor);
    expect(rest.page?.nodes).toEqual([{ id: 'b00003' }]);
    expect(rest.page?.pageInfo.hasNextPage).toBe(false);
  });

  it('that is empty has no end', async () => {
    expect((await ask(5)).page).toEqual({
      edges: [],
      nodes: [],
      pageInfo: { hasNextPage: false, endCursor: null },
    });
  });

  it('has 20 to a page unless told, 100 at most', async () => {
    put(...Array.from({ length: 150 }, (_, n) => n));
    expect((await ask()).page?.nodes).toHaveLength(20);
    expect((await ask(100)).page?.nodes).toHaveLength(100);
    for (const first of [0, -1, 101, 2_147_483_647]) {
      expect((await ask(first)).code, String(first)).toBe('BAD_USER_INPUT');
    }
  });

  it.each(['x', 'YzI', 'b00001', Buffer.from('c2.b00001').toString('base64url'), 'A'.repeat(201)])(
    'refuses the cursor %s, which is none of ours',
    async (after) => {
      put(1, 2);
      expect((await ask(1, after)).code).toBe('BAD_USER_INPUT');
      expect(() => decodeCursor(after)).toThrow('not a cursor of ours');
    },
  );
});
