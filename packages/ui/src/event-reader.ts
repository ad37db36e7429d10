/** One server-sent event. `data` is absent where only the place to come back to has moved. */
export interface ReadEvent {
  readonly event: string;
  readonly data: string | null;
  readonly id: string | null;
  readonly retryMs: number | null;
}

/** Reads server-sent events from pieces of text, as browsers do for `EventSource` (WHATWG HTML §9.2). */
export function eventReader(): (piece: string) => ReadEvent[] {
  let rest = '';
  return (piece) => {
    const blocks = (rest + piece).split('\n\n');
    rest = blocks.pop() ?? '';
    return blocks.map((block) => {
      const lines = block.split('\n').map((line) => /^([^:]*):? ?(.*)$/.exec(line) ?? []);
      const valueOf = (name: string) => lines.find(([, field]) => field === name)?.[2] ?? null;
      const retry = valueOf('retry');
      return {
        event: valueOf('event') ?? '',
        data: valueOf('data'),
        id: valueOf('id'),
        retryMs: retry === null ? null : Number(retry),
      };
    });
  };
}
