import { DUTIES, OPERATOR, rolesOf } from '@7pay/graphql';
import { findRows, type UnitOfWork } from '@7pay/mongo';
import type { Connection } from 'mongoose';
import type { Audit } from '../audit/audit.store.ts';
import { memberModel } from '../account/member.store.ts';

/**
 * Whoever was an operator before there were duties holds all of them from now on, as they did; each is on record, and `security`
 * takes away what is too much. Operators of today always hold a duty, so a second start finds nobody
 * (docs/adr/0041-duties-of-operators.md).
 */
export async function raiseOperators(deps: {
  connection: Connection;
  unitOfWork: UnitOfWork;
  audit: Audit;
}): Promise<void> {
  const members = memberModel(deps.connection);
  const all = await findRows(members, { roles: OPERATOR });
  for (const { _id } of all.filter(({ roles }) => roles.length === 1)) {
    await deps.unitOfWork(async (session) => {
      const filter = { _id, roles: { $size: 1 } };
      const set = { $set: { roles: rolesOf(DUTIES) } };
      const { matchedCount } = await members.updateOne(filter, set, { session });
      const facts = { memberId: _id, reason: 'HELD_BEFORE', about: DUTIES.join('+') };
      if (matchedCount === 1) await deps.audit.append('DUTIES_CHANGED', facts, session);
    });
  }
}
