import { dutiesIn, type Duty, OPERATOR, rolesOf } from '@7pay/graphql';
import { findRow, findRows, type PagePlace } from '@7pay/mongo';
import type { ClientSession, Connection } from 'mongoose';
import { memberModel } from '../account/member.store.ts';
import type { Role } from '../account/member.ts';

/** Somebody who works here. */
export interface Operator {
  readonly id: string;
  readonly displayName: string;
  readonly roles: readonly Role[];
}

/** The duties that members hold, as they are kept with them. */
export interface HeldDuties {
  /** As they are now; null for nobody. */
  of(id: string, session: ClientSession): Promise<Duty[] | null>;
  set(id: string, duties: readonly Duty[], session: ClientSession): Promise<void>;
  /** Those who hold a duty, by id, at most so many. */
  holdersOf(duty: Duty, atMost: number, session: ClientSession): Promise<string[]>;
  /** Those who work here, by id. */
  operators(place: PagePlace): Promise<{ rows: Operator[]; more: boolean }>;
}

// Everybody of a duty has this role too; through its index nobody else is read.
const worksHere: Role = OPERATOR;

export function openHeldDuties(connection: Connection): HeldDuties {
  const members = memberModel(connection);
  return {
    of: async (_id, session) => {
      const row = await findRow(members, { _id }, session);
      return row && dutiesIn(row.roles);
    },
    set: async (_id, duties, session) => {
      await members.updateOne({ _id }, { $set: { roles: rolesOf(duties) } }, { session });
    },
    holdersOf: async (duty, limit, session) => {
      const filter = { $and: [{ roles: worksHere }, { roles: duty }] };
      return (await findRows(members, filter, { session, limit })).map(({ _id }) => _id);
    },
    operators: async ({ limit, after }) => {
      const filter = { roles: worksHere, ...(after !== null && { _id: { $gt: after } }) };
      const rows = await findRows(members, filter, { sort: { _id: 1 }, limit: limit + 1 });
      const shown = rows.slice(0, limit);
      return {
        rows: shown.map(({ _id, displayName, roles }) => ({ id: _id, displayName, roles })),
        more: rows.length > limit,
      };
    },
  };
}
