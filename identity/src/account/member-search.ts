import { type Cohort, isEverything } from '@7pay/controls';
import { findPage, findRows, type PagePlace, placeOf } from '@7pay/mongo';
import { isRefused, type Refused } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import type { Connection } from 'mongoose';
import { canonicalAddress } from '../contact/contact.ts';
import { contactModel } from '../contact/contact.store.ts';
import { filterOf, loginRecordModel } from '../gate/login-record.store.ts';
import { LOCK_MINUTES, WRONG_TRIES_MAX } from '../login/login.ts';
import { canonicalMail } from './member.ts';
import { memberModel } from './member.store.ts';

/** Whom an operator looks for: by exactly one of these. */
export type MemberSearch =
  | { readonly by: 'ID'; readonly id: string }
  | { readonly by: 'MAIL'; readonly mail: string }
  | { readonly by: 'PHONE'; readonly phone: string }
  | { readonly by: 'STATE'; readonly state: 'LOCKED' | 'OPERATOR' }
  | { readonly by: 'LOGINS'; readonly cohort: Cohort };

export interface FoundMembers {
  /** Their ids, each once. */
  readonly ids: readonly string[];
  /** The place behind which the next page begins; null at the end. */
  readonly next: string | null;
}

// As many as share one telephone, and more.
const EXACT_MAX = 100;

/** The conditions and the order of each search that reads a list; a test asks the database for its plan. */
export const searchFilters = {
  mail: (canonicalMail: string) => ({ canonicalMail }),
  contact: (channel: 'mail' | 'sms', address: string) => ({ channel, address }),
  locked: (now: Date) => ({
    wrongTries: { $gte: WRONG_TRIES_MAX },
    lastTryAt: { $gt: new Date(now.getTime() - LOCK_MINUTES * 60_000) },
  }),
  operators: () => ({ roles: 'operator' as const }),
  logins: filterOf,
};

/** Finds members, and never by reading all of them: each search is one index. Nothing is compared but what is exact. */
export function memberSearch(connection: Connection, clock: Clock) {
  const members = memberModel(connection);
  const contacts = contactModel(connection);
  const logins = loginRecordModel(connection);
  const exact = (ids: readonly string[]): FoundMembers => ({ ids: [...new Set(ids)], next: null });

  const byContact = async (channel: 'mail' | 'sms', address: string) => {
    const filter = { ...searchFilters.contact(channel, address), verifiedAt: { $ne: null } };
    return (await findRows(contacts, filter, { limit: EXACT_MAX })).map(({ memberId }) => memberId);
  };
  const byMail = async (typed: string) => {
    const mail = canonicalMail(typed);
    if (isRefused(mail)) return mail;
    const own = await findRows(members, searchFilters.mail(mail), { limit: 1 });
    return exact([...own.map(({ _id }) => _id), ...(await byContact('mail', mail))]);
  };
  const byPhone = async (typed: string) => {
    const phone = canonicalAddress('sms', typed);
    return isRefused(phone) ? phone : exact(await byContact('sms', phone));
  };
  const byState = async (state: 'LOCKED' | 'OPERATOR', place: PagePlace) => {
    if (state === 'LOCKED') {
      const filter = searchFilters.locked(clock.now());
      const { rows, more } = await findPage(members, filter, { ...place, field: 'lastTryAt' });
      const last = rows.at(-1);
      const next = more && last?.lastTryAt ? placeOf(last.lastTryAt, last._id) : null;
      return { ids: rows.map(({ _id }) => _id), next };
    }
    const behind = place.after === null ? {} : { _id: { $gt: place.after } };
    const filter = { ...searchFilters.operators(), ...behind };
    const rows = await findRows(members, filter, { sort: { _id: 1 }, limit: place.limit + 1 });
    return pageOfIds(
      rows.map(({ _id }) => ({ id: _id, place: _id })),
      place.limit,
    );
  };
  const byLogins = async (cohort: Cohort, place: PagePlace) => {
    const [, at, id = ''] = /^(\d+)\|(.*)$/s.exec(place.after ?? '') ?? [];
    const behind = at
      ? { $or: [{ atSeconds: { $lt: Number(at) } }, { atSeconds: Number(at), _id: { $lt: id } }] }
      : {};
    const filter = { $and: [searchFilters.logins(cohort), behind] };
    const sort = { atSeconds: -1, _id: -1 } as const;
    const rows = await findRows(logins, filter, { sort, limit: place.limit + 1 });
    return pageOfIds(
      rows.map((row) => ({ id: row.memberId, place: `${row.atSeconds}|${row._id}` })),
      place.limit,
    );
  };

  return async (
    search: MemberSearch,
    place: PagePlace,
  ): Promise<FoundMembers | Refused<'MAIL_INVALID' | 'PHONE_INVALID'>> => {
    switch (search.by) {
      case 'ID':
        return exact([search.id]);
      case 'MAIL':
        return byMail(search.mail);
      case 'PHONE':
        return byPhone(search.phone);
      case 'STATE':
        return byState(search.state, place);
      case 'LOGINS':
        return isEverything(search.cohort)
          ? { ids: [], next: null }
          : byLogins(search.cohort, place);
    }
  };
}

const pageOfIds = (rows: readonly { id: string; place: string }[], limit: number): FoundMembers => {
  const shown = rows.slice(0, limit);
  const next = rows.length > limit ? (shown.at(-1)?.place ?? null) : null;
  return { ids: [...new Set(shown.map(({ id }) => id))], next };
};
