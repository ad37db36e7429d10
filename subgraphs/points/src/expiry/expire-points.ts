import { debit, credit, type Ledger, type PlainPlan } from '@7pay/ledger';
import { isRefused } from '@7pay/refusals';
import { type BusinessDate, businessDate, type Clock } from '@7pay/time';
import type { PointsUnitOfWork } from '../unit-of-work.ts';

/** The accounts that hold points of a lot. */
export type HoldersOf = Ledger['holdersOf'];

const AT_ONCE = 200;

/**
 * Takes points out of the accounts when their last day is over, one entry per account and lot, each once. Until then
 * nobody could spend them either: an account looks at the date by itself.
 * @returns how many accounts had points that expired
 */
export const expirePoints =
  (unitOfWork: PointsUnitOfWork, holdersOf: HoldersOf, clock: Clock, generation: () => number) =>
  async (): Promise<number> => {
    let count = 0;
    for (const lot of lotsThatEnded(businessDate(clock.now()))) {
      for (;;) {
        const holders = await holdersOf(lot, AT_ONCE);
        for (const id of holders) {
          await unitOfWork(async ({ session, ledger }) => {
            const account = await ledger.account(session, id);
            const left = account?.lots[lot] ?? 0;
            if (!account || left === 0) return;
            const entry = await ledger.post(
              session,
              expiryEntry(
                { account: id, wallet: account.wallet, lot, left },
                {
                  at: clock.now(),
                  generation: generation(),
                  seq: account.seq,
                },
              ),
            );
            if (!isRefused(entry)) count += 1;
          });
        }
        if (holders.length < AT_ONCE) break;
      }
    }
    return count;
  };

const KEPT_YEARS = 10;

/** The last dates that points can have had and that are over: 31 March of this year and of the years before. */
export function lotsThatEnded(today: BusinessDate): readonly BusinessDate[] {
  const year = Number(today.slice(0, 4));
  return Array.from(
    { length: KEPT_YEARS },
    (_, ago) => `${year - ago}-03-31` as BusinessDate,
  ).filter((lot) => lot < today);
}

/** The entry that takes expired points back to where points come from. */
const expiryEntry = (
  {
    account,
    wallet,
    lot,
    left,
  }: { account: string; wallet: string; lot: BusinessDate; left: number },
  { at, generation, seq }: { at: Date; generation: number; seq: number },
): PlainPlan => ({
  // Points of a cancelled spending may come back to a lot that is over: then it expires once more.
  id: `${account}:expiry:${lot}:${seq}`,
  kind: 'POINTS_EXPIRY',
  wallet,
  at,
  legs: [
    { ...debit(account, left, 'NPT'), lots: { [lot]: left } },
    credit('points-issued', left, { currency: 'NPT' }),
  ],
  generation,
  ref: { pointsAccountId: account.replace(/^points:/, '') },
});
