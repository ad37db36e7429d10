/** What is wrong with a text or number that should be a whole amount. */
export type WholeFault = 'NOT_A_NUMBER' | 'NOT_WHOLE' | 'NEGATIVE' | 'TOO_LARGE';

/**
 * Reads a whole amount from outside: a JSON number, or a text of the digits 0 to 9 alone.
 * Signs, fractions, exponents, spaces, separators and full-width digits are refused, not repaired:
 * a register that sends `１０００` or `1e3` has a fault that somebody must see.
 */
export function parseWhole(value: unknown): number | WholeFault {
  if (typeof value === 'number') return judge(value);
  if (typeof value !== 'string') return 'NOT_A_NUMBER';
  if (/^-\d+$/.test(value)) return 'NEGATIVE';
  if (/^\d+\.\d+$/.test(value)) return 'NOT_WHOLE';
  if (!/^(0|[1-9]\d*)$/.test(value)) return 'NOT_A_NUMBER';
  return value.length > 16 ? 'TOO_LARGE' : judge(Number(value));
}

function judge(value: number): number | WholeFault {
  if (Number.isNaN(value)) return 'NOT_A_NUMBER';
  if (value < 0 || Object.is(value, -0)) return 'NEGATIVE';
  if (!Number.isFinite(value)) return 'TOO_LARGE';
  if (!Number.isInteger(value)) return 'NOT_WHOLE';
  // Above 2^53 - 1 a double skips whole numbers: a yen could be lost on the way here.
  return Number.isSafeInteger(value) ? value : 'TOO_LARGE';
}
