import type { Connection } from 'mongoose';
import type { ContactStore } from '../contact/contact.store.ts';
import { reclaimAccount } from '../contact/reclaim-account.ts';
import { provenMail } from '../contact/verified-mail.ts';
import { openCarryOverStore } from './carry-over.store.ts';
import { proveByContact } from './prove-by-contact.ts';
import { leaverOf, setOwnWay } from './set-own-way.ts';

type Shared = Omit<Parameters<typeof proveByContact>[0], 'carryOvers' | 'leaverOf' | 'proven'> &
  Omit<Parameters<typeof setOwnWay>[0], 'leaverOf'> &
  Parameters<typeof leaverOf>[0] &
  Parameters<typeof reclaimAccount>[0];

/**
 * The way of members from an external ID alone, and of owners from an address that somebody else registered, to a 7iD of their own.
 * `provenMail` is for whoever else has an address proven by mail alone.
 */
export function openCarryOver(deps: Shared & { connection: Connection; contacts: ContactStore }) {
  const { connection, contacts } = deps;
  const proven = provenMail({ contacts, reclaim: reclaimAccount(deps) });
  const shared = { ...deps, leaverOf: leaverOf(deps), proven };
  return {
    leaverOf: shared.leaverOf,
    prove: proveByContact({ ...shared, carryOvers: openCarryOverStore(connection) }),
    setOwnWay: setOwnWay(shared),
    provenMail: proven,
  };
}
