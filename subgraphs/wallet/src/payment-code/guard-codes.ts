import type { Allowed, Controls, ControlsRefusal } from '@7pay/controls';
import { isRefused, type Refused } from '@7pay/refusals';

/** A code pays and tops up: it is given out as long as one of the two is open. */
export function guardCodes(controls: Controls): Allowed | Refused<ControlsRefusal> {
  const payment = controls.guard('payment');
  if (!isRefused(payment)) return payment;
  const topUp = controls.guard('top-up.register');
  return isRefused(topUp) ? payment : topUp;
}
