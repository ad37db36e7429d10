import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inCommitOrder } from './commit-order.ts';
import type { JournalEntry } from './journal-entry.ts';

const ACCOUNTS = ['a', 'b', 'c'];
/** Entries as they are committed one after another, each on some of the accounts. */
const committed = fc.array(fc.subarray(ACCOUNTS), { maxLength: 12 }).map((named) => {
  const seqs = new Map<string, number>();
  return named.map((accounts, index): JournalEntry => {
    const stands = accounts.map((account) => {
      const seq = (seqs.get(account) ?? 0) + 1;
      seqs.set(account, seq);
      return { account, seq, posted: 0, held: 0, prev: '' };
    });
    return { id: String(index), stands } as unknown as JournalEntry;
  });
});

describe('the order of commit', () => {
  it('is found again from any other order: nothing lost, and each account in its numbers', () => {
    fc.assert(
      fc.property(
        committed.chain((entries) =>
          fc.tuple(
            fc.constant(entries),
            fc.shuffledSubarray(entries, { minLength: entries.length }),
          ),
        ),
        ([entries, shuffled]) => {
          const ordered = inCommitOrder(shuffled);
          expect(new Set(ordered)).toEqual(new Set(entries));
          for (const name of ACCOUNTS) {
            const seqs = ordered
              .flatMap(({ stands }) => stands.filter(({ account }) => account === name))
              .map(({ seq }) => seq);
            expect(seqs).toEqual(seqs.map((_, index) => index + 1));
          }
        },
      ),
    );
  });

  it('of damaged books leaves nothing out', () => {
    const stand = (account: string, seq: number) => ({
      account,
      seq,
      posted: 0,
      held: 0,
      prev: '',
    });
    const entries = [
      { id: '1', stands: [stand('a', 1), stand('b', 2)] },
      { id: '2', stands: [stand('a', 2), stand('b', 1)] },
    ] as unknown as JournalEntry[];
    expect(new Set(inCommitOrder(entries))).toEqual(new Set(entries));
  });
});
