import type { Connection } from 'mongoose';
import { openCarryOverStore } from './carry-over.store.ts';
import { proveByContact } from './prove-by-contact.ts';
import { leaverOf, setOwnWay } from './set-own-way.ts';

type Shared = Omit<Parameters<typeof proveByContact>[0], 'carryOvers' | 'leaverOf'> &
  Omit<Parameters<typeof setOwnWay>[0], 'leaverOf'> &
  Parameters<typeof leaverOf>[0];

/** The way of members from an external ID alone to a 7iD of their own. */
export function openCarryOver({ connection, ...deps }: Shared & { connection: Connection }) {
  const leaver = leaverOf(deps);
  return {
    leaverOf: leaver,
    prove: proveByContact({
      ...deps,
      leaverOf: leaver,
      carryOvers: openCarryOverStore(connection),
    }),
    setOwnWay: setOwnWay({ ...deps, leaverOf: leaver }),
  };
}
