import type { AccountLimits, AccountStatus } from '../account/account.ts';
import type { LotKey, Lots } from '../account/lots.ts';
import { hashOf } from '../entry/canonical.ts';
import { assertBalanced, type Currency, type JournalEntry, moves } from '../entry/journal-entry.ts';

/** A refusing account as its entries make it. */
export interface Replayed {
  readonly seq: number;
  readonly head: string;
  readonly at: Date | null;
  readonly posted: number;
  readonly holds: ReadonlyMap<string, { readonly amount: number; readonly until: Date }>;
  readonly lots: Lots;
  readonly status: AccountStatus;
  readonly limits: AccountLimits;
  /** Undefined while no entry has set one: then it is what the account was opened with. */
  readonly cap: number | null | undefined;
}

/** Books that are made again from nothing, entry by entry. */
export interface Replay {
  readonly entries: number;
  readonly accounts: ReadonlyMap<string, Replayed>;
  /** Debits minus credits of every account, refusing or derived; what is only held is left out. */
  readonly balances: ReadonlyMap<string, number>;
  readonly totals: ReadonlyMap<Currency, number>;
  readonly faults: readonly string[];
  /** Takes the next entry. */
  add(entry: JournalEntry): void;
}

const FRESH: Replayed = {
  seq: 0,
  head: '',
  at: null,
  posted: 0,
  holds: new Map(),
  lots: {},
  status: 'OPEN',
  limits: {},
  cap: undefined,
};

/**
 * Makes the books again from their entries alone, in simple sums of its own: what decided the entries has no say here.
 * Each entry balances, has the hash of what it says, follows the one before on each of its accounts, and leaves them
 * as it claims (invariants I1, I2, I3, I4, I6, I9, I20).
 */
export function startReplay(): Replay {
  const accounts = new Map<string, Replayed>();
  const balances = new Map<string, number>();
  const totals = new Map<Currency, number>();
  const faults: string[] = [];
  let entries = 0;
  return {
    accounts,
    balances,
    totals,
    faults,
    get entries() {
      return entries;
    },
    add: (entry) => {
      entries += 1;
      faults.push(...ownFaults(entry));
      if (moves(entry)) {
        for (const { account, side, amount, currency } of entry.legs) {
          const signed = side === 'debit' ? amount : -amount;
          balances.set(account, (balances.get(account) ?? 0) + signed);
          totals.set(currency, (totals.get(currency) ?? 0) + signed);
        }
      }
      for (const { account } of entry.stands) {
        const after = next(accounts.get(account) ?? FRESH, entry, account);
        faults.push(...standFaults(accounts.get(account) ?? FRESH, after, entry, account));
        accounts.set(account, after);
      }
    },
  };
}

function ownFaults(entry: JournalEntry): string[] {
  const faults: string[] = [];
  try {
    assertBalanced(entry.legs, entry.kind);
  } catch (error) {
    faults.push(`${entry.id}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (hashOf(entry) !== entry.hash) faults.push(`${entry.id}: is not what was hashed`);
  return faults;
}

function next(before: Replayed, entry: JournalEntry, account: string): Replayed {
  const holds = new Map([...before.holds].filter(([, { until }]) => until > entry.at));
  if (entry.resolves !== undefined) holds.delete(entry.resolves);
  let { posted } = before;
  const lots: Partial<Record<LotKey, number>> = { ...before.lots };
  for (const leg of entry.legs) {
    if (leg.account !== account) continue;
    if (entry.holdsUntil) {
      const amount = (holds.get(entry.id)?.amount ?? 0) + leg.amount;
      holds.set(entry.id, { amount, until: entry.holdsUntil });
      continue;
    }
    const sign = leg.side === 'credit' ? 1 : -1;
    posted += sign * leg.amount;
    for (const [key, amount] of Object.entries(leg.lots ?? {}) as [LotKey, number][]) {
      lots[key] = (lots[key] ?? 0) + sign * amount;
      if (lots[key] === 0) delete lots[key];
    }
  }
  const sets = entry.sets?.account === account ? entry.sets : undefined;
  return {
    seq: before.seq + 1,
    head: entry.hash,
    at: entry.at,
    posted,
    holds,
    lots,
    status: sets?.status ?? before.status,
    limits: { ...before.limits, ...sets?.limits },
    cap: sets?.cap === undefined ? before.cap : sets.cap,
  };
}

/** Accounts that all entries together move to something else than those of their chain: one was left out of it. */
export const chainFaults = ({ accounts, balances }: Replay): string[] =>
  [...accounts].flatMap(([account, { posted }]) => {
    const moved = -(balances.get(account) ?? 0);
    return moved === posted ? [] : [`${account} was moved by ${moved}, its chain makes ${posted}`];
  });

/** What is held, in all. */
export const heldOf = ({ holds }: Replayed): number =>
  [...holds.values()].reduce((sum, { amount }) => sum + amount, 0);

function standFaults(
  before: Replayed,
  after: Replayed,
  entry: JournalEntry,
  account: string,
): string[] {
  const faults: string[] = [];
  const stand = entry.stands.find((each) => each.account === account)!;
  const fault = (text: string) => faults.push(`${entry.id}: ${account} ${text}`);
  if (stand.seq !== after.seq) fault(`has entry ${stand.seq} where ${after.seq} is due`);
  if (stand.prev !== before.head) fault('does not follow the entry before');
  if (before.at && entry.at < before.at) fault('was booked before the entry before');
  if (stand.posted !== after.posted) {
    fault(`is said to hold ${stand.posted}, its entries make ${after.posted}`);
  }
  const held = heldOf(after);
  if (stand.held !== held) fault(`is said to reserve ${stand.held}, its entries make ${held}`);
  if (after.posted - held < 0) fault('is below zero');
  if (Object.values(after.lots).some((lot = 0) => lot < 0)) fault('has a lot below zero');
  const mine = entry.legs.filter((leg) => leg.account === account);
  const leaves = mine.some(({ side }) => side === 'debit');
  if (leaves && before.status !== 'OPEN') fault(`was debited while ${before.status}`);
  else if (before.status === 'CLOSED' && mine.length > 0) fault('was moved while CLOSED');
  const isSet = entry.sets?.account === account && entry.sets.status !== undefined;
  if (isSet && before.status === 'CLOSED') fault('was given a state while CLOSED');
  return faults;
}
