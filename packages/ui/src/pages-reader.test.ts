import { describe, expect, it } from 'vitest';
import type { GraphAnswer } from './graph-client.ts';
import { type PageOf, type PagesRead, pagesReader } from './pages-reader.ts';

type Answer = GraphAnswer<PageOf<string>>;
const aPage = (nodes: readonly string[], endCursor: string | null = null): Answer => ({
  data: { nodes, pageInfo: { hasNextPage: endCursor !== null, endCursor } },
  partial: false,
});
const aFault: Answer = { fault: { kind: 'UNREACHABLE', code: 'X', reference: null } };

/** A list whose answers come when the test says so, and what was asked of it. */
function aList() {
  const asked: string[] = [];
  const waiting: ((answer: Answer) => void)[] = [];
  let shown: PagesRead<string> | undefined;
  const reader = pagesReader<string>((pages) => (shown = pages));
  return {
    reader,
    asked,
    question: (name: string) => (after: string | null) => {
      asked.push(`${name}:${after ?? ''}`);
      const { promise, resolve } = Promise.withResolvers<Answer>();
      waiting.push(resolve);
      return promise;
    },
    /** Answers the n-th request. */
    answer: async (n: number, answer: Answer) => {
      waiting[n]!(answer);
      await Promise.resolve();
      await Promise.resolve();
    },
    get shown() {
      return shown;
    },
  };
}

describe('a list that is read page by page', () => {
  it('shows one page after the other, to the end', async () => {
    const list = aList();
    void list.reader.ask(list.question('q'));
    expect(list.shown).toMatchObject({ rows: null, busy: true });
    await list.answer(0, aPage(['a', 'b'], 'b'));
    void list.reader.more();
    await list.answer(1, aPage(['c']));
    expect(list.shown).toEqual({ rows: ['a', 'b', 'c'], after: null, fault: null, busy: false });
    await list.reader.more();
    expect(list.asked).toEqual(['q:', 'q:b']);
  });

  it('asks for a page once, however often it is tapped', async () => {
    const list = aList();
    void list.reader.ask(list.question('q'));
    await list.answer(0, aPage(['a'], 'a'));
    void list.reader.more();
    void list.reader.more();
    await list.answer(1, aPage(['b'], 'b'));
    expect(list.asked).toEqual(['q:', 'q:a']);
    expect(list.shown?.rows).toEqual(['a', 'b']);
  });

  it('adds no page to a list that was read again meanwhile', async () => {
    const list = aList();
    void list.reader.ask(list.question('q'));
    await list.answer(0, aPage(['b', 'a'], 'a'));
    void list.reader.more();
    void list.reader.reread(); // a new row has come
    await list.answer(2, aPage(['c', 'b'], 'b'));
    await list.answer(1, aPage(['0']));
    expect(list.shown).toMatchObject({ rows: ['c', 'b'], after: 'b', busy: false });
  });

  it('shows nothing of the question before, be it late, a fault or a next page', async () => {
    const list = aList();
    void list.reader.ask(list.question('old'));
    await list.answer(0, aPage(['old'], 'old'));
    void list.reader.more();
    void list.reader.ask(list.question('new'));
    expect(list.shown).toMatchObject({ rows: null, after: null, busy: true });
    await list.answer(1, aFault);
    expect(list.shown).toMatchObject({ fault: null, busy: true });
    await list.answer(2, aPage(['new'], 'new'));
    void list.reader.more();
    expect(list.asked).toEqual(['old:', 'old:old', 'new:', 'new:new']);
    expect(list.shown?.rows).toEqual(['new']);
  });

  it('keeps its rows beside a fault, and reads on behind them', async () => {
    const list = aList();
    void list.reader.ask(list.question('q'));
    await list.answer(0, aPage(['a'], 'a'));
    void list.reader.more();
    await list.answer(1, aFault);
    expect(list.shown).toMatchObject({ rows: ['a'], after: 'a', busy: false });
    expect(list.shown?.fault).not.toBeNull();
    void list.reader.more();
    await list.answer(2, aPage(['b']));
    expect(list.shown).toMatchObject({ rows: ['a', 'b'], fault: null });
  });

  it('shows nothing to who has left', async () => {
    const list = aList();
    void list.reader.ask(list.question('q'));
    const before = list.shown;
    list.reader.leave();
    await list.answer(0, aPage(['a']));
    expect(list.shown).toBe(before);
  });
});
