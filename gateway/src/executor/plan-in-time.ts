import type { Deadline } from '../reach/deadline.ts';

/** There is no plan in time: it takes too long, or too many wait for theirs. The reason is for the log, not for the caller. */
export class PlanUnavailable extends Error {
  override readonly name = 'PlanUnavailable';
}

/**
 * What is made of a plan, unless the time of the request is over first. The plan is made all the same, for whoever asks next.
 * @throws PlanUnavailable
 */
export async function planInTime<Made>(made: Promise<Made>, deadline: Deadline): Promise<Made> {
  const ending = Promise.withResolvers<never>();
  const forget = deadline.onEnding((why) =>
    ending.reject(new PlanUnavailable(`the plan was not made in time: ${why}`)),
  );
  try {
    return await Promise.race([made, ending.promise]);
  } finally {
    forget();
  }
}
