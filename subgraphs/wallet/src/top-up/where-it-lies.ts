import assert from 'node:assert/strict';
import type { JournalEntry, Leg } from '@7pay/ledger';
import type { WalletWork } from '../unit-of-work.ts';
import { atmTopUpId } from './ask-at-atm.ts';
import type { TopUpCase } from './top-up-case.ts';

/** Money of a top-up: who took it, and where it lies now, after each case that moved it. */
export interface LyingMoney {
  /** The entry that booked it. */
  readonly booked: JournalEntry;
  /** Of the party that took it. */
  readonly taker: Leg;
  /** Where it lies, since that entry or since the last that moved it. */
  readonly place: Leg;
  readonly since: JournalEntry;
  /** Id of the entry that moves it next. */
  readonly nextId: string;
}

/** Finds the money that a case is about: cases of one top-up follow each other, and each moves it from where it lies by then. */
export async function whereItLies(
  { session, ledger }: Pick<WalletWork, 'session' | 'ledger'>,
  about: Pick<TopUpCase, 'topUpId' | 'partyReference'>,
): Promise<LyingMoney> {
  // What nobody asked for is one thing, and a top-up of the same transaction, if there is one, another.
  const bookedId =
    about.topUpId === null
      ? `${atmTopUpId(about.partyReference ?? '')}:unasked`
      : `${about.topUpId}:settle`;
  const booked = await ledger.entry(session, bookedId);
  const taker = booked?.legs.find(({ side }) => side === 'debit');
  assert(booked && taker, 'a case is about money that was taken and booked');
  let since = booked;
  let nextId = moveId(about, 1);
  for (let n = 2; ; n += 1) {
    const moved = await ledger.entry(session, nextId);
    if (!moved) break;
    [since, nextId] = [moved, moveId(about, n)];
  }
  const place = since.legs.find(({ side }) => side === 'credit');
  assert(place, 'money that was taken lies somewhere');
  return { booked, taker, place, since, nextId };
}

function moveId({ topUpId, partyReference }: Parameters<typeof whereItLies>[1], n: number): string {
  const id = topUpId ?? atmTopUpId(partyReference ?? '');
  return n === 1 ? `${id}:resolve` : `${id}:resolve:${n}`;
}
