import type { PagePlace } from '@7pay/mongo';
import type { Connection } from 'mongoose';
import type { Audit } from './audit.store.ts';
import type { AuditEvent } from './audit-event.ts';
import { auditEvents, type AuditFilter } from './audit-events.ts';
import { type LoginCounts, loginStatistics, type StatisticsBy } from './login-statistics.ts';

/** The record, as operators read it. */
export interface AuditRecord {
  events(filter: AuditFilter, page: PagePlace): Promise<{ rows: AuditEvent[]; more: boolean }>;
  statistics(asked: { from: Date; to: Date; by: StatisticsBy }): Promise<LoginCounts[]>;
  /** Notes that somebody reads what is on record of a member. */
  read(actor: string, of: { memberId: string; note: string }): Promise<void>;
}

export const openRecord = (connection: Connection, audit: Audit): AuditRecord => ({
  events: (filter, page) => auditEvents(connection, filter, page),
  statistics: (asked) => loginStatistics(connection, asked),
  read: (actor, of) => audit.append('RECORDS_READ', { actor, ...of }),
});
