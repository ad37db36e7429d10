import type { Outcome } from '@7pay/ui';
import { useRef, useState } from 'preact/hooks';
import { useWorld } from '../world.ts';
import { isClear, type OpenRequest, readOpen } from './open-request.ts';

/** A request that moves money, as a screen sends it. */
export interface OpenRequestAtHand<What> {
  /** What was sent and has no clear answer; a screen that appears goes on with it. */
  readonly open: OpenRequest<What> | null;
  /**
   * Sends under a new number, or the one that is open again, whatever is wished for now. `goesOn`: a success that is not the end.
   * `null`: one is under way.
   */
  readonly send: <Success>(
    what: What,
    ask: (request: OpenRequest<What>) => Promise<Outcome<Success>>,
    goesOn?: (success: Success) => boolean,
  ) => Promise<Outcome<Success> | null>;
  /** What another question told of a number. */
  readonly hear: (id: string, outcome: Outcome<unknown>) => void;
}

/** Keeps a request in the tab from before it is sent until its answer is clear: over a reload, a login, and a network that went away. */
export function useOpenRequest<What>(
  kind: 'payment' | 'card' | 'points' | 'claim',
): OpenRequestAtHand<What> {
  const { notes, newId } = useWorld();
  const key = `open.${kind}`;
  const read = () => readOpen<What>(notes.getItem(key));
  const [open, setOpen] = useState(read);
  const underWay = useRef(false);

  const end = (id: string) => {
    notes.removeIf(key, (note) => readOpen(note)?.id === id);
    setOpen(read());
  };
  return {
    open,
    async send(what, ask, goesOn = () => false) {
      if (underWay.current) return null;
      underWay.current = true;
      const kept = read();
      const request = kept ? { ...kept, sent: kept.sent + 1 } : { id: newId(), what, sent: 1 };
      notes.setItem(key, JSON.stringify(request));
      setOpen(request);
      const outcome = await ask(request);
      underWay.current = false;
      // Counted now: another screen may have sent it again meanwhile.
      const sent = read()?.sent ?? request.sent;
      const isOver = !('done' in outcome) || !goesOn(outcome.done);
      if (isOver && isClear(outcome, { sent })) end(request.id);
      return outcome;
    },
    hear(id, outcome) {
      if (isClear(outcome, { sent: 2 })) end(id);
    },
  };
}
