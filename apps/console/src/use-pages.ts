import type { GraphAnswer, GraphFault } from '@7pay/ui';
import { useEffect, useState } from 'preact/hooks';
import type { PageOf } from './operations.ts';

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

/** Reads a list when a screen appears and whenever `key` changes. */
export function usePages<Row>(
  read: (after: string | null) => Promise<GraphAnswer<PageOf<Row>>>,
  key = '',
): Pages<Row> {
  const [rows, setRows] = useState<readonly Row[] | null>(null);
  const [after, setAfter] = useState<string | null>(null);
  const [fault, setFault] = useState<GraphFault | null>(null);
  const [busy, setBusy] = useState(false);

  const load = async (from: string | null, before: readonly Row[]) => {
    setBusy(true);
    const answer = await read(from);
    setBusy(false);
    if ('fault' in answer) return setFault(answer.fault);
    const { nodes, pageInfo } = answer.data;
    setFault(null);
    setRows([...before, ...nodes]);
    setAfter(pageInfo.hasNextPage ? pageInfo.endCursor : null);
  };
  const reread = () => void load(null, []);
  useEffect(reread, [key]);

  const more = after === null ? null : () => void load(after, rows ?? []);
  return { rows, fault, busy, more, reread };
}

/** One root field of an answer. */
export function pick<Data, Root extends keyof Data>(
  answer: GraphAnswer<Data>,
  root: Root,
): GraphAnswer<Data[Root]> {
  return 'fault' in answer ? answer : { data: answer.data[root], partial: answer.partial };
}
