import { findPage, type PagePlace } from '@7pay/mongo';
import type { Connection } from 'mongoose';
import { auditModel, toAuditEvent } from './audit.store.ts';
import type { AuditEvent, AuditKind } from './audit-event.ts';

/** Which events: of all, of one member, of some kinds, of a stretch of time. */
export interface AuditFilter {
  readonly memberId?: string | undefined;
  readonly kinds?: readonly AuditKind[] | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** The conditions of a filter for the database, each behind an index. */
export const auditFilter = ({ memberId, kinds, from, to }: AuditFilter) => ({
  ...(memberId !== undefined && { 'facts.memberId': memberId }),
  ...(kinds && kinds.length > 0 && { kind: { $in: [...kinds] } }),
  ...((from ?? to) && { at: { ...(from && { $gte: from }), ...(to && { $lt: to }) } }),
});

/** A page of the record, the newest first. */
export async function auditEvents(
  connection: Connection,
  filter: AuditFilter,
  page: PagePlace,
): Promise<{ rows: AuditEvent[]; more: boolean }> {
  const model = auditModel(connection);
  const conditions = auditFilter(filter) as Parameters<typeof model.find>[0];
  const found = await findPage(model, conditions ?? {}, { ...page, field: 'at' });
  return { rows: found.rows.map(toAuditEvent), more: found.more };
}
