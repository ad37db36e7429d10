/** Where the time comes from. Only `main.ts` files hold the real one; everything else is given a clock. */
export interface Clock {
  now(): Date;
}

/** The wall clock of this machine. */
export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still until it is moved. `advance` takes milliseconds. */
export function fixedClock(at: string | Date): Clock & { advance(milliseconds: number): void } {
  let now = new Date(at);
  return {
    now: () => new Date(now),
    advance: (milliseconds) => {
      now = new Date(now.getTime() + milliseconds);
    },
  };
}
