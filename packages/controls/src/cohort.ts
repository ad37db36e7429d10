import { z } from 'zod';
import { LOGIN_METHODS, type LoginFacts, methodsOf, providersOf } from './login-facts.ts';

const VALUES_MAX = 20;
const listOf = <Item extends z.ZodType>(item: Item) => z.array(item).max(VALUES_MAX).default([]);

/**
 * Which logins are meant. Each list that is not empty is a condition, of which one value is enough; all conditions have
 * to hold. No condition at all means every login there is.
 */
export const cohortSchema = z
  .strictObject({
    methods: listOf(z.enum(LOGIN_METHODS)),
    /** External providers, by the key of their switch. */
    providers: listOf(z.string().regex(/^[a-z0-9]{1,30}$/)),
    /** The app that a login was made for, or the one that asks for it now. */
    clients: listOf(z.string().regex(/^[A-Za-z0-9_-]{1,100}$/)),
    networks: listOf(z.string().regex(/^(as:\d{1,10}|net:[\w-]{22})$/)),
    countries: listOf(z.string().regex(/^[A-Z]{2}$/)),
    /** The window in which the login was made, both ends in it, to the second. */
    from: z.date().nullable().default(null),
    until: z.date().nullable().default(null),
  })
  .refine(({ from, until }) => !from || !until || from <= until, 'from is not after until');
export type Cohort = z.infer<typeof cohortSchema>;

/** Every login there is. */
export const EVERYTHING: Cohort = cohortSchema.parse({});

/** Whether a cohort has no condition: every login is meant. */
export const isEverything = ({ from, until, ...lists }: Cohort): boolean =>
  !from && !until && Object.values(lists).every((list) => list.length === 0);

/** The client of the operations console: whoever cuts logins off has to be able to log in there and take it back. */
export const CONSOLE_CLIENT = 'operator-console';

/**
 * Whether a cohort means everybody in effect, whatever it says: no condition but ways to log in that are all there are, and a
 * window that leaves nobody out. Of logins that are yet to be made, any window that has not closed leaves nobody out.
 */
export function meansEverybody(
  { methods, providers, clients, networks, countries, from, until }: Cohort,
  { at, longestDays, ofNew }: { at: Date; longestDays: number; ofNew: boolean },
): boolean {
  const isNarrowed = [providers, clients, networks, countries].some((list) => list.length > 0);
  const someMethods =
    methods.length > 0 && !LOGIN_METHODS.every((method) => methods.includes(method));
  if (isNarrowed || someMethods || (until && until < at)) return false;
  return ofNew || !from || at.getTime() - from.getTime() >= longestDays * 86_400_000;
}

const seconds = (at: Date): number => Math.floor(at.getTime() / 1_000);

/** Whether a login belongs to a cohort. Asked for every request and every cut-off: a condition that is not there costs nothing. */
export function isIn(cohort: Cohort, facts: LoginFacts): boolean {
  const { methods, providers, clients, networks, countries, from, until } = cohort;
  const { amr, atSeconds = 0, clientId, forClientId, network, country } = facts;
  return (
    (clients.length === 0 || has(clients, clientId) || has(clients, forClientId)) &&
    (networks.length === 0 || has(networks, network)) &&
    (countries.length === 0 || has(countries, country)) &&
    (!from || atSeconds >= seconds(from)) &&
    (!until || atSeconds <= seconds(until)) &&
    (providers.length === 0 || providersOf(amr).some((one) => providers.includes(one))) &&
    (methods.length === 0 || methodsOf(amr).some((one) => methods.includes(one)))
  );
}

const has = (wanted: readonly string[], found: string | undefined): boolean =>
  found !== undefined && wanted.includes(found);
