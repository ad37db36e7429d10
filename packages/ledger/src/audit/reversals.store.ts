import { fromInt64, inSession } from '@7pay/mongo';
import type { ClientSession, Connection } from 'mongoose';
import { journalModel } from '../entry/journal-entry.store.ts';

interface TakenBack {
  readonly _id: string;
  readonly times: readonly unknown[];
  readonly amount: unknown;
  readonly original: readonly { readonly legs: readonly { side: string; amt: unknown }[] }[];
}

/**
 * Compares what was taken back of each entry with the entry: never more than it moved, and counted 1, 2, 3 …
 * without a gap (invariant I10).
 */
export async function reversalFaults(
  connection: Connection,
  session: ClientSession,
): Promise<string[]> {
  const journal = journalModel(connection).collection;
  const rows = journal.aggregate<TakenBack>(
    [
      { $match: { 'reverses.entry': { $exists: true } } },
      {
        $project: {
          reverses: 1,
          amount: {
            $sum: {
              $map: {
                input: {
                  $filter: { input: '$legs', as: 'leg', cond: { $eq: ['$$leg.side', 'credit'] } },
                },
                as: 'leg',
                in: '$$leg.amt',
              },
            },
          },
        },
      },
      {
        $group: {
          _id: '$reverses.entry',
          times: { $push: '$reverses.n' },
          amount: { $sum: '$amount' },
        },
      },
      {
        $lookup: {
          from: journal.collectionName,
          localField: '_id',
          foreignField: '_id',
          as: 'original',
        },
      },
    ],
    inSession(session),
  );
  const faults: string[] = [];
  for await (const { _id, times, amount, original } of rows) {
    const [first] = original;
    if (!first) {
      faults.push(`${_id} was taken back and does not exist`);
      continue;
    }
    const moved = first.legs
      .filter(({ side }) => side === 'credit')
      .reduce((sum, { amt }) => sum + fromInt64(amt), 0);
    const back = fromInt64(amount);
    if (back > moved) faults.push(`${_id} moved ${moved}, and ${back} of it was taken back`);
    const numbers = times.map((n) => fromInt64(n)).sort((a, b) => a - b);
    if (!numbers.every((n, index) => n === index + 1)) {
      faults.push(`${_id} was taken back for the times ${numbers.join(',')}`);
    }
  }
  return faults;
}
