import { compareNumbers } from './compare.ts';
import { toDouble, type Numeric } from './number.ts';
import { Double } from './types.ts';

/** Standard deviation, one number after the other (Welford). */
export class Deviation {
  private count = 0;
  private mean = 0;
  private squares = 0;

  add(v: Numeric): void {
    const n = toDouble(v);
    this.count += 1;
    const before = n - this.mean;
    this.mean += before / this.count;
    this.squares += before * (n - this.mean);
  }

  /** Of the whole population, or of a sample from it; null when there are too few. */
  value(of: 'population' | 'sample'): Double | null {
    const by = of === 'population' ? this.count : this.count - 1;
    return by < 1 ? null : new Double(Math.sqrt(this.squares / by));
  }
}

/** The values at the given shares (0 to 1) of a list, by the nearest rank; null of nothing. */
export function percentiles(
  list: readonly Numeric[],
  shares: readonly number[],
): (Double | null)[] {
  const sorted = [...list].sort(compareNumbers);
  return shares.map((share) => {
    const at = Math.max(0, Math.ceil(share * sorted.length) - 1);
    const found = sorted[at];
    return found === undefined ? null : new Double(toDouble(found));
  });
}
