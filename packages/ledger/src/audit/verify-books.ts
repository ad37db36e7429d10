import type { KeyObject } from 'node:crypto';
import { atOneMoment, findRows } from '@7pay/mongo';
import type { ClientSession, Connection } from 'mongoose';
import { accountModel, toAccount } from '../account/account.store.ts';
import type { Account, AccountLimits } from '../account/account.ts';
import { KEPT_IN_LOTS, type Lots, sumOf } from '../account/lots.ts';
import { POINTS_OWED_ACCOUNTS, POINTS_UNRECOVERED } from '../account/points-owed.ts';
import { readJournal } from '../entry/journal-feed.store.ts';
import { reversalFaults } from './reversals.store.ts';
import { chainFaults, heldOf, type Replayed, startReplay } from './replay.ts';
import { verifySeals } from './verify-seals.ts';

/** What an audit of all entries found. `faults` is empty when the books are exact. */
export interface Books {
  readonly entries: number;
  /** Debits minus credits of every account, refusing or derived. */
  readonly balances: ReadonlyMap<string, number>;
  readonly faults: readonly string[];
}

/**
 * Makes the books again from the journal and compares: every entry by itself and in its chain ({@link startReplay}),
 * all entries together, each stored account, what was taken back of what, the seals and the roll-ups
 * (invariants I1–I4, I6, I9, I10, I14, I19, I20). Seals are compared as far as they have come; their signatures where keys
 * are given, by their ids.
 */
export async function verifyBooks(
  connection: Connection,
  options: { readonly sealKeys?: ReadonlyMap<string, KeyObject> } = {},
): Promise<Books> {
  // One moment for all that is compared: the platform may be at work meanwhile.
  return atOneMoment(connection, (session) => verifyAt(connection, session, options));
}

async function verifyAt(
  connection: Connection,
  session: ClientSession,
  { sealKeys }: { readonly sealKeys?: ReadonlyMap<string, KeyObject> },
): Promise<Books> {
  const replay = startReplay();
  for await (const entry of readJournal(connection, { session })) replay.add(entry);
  const faults = [...replay.faults, ...chainFaults(replay)];
  for (const [currency, total] of replay.totals) {
    if (total !== 0) faults.push(`all entries in ${currency} differ by ${total}`);
  }
  const rows = await findRows(accountModel(connection), {}, { session });
  const known = new Set(rows.map(({ _id }) => _id));
  for (const account of replay.accounts.keys()) {
    if (!known.has(account)) faults.push(`${account} has entries and no account`);
  }
  for (const account of rows.map((row) => toAccount(row))) {
    const balance = -(replay.balances.get(account.id) ?? 0);
    faults.push(...accountFaults(account, replay.accounts.get(account.id), balance));
  }
  faults.push(...owedFaults(replay.balances));
  faults.push(...(await reversalFaults(connection, session)));
  faults.push(...(await verifySeals(connection, session, sealKeys)));
  return { entries: replay.entries, balances: replay.balances, faults };
}

/** What members owe in points is, in all, what could not be taken back of them (invariant I14). */
function owedFaults(balances: ReadonlyMap<string, number>): string[] {
  const unrecovered = balances.get(POINTS_UNRECOVERED) ?? 0;
  let owed = 0;
  for (const [account, balance] of balances) {
    if (account.startsWith(POINTS_OWED_ACCOUNTS)) owed -= balance;
  }
  return owed === unrecovered
    ? []
    : [`members owe ${owed} points, ${unrecovered} could not be taken back`];
}

function accountFaults(account: Account, made: Replayed | undefined, balance: number): string[] {
  const faults: string[] = [];
  const compare = (what: string, stored: unknown, derived: unknown) => {
    if (stored !== derived) {
      faults.push(`${account.id} ${what} ${String(stored)}, its entries make ${String(derived)}`);
    }
  };
  compare('holds', account.posted, balance);
  const chained = made?.posted ?? 0;
  if (account.posted !== chained) {
    faults.push(`${account.id} holds ${account.posted}, its chain makes ${chained}`);
  }
  compare('reserves', account.held, made ? heldOf(made) : 0);
  const holds = account.holds.map(
    ({ id, amount, expiresAt }) => [id, { amount, until: expiresAt }] as const,
  );
  compare('keeps', holdsText(holds), holdsText(made?.holds ?? []));
  compare('has the limits', limitsText(account.limits), limitsText(made?.limits ?? {}));
  if (made?.cap !== undefined) compare('is capped at', account.cap, made.cap);
  compare('has entries', account.seq, made?.seq ?? 0);
  compare('ends with', account.head, made?.head ?? '');
  compare('is', account.status, made?.status ?? 'OPEN');
  if (account.posted - account.held < 0) faults.push(`${account.id} is below zero`);
  if (KEPT_IN_LOTS.has(account.kind)) {
    compare('has lots', asText(account.lots), asText(made?.lots ?? {}));
    const lots = sumOf(account.lots);
    if (lots !== account.posted) {
      faults.push(`${account.id} holds ${account.posted}, its lots make ${lots}`);
    }
  }
  return faults;
}

const holdsText = (holds: Iterable<readonly [string, { amount: number; until: Date }]>): string =>
  [...holds]
    .map(([id, { amount, until }]) => `${id}:${amount}:${until.toISOString()}`)
    .sort()
    .join(' ');

const limitsText = (limits: AccountLimits): string =>
  Object.entries(limits)
    .flatMap(([channel, most]) =>
      Object.entries(most).map(([window, amount]) => `${channel}.${window}:${amount}`),
    )
    .sort()
    .join(' ');

const asText = (lots: Lots): string =>
  Object.entries(lots)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, amount]) => `${key}:${amount}`)
    .join(' ');
