import type { GraphFault, Refusal } from '@7pay/ui';
import { useEffect, useRef, useState } from 'preact/hooks';
import { issuePaymentCode } from '../operations.ts';
import { useWorld } from '../world.ts';
import { isRenewalDue, type LivingCode, secondsLeft, startLife } from './code-life.ts';

/** The code on screen: it renews itself before its end, for as long as the page can be seen. */
export interface LiveCode {
  readonly code: string | null;
  readonly secondsLeft: number;
  /** How many codes this screen has shown: it changes with each renewal. */
  readonly turn: number;
  readonly refusal: Refusal | null;
  readonly fault: GraphFault | null;
  /** Fetches another code now: after use, or when something went wrong. */
  readonly renew: () => void;
}

interface State {
  readonly living: LivingCode | null;
  readonly turn: number;
  readonly refusal: Refusal | null;
  readonly fault: GraphFault | null;
}

/** A failed renewal is tried again after this; never faster, so that a broken network is not hammered. */
const retryMs = 3_000;

/** Keeps a payment code alive while a screen shows it. */
export function useLiveCode(): LiveCode {
  const { graph, ticks } = useWorld();
  const [state, setState] = useState<State>({ living: null, turn: 0, refusal: null, fault: null });
  const [now, setNow] = useState(ticks);
  const latest = useRef(state);
  latest.current = state;
  const notBefore = useRef(0);
  const asking = useRef(false);

  const renew = async () => {
    if (asking.current) return;
    asking.current = true;
    notBefore.current = ticks() + retryMs;
    const answer = await graph(issuePaymentCode, {});
    asking.current = false;
    setState((before) => {
      if ('fault' in answer) return { ...before, refusal: null, fault: answer.fault };
      const result = answer.data.issuePaymentCode;
      if (!('paymentCode' in result))
        return { ...before, living: null, refusal: result, fault: null };
      const living = startLife(result.paymentCode, ticks());
      return { living, turn: before.turn + 1, refusal: null, fault: null };
    });
  };

  useEffect(() => {
    void renew();
    const timer = setInterval(() => {
      setNow(ticks());
      const { living, refusal } = latest.current;
      const due = living === null || isRenewalDue(living, ticks());
      const seen = document.visibilityState === 'visible';
      if (due && seen && !refusal && ticks() >= notBefore.current) void renew();
    }, 250);
    return () => clearInterval(timer);
  }, []);

  const left = state.living ? secondsLeft(state.living, Math.max(now, state.living.arrivedAt)) : 0;
  return {
    code: left > 0 && state.living ? state.living.code : null,
    secondsLeft: left,
    turn: state.turn,
    refusal: state.refusal,
    fault: state.fault,
    renew: () => void renew(),
  };
}
