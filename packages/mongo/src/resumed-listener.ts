import type { ChangeListener, FeedChange } from './change-listener.ts';

/** A listener that is first told what it missed. What it hears twice it is told once. */
export function resumed(
  listener: ChangeListener,
  after: string,
  missed: readonly FeedChange[] | 'gap',
): ChangeListener {
  const first = missed === 'gap' ? (['gap'] as const) : missed;
  let index = 0;
  let at = after;
  return {
    next: async () => {
      const early = first[index];
      index += 1;
      if (early) {
        if (early !== 'gap') at = early.position;
        return early;
      }
      for (;;) {
        const heard = await listener.next();
        if (heard === undefined || heard === 'gap' || heard.position > at) return heard;
      }
    },
    get position() {
      if (index < first.length) return at;
      return listener.position > at ? listener.position : at;
    },
    close: () => listener.close(),
  };
}
