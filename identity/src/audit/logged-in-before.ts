import type { Cohort } from '@7pay/controls';
import { ACR_VALUES } from '../login/acr.ts';
import { auditModel } from './audit.store.ts';

/** Whether a member logged in as one of a cohort, by the record, which is kept when the facts of the login are not. */
export type LoggedInBefore = (memberId: string, cohort: Cohort) => Promise<boolean>;

export const loggedInBefore =
  (connection: Parameters<typeof auditModel>[0]): LoggedInBefore =>
  async (memberId, cohort) => {
    const filter = { 'facts.memberId': memberId, ...madeIn(cohort) };
    return (await auditModel(connection).exists(filter).hint(OF_MEMBER)) !== null;
  };

/** Their own events are few; those of the kind are everybody's. */
export const OF_MEMBER = { 'facts.memberId': 1, at: -1, _id: -1 } as const;

// A login is recorded in the request that makes it, to which the second may have changed.
const RECORDED_WITHIN_MS = 1_000;

/** The same question as `isIn` of controls, for the logins on record. A test compares the two. */
export function madeIn(cohort: Cohort): Record<string, unknown> {
  const { methods, providers, clients, networks, countries, from, until } = cohort;
  return {
    kind: 'LOGIN_MADE',
    at: {
      $gte: from ? second(from) : new Date(0),
      ...(until && { $lt: new Date(second(until).getTime() + 1_000 + RECORDED_WITHIN_MS) }),
    },
    ...(providers.length > 0 && { 'facts.provider': { $in: providers } }),
    ...(clients.length > 0 && { 'facts.clientId': { $in: clients } }),
    ...(networks.length > 0 && { 'facts.network': { $in: networks } }),
    ...(countries.length > 0 && { 'facts.country': { $in: countries } }),
    ...(methods.length > 0 && { $or: methods.map((method) => BY[method]) }),
  };
}

// Of several ways the record has the first: a password before a passkey, and that before an external ID.
const BY: Readonly<Record<Cohort['methods'][number], Record<string, unknown>>> = {
  PASSWORD: { 'facts.method': 'PASSWORD' },
  PASSKEY: { $or: [{ 'facts.method': 'PASSKEY' }, { 'facts.acr': ACR_VALUES[2] }] },
  EXTERNAL: { 'facts.provider': { $exists: true } },
};

const second = (at: Date): Date => new Date(Math.floor(at.getTime() / 1_000) * 1_000);
