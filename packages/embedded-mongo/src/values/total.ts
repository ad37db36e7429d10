import { decimalFromDouble, decimalFromInteger } from './decimal.ts';
import { decimalAdd, decimalDivide } from './decimal-math.ts';
import { wholeOrDouble, type Numeric } from './number.ts';
import { Decimal128, Double, isNumber, type Value } from './types.ts';

// Another int32 still adds exactly to a number of this size.
const MANY = 2 ** 52;

/**
 * A sum as `$sum`, `$avg` and `$add` build it: whole numbers exactly, doubles with the part that
 * rounding loses carried along, decimals apart; the type is decided at the end, by the widest one.
 */
export class Total {
  /** How many numbers were added. */
  count = 0;
  private whole = 0n;
  private ints = 0;
  private sum = 0;
  private lost = 0;
  private decimals: Decimal128 | null = null;
  private widest: 'int' | 'long' | 'double' = 'int';

  /** Adds a number; anything else is passed over. */
  add(v: Value | undefined): void {
    if (typeof v === 'number') {
      this.count += 1;
      this.addInt(v);
      return;
    }
    if (!isNumber(v)) return;
    this.count += 1;
    if (typeof v === 'bigint') {
      this.whole += v;
      if (this.widest === 'int') this.widest = 'long';
    } else if (v instanceof Double) {
      this.addDouble(v.value);
      this.widest = 'double';
    } else this.decimals = this.decimals ? decimalAdd(this.decimals, v) : v;
  }

  /** The sum; nothing adds up to the int32 zero. */
  value(): Numeric {
    if (this.decimals) return decimalAdd(this.decimals, this.asDecimal());
    if (this.widest === 'double') return new Double(this.asDouble());
    return wholeOrDouble(this.settle(), this.widest === 'long');
  }

  /** The mean: a decimal when a decimal was added, else a double; null of nothing. */
  mean(): Decimal128 | Double | null {
    if (this.count === 0) return null;
    const total = this.value();
    if (total instanceof Decimal128) return decimalDivide(total, decimalFromInteger(this.count));
    return new Double((total instanceof Double ? total.value : Number(total)) / this.count);
  }

  // int32 are added as plain numbers while that is exact, which is far cheaper than big ones.
  private addInt(v: number): void {
    this.ints += v;
    if (this.ints > MANY || this.ints < -MANY) this.settle();
  }

  private settle(): bigint {
    this.whole += BigInt(this.ints);
    this.ints = 0;
    return this.whole;
  }

  // The error of each addition is exact (Knuth's two-sum) and is added up by itself.
  private addDouble(x: number): void {
    const sum = this.sum + x;
    const part = sum - this.sum;
    if (Number.isFinite(sum)) this.lost += this.sum - (sum - part) + (x - part);
    this.sum = sum;
  }

  private asDouble(): number {
    if (!Number.isFinite(this.sum)) return this.sum;
    const whole = this.settle();
    if (whole === 0n) return this.sum + this.lost;
    // Both parts of a big whole number are exact doubles, so nothing is lost on the way in.
    const high = Number(whole);
    const both = new Total();
    both.addDouble(this.sum);
    both.addDouble(high);
    both.addDouble(Number(whole - BigInt(high)));
    both.addDouble(this.lost);
    return both.sum + both.lost;
  }

  private asDecimal(): Decimal128 {
    const whole = decimalFromInteger(this.settle());
    if (this.widest !== 'double') return whole;
    const doubles = decimalFromDouble(this.sum, 34);
    if (!Number.isFinite(this.sum)) return doubles;
    return decimalAdd(decimalAdd(doubles, decimalFromDouble(this.lost, 34)), whole);
  }
}
