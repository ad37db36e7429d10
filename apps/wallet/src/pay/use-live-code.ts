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
  /** Shows another code now: after use, or when something went wrong. */
  readonly renew: () => void;
}

interface State {
  readonly living: LivingCode | null;
  /** The handle of the code on screen; null for one that the platform made. */
  readonly handle: { readonly digits: string; readonly since: number } | null;
  readonly turn: number;
  readonly refusal: Refusal | null;
  readonly fault: GraphFault | null;
}

/** A failed renewal is tried again after this; never faster, so that a broken network is not hammered. */
const retryMs = 3_000;
/** So long a screen waits for the platform before it shows a code that it made of what it has. */
const patienceMs = 1_500;
/** After this the platform is told that the phone is still online. */
const contactMs = 240_000;
/** After this the next handle is shown, whether the one before was used or not. */
const handleMs = 300_000;

/** Keeps a payment code alive while a screen shows it: of its own making where it can, also without a network. */
export function useLiveCode(): LiveCode {
  const { graph, ticks, deviceCodes } = useWorld();
  const [state, setState] = useState<State>({
    living: null,
    handle: null,
    turn: 0,
    refusal: null,
    fault: null,
  });
  const [now, setNow] = useState(ticks);
  const latest = useRef(state);
  latest.current = state;
  const notBefore = useRef(0);
  const asking = useRef(false);
  const contactAt = useRef(0);
  const gone = useRef(false);

  const change = (next: (before: State) => State) => {
    if (!gone.current) setState((before) => (latest.current = next(before)));
  };
  const show = (living: LivingCode, handle: State['handle']) =>
    change(({ turn }) => ({ living, handle, turn: turn + 1, refusal: null, fault: null }));

  /** The digits of this step: nobody is asked. */
  const step = async (handle: NonNullable<State['handle']>): Promise<boolean> => {
    const made = await deviceCodes.digits(handle.digits);
    if (made) show({ code: made.code, arrivedAt: ticks(), life: made.leftMs }, handle);
    return made !== null;
  };
  const nextHandle = async (): Promise<boolean> => {
    const digits = await deviceCodes.takeHandle();
    return digits !== null && step({ digits, since: ticks() });
  };
  const askPlatform = async () => {
    const answer = await graph(issuePaymentCode, {});
    if ('fault' in answer) {
      return change((before) => ({ ...before, refusal: null, fault: answer.fault }));
    }
    const result = answer.data.issuePaymentCode;
    if ('paymentCode' in result) return show(startLife(result.paymentCode, ticks()), null);
    change((before) => ({ ...before, living: null, handle: null, refusal: result, fault: null }));
  };
  const contact = async () => {
    contactAt.current = ticks();
    const reached = deviceCodes.contact();
    const first = await Promise.race([reached, later(patienceMs)]);
    // What was shown meanwhile is dead.
    if (first === 'LATE') {
      void reached.then((end) => {
        if (end !== 'UNSUITABLE' && 'replaced' in end && end.replaced) void nextHandle();
      });
    }
    return first;
  };

  const renew = async () => {
    if (asking.current) return;
    asking.current = true;
    notBefore.current = ticks() + retryMs;
    const end = await contact();
    const refusal = typeof end === 'object' && 'refusal' in end ? end.refusal : null;
    if (refusal) {
      change((before) => ({ ...before, living: null, handle: null, refusal, fault: null }));
    } else if (end === 'UNSUITABLE' || !(await nextHandle())) {
      const fault = typeof end === 'object' && 'fault' in end ? end.fault : null;
      if (fault) change((before) => ({ ...before, refusal: null, fault }));
      else await askPlatform();
    }
    asking.current = false;
  };

  const look = () => {
    setNow(ticks());
    const { living, handle, refusal } = latest.current;
    if (document.visibilityState !== 'visible' || refusal || asking.current) return;
    if (handle && living) {
      if (ticks() - contactAt.current > contactMs) {
        contactAt.current = ticks();
        void deviceCodes.contact();
      }
      if (secondsLeft(living, ticks()) > 0) return;
      asking.current = true;
      const isOld = ticks() - handle.since > handleMs;
      void (async () => {
        // The last handle is shown on: another one is there when the phone was online again.
        if (!(isOld && (await nextHandle())) && !(await step(handle))) {
          change((before) => ({ ...before, living: null, handle: null }));
        }
        asking.current = false;
      })();
      return;
    }
    const due = living === null || isRenewalDue(living, ticks());
    if (due && ticks() >= notBefore.current) void renew();
  };

  useEffect(() => {
    void renew();
    const timer = setInterval(look, 250);
    // Whoever comes back to the page may have shown the code before.
    const seen = () => {
      if (document.visibilityState === 'visible' && latest.current.handle) void renew();
    };
    document.addEventListener('visibilitychange', seen);
    return () => {
      gone.current = true;
      clearInterval(timer);
      document.removeEventListener('visibilitychange', seen);
    };
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

const later = (ms: number) =>
  new Promise<'LATE'>((resolve) => setTimeout(() => resolve('LATE'), ms));
