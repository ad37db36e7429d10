import { useLive } from '@7pay/ui';
import { useEffect, useRef, useState } from 'preact/hooks';
import { topUpAtRegister, topUpTold } from '../operations.ts';
import type { SentTopUp } from '../sale/open-work.store.ts';
import { useWorld } from '../world.ts';
import { afterTopUp, type CashTopUp, openTopUp } from './top-up.ts';

/** A top-up on screen and what the clerk can do with it. */
export interface TopUpAtHand {
  readonly state: CashTopUp;
  readonly go: (next: CashTopUp) => void;
  /** Sends a new top-up: its number is made here, before anything leaves. */
  readonly sendFirst: (amount: number, code: string) => void;
  /** Sends the same number again, to hear what became of it. */
  readonly sendAgain: (sent: SentTopUp, code: string) => void;
}

/** Drives one top-up. What is sent is written down first and struck out when it is final. */
export function useTopUp(): TopUpAtHand {
  const { graph, live, openWork, newId, clock } = useWorld();
  const [state, setState] = useState<CashTopUp>(() => {
    const sent = openWork.topUp();
    return sent
      ? { step: 'unsure', sent, code: null, fault: null, refusal: null, pending: false }
      : { step: 'amount' };
  });
  const alive = useRef(true);
  useEffect(() => () => void (alive.current = false), []);
  const go = (next: CashTopUp) => {
    openWork.keepTopUp(openTopUp(next));
    setState(next);
  };
  // Of a page that was left the answer strikes out its own number, and not what another page has sent since.
  const end = (sent: SentTopUp, next: CashTopUp) => {
    if (alive.current) go(next);
    else if (openWork.topUp()?.topUpId === sent.topUpId) openWork.keepTopUp(openTopUp(next));
  };
  const send = async (sent: SentTopUp, code: string, again: 'first' | 'again') => {
    go({ step: 'sending', sent, code });
    const { topUpId, amount } = sent;
    const answer = await graph(topUpAtRegister, { input: { topUpId, amount, code } });
    if ('fault' in answer) return end(sent, afterTopUp(sent, code, answer, again));
    const result = answer.data.topUpAtRegister;
    const read = 'topUp' in result ? { topUp: result.topUp } : { refusal: result };
    end(sent, afterTopUp(sent, code, read, again));
  };
  // What is under way is told when it is decided, by the network or by an answer that was lost.
  const unsure = state.step === 'unsure' ? state : null;
  useLive(
    live,
    { operation: topUpTold, variables: unsure && { topUpId: unsure.sent.topUpId } },
    ({ topUpChanged: topUp }) => {
      if (unsure && topUp) go(afterTopUp(unsure.sent, unsure.code, { topUp }, 'again'));
    },
  );
  return {
    state,
    go,
    sendFirst: (amount, code) =>
      void send({ topUpId: newId(), amount, sentAt: clock.now().toISOString() }, code, 'first'),
    sendAgain: (sent, code) => void send(sent, code, 'again'),
  };
}
