/** One change of a document that somebody listens to. */
export interface FeedChange {
  /** As it stands; what an insert inserted. */
  readonly document: Readonly<Record<string, unknown>>;
  /** The place of the change in the history of its collection. Places sort as texts. */
  readonly position: string;
}

/** What a listener hears: a change, or that the history between was lost and the present has to be read again. */
export type Heard = FeedChange | 'gap';

/** The listener did not take what it was told. It can come back with its last position. */
export class ListenerTooSlow extends Error {
  override readonly name = 'ListenerTooSlow';
}

/** Somebody who listens to the changes of some documents, one after another. */
export interface ChangeListener {
  /** The next change; undefined when it was closed. @throws ListenerTooSlow, or what else ended it */
  next(): Promise<Heard | undefined>;
  /** Everything up to here was handed out. */
  readonly position: string;
  close(): void;
}

/** The listener as the feed holds it. */
export interface OwnedListener extends ChangeListener {
  tell(heard: Heard): void;
  fail(error: Error): void;
}

/** A listener with room for so many changes. `here` is where the feed has come to. */
export function changeListener(options: {
  readonly room: number;
  readonly here: () => string;
  readonly onClose: () => void;
}): OwnedListener {
  const queue: Heard[] = [];
  let at = options.here();
  let ended: Error | 'closed' | undefined;
  let waiting: { resolve(heard: Heard | undefined): void; reject(error: Error): void } | undefined;

  const end = (how: Error | 'closed') => {
    if (ended) return;
    ended = how;
    queue.length = 0;
    if (how === 'closed') waiting?.resolve(undefined);
    else waiting?.reject(how);
    waiting = undefined;
    options.onClose();
  };
  const take = (heard: Heard): Heard => {
    if (heard !== 'gap') at = heard.position;
    return heard;
  };
  return {
    next: () => {
      const first = queue.shift();
      if (first) return Promise.resolve(take(first));
      if (ended === 'closed') return Promise.resolve(undefined);
      if (ended) return Promise.reject(ended);
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
      });
    },
    get position() {
      // Whoever waits has dealt with everything that came before.
      return waiting && options.here() > at ? options.here() : at;
    },
    tell: (heard) => {
      if (ended) return;
      if (waiting) {
        waiting.resolve(take(heard));
        waiting = undefined;
        return;
      }
      if (queue.length >= options.room) end(new ListenerTooSlow('too many changes wait'));
      else queue.push(heard);
    },
    fail: end,
    close: () => end('closed'),
  };
}
