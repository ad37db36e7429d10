import type { GraphAnswer, GraphFault } from './graph-client.ts';

/** Rows of a list and where the next ones begin. */
export interface PageOf<Row> {
  readonly nodes: readonly Row[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** Asks for one page: the rows behind `after`, the first ones when it is null. */
export type ReadPage<Row> = (after: string | null) => Promise<GraphAnswer<PageOf<Row>>>;

/** What a screen knows of a list that is read page by page. */
export interface PagesRead<Row> {
  /** Null before the first answer to this question. */
  readonly rows: readonly Row[] | null;
  /** Where the next page begins; null at the end, or as long as nobody knows. */
  readonly after: string | null;
  readonly fault: GraphFault | null;
  readonly busy: boolean;
}

export const nothingRead = { rows: null, after: null, fault: null, busy: false } as const;

/** How a list is read. */
export interface PagesReader<Row> {
  /** Another question: nothing of the one before is shown again, whenever it is answered. */
  ask(read: ReadPage<Row>): Promise<void>;
  /** The same question from its beginning; what is on screen stays until the answer is there. */
  reread(): Promise<void>;
  /** The next page of the same question, once at a time. */
  more(): Promise<void>;
  /** Nobody looks any more: no answer is shown. */
  leave(): void;
}

/** Reads a list page by page, and shows after each step what is known. No row comes twice, and none of another question. */
export function pagesReader<Row>(show: (pages: PagesRead<Row>) => void): PagesReader<Row> {
  let pages: PagesRead<Row> = nothingRead;
  let question: ReadPage<Row> | null = null;
  let turn = 0; // an answer to an earlier one is late
  const know = (change: Partial<PagesRead<Row>>) => {
    pages = { ...pages, ...change };
    show(pages);
  };
  const load = async (after: string | null): Promise<void> => {
    if (!question) return;
    const mine = turn;
    know({ busy: true });
    const answer = await question(after);
    if (mine !== turn) return;
    if ('fault' in answer) return know({ busy: false, fault: answer.fault });
    const { nodes, pageInfo } = answer.data;
    know({
      rows: after === null ? nodes : [...(pages.rows ?? []), ...nodes],
      after: pageInfo.hasNextPage ? pageInfo.endCursor : null,
      fault: null,
      busy: false,
    });
  };
  const fromBeginning = (): Promise<void> => {
    turn += 1;
    return load(null);
  };
  return {
    ask: (read) => {
      question = read;
      know(nothingRead);
      return fromBeginning();
    },
    reread: fromBeginning,
    more: () => (pages.busy || pages.after === null ? Promise.resolve() : load(pages.after)),
    leave: () => {
      turn += 1;
    },
  };
}
