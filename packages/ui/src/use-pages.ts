import { useEffect, useState } from 'preact/hooks';
import type { GraphAnswer, GraphFault } from './graph-client.ts';
import { nothingRead, type PagesRead, pagesReader, type ReadPage } from './pages-reader.ts';

/** A list that is read page by page. */
export interface Pages<Row> {
  readonly rows: readonly Row[] | null;
  readonly fault: GraphFault | null;
  readonly busy: boolean;
  /** Reads the next page; `null` at the end of the list. */
  readonly more: (() => void) | null;
  /** Reads the list again from its beginning. */
  readonly reread: () => void;
}

/** Reads a list when a screen appears; another `key` is another question, and its rows alone are shown. */
export function usePages<Row>(read: ReadPage<Row>, key = ''): Pages<Row> {
  const [{ rows, after, fault, busy }, setPages] = useState<PagesRead<Row>>(nothingRead);
  const [reader] = useState(() => pagesReader<Row>(setPages));
  useEffect(() => {
    void reader.ask(read);
    return reader.leave;
  }, [key]);
  const more = after === null ? null : () => void reader.more();
  return { rows, fault, busy, more, reread: () => void reader.reread() };
}

/** One root field of an answer. */
export function pick<Data, Root extends keyof Data>(
  answer: GraphAnswer<Data>,
  root: Root,
): GraphAnswer<Data[Root]> {
  return 'fault' in answer ? answer : { data: answer.data[root], partial: answer.partial };
}
