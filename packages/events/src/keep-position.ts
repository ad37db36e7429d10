import type { ResumeToken } from '@7pay/mongo';
import type { Position, Positions } from './position.store.ts';

const SAVE_MS = 200;

/** Where one attempt to follow a feed has come to. */
export interface KeptPosition {
  note(position: Position): void;
  /** Saves what was noted; resolves when nothing is on its way to the database any more. */
  flush(): Promise<void>;
  /** The token that was noted last, saved or not. */
  readonly lastToken: ResumeToken | undefined;
}

/** Saves the position now and then: events come at least once, so a position may lag, and never lead. */
export function keepPosition(positions: Positions): KeptPosition {
  let latest: Position | undefined;
  let waits = false;
  let timer: NodeJS.Timeout | undefined;
  let saving = Promise.resolve();
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const position = waits ? latest : undefined;
    waits = false;
    // One that failed is not the end: the next one says more.
    if (position) saving = saving.catch(() => {}).then(() => positions.advance(position));
    return saving;
  };
  return {
    note: (position) => {
      latest = position;
      waits = true;
      timer ??= setTimeout(() => void flush().catch(() => {}), SAVE_MS).unref();
    },
    flush,
    get lastToken() {
      return latest?.token;
    },
  };
}
