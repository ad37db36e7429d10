import { createHmac, randomBytes } from 'node:crypto';

/** A card as the acquirer gives it away: a token, and what may be shown. */
export interface TokenisedCard {
  readonly token: string;
  readonly bin: string;
  readonly lastFour: string;
  readonly brand: 'VISA' | 'MASTERCARD' | 'JCB' | 'OTHER';
  readonly funding: 'CREDIT' | 'DEBIT';
  readonly expires: string;
}

export type ChargeState = 'NONE' | 'CHALLENGE' | 'AUTHORISED' | 'CAPTURED' | 'DECLINED' | 'VOIDED';

/** A charge under the id of whoever asked for it. */
export interface Charge {
  readonly id: string;
  readonly state: ChargeState;
  readonly amountYen: number;
  readonly challenge: 'NOT_ASKED' | 'WAITING' | 'PASSED' | 'FAILED';
  /** Whether it was ever captured, also when it was voided then. */
  readonly captured: boolean;
  readonly returnUrl: string;
}

const tokenKey = randomBytes(32); // tokens of one start mean nothing to another

/** A token for the number. The number is forgotten here. Null when it is none. */
export function tokenise(number: string, expires: string): TokenisedCard | null {
  const digits = number.replace(/[\s-]/g, '');
  if (!/^\d{14,19}$/.test(digits) || !isLuhn(digits)) return null;
  if (!/^20\d\d-(0[1-9]|1[0-2])$/.test(expires)) return null;
  const token = createHmac('sha256', tokenKey).update(digits).digest('hex').slice(0, 40);
  return {
    token: `tok_${token}`,
    bin: digits.slice(0, 6),
    lastFour: digits.slice(-4),
    brand: BRANDS.get(digits[0] ?? '') ?? 'OTHER',
    funding: digits.startsWith('49') ? 'DEBIT' : 'CREDIT',
    expires,
  };
}

const BRANDS: ReadonlyMap<string, TokenisedCard['brand']> = new Map([
  ['4', 'VISA'],
  ['5', 'MASTERCARD'],
  ['3', 'JCB'],
]);

function isLuhn(digits: string): boolean {
  let sum = 0;
  for (const [index, digit] of [...digits].toReversed().entries()) {
    const doubled = index % 2 === 1 ? Number(digit) * 2 : Number(digit);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** What a step makes of a charge. A step that does not fit changes nothing. */
export function advance(
  charge: Charge,
  step: 'authorise' | 'capture' | 'void',
  told: { readonly declines?: boolean; readonly tooLate?: boolean; readonly asks?: boolean } = {},
): Charge {
  if (step === 'authorise' && charge.state === 'NONE') {
    if (told.declines) return { ...charge, state: 'DECLINED' };
    return told.asks
      ? { ...charge, state: 'CHALLENGE', challenge: 'WAITING' }
      : { ...charge, state: 'AUTHORISED' };
  }
  if (step === 'capture' && charge.state === 'AUTHORISED') {
    return { ...charge, state: 'CAPTURED', captured: true };
  }
  if (step === 'void' && charge.state !== 'DECLINED') {
    return charge.state === 'CAPTURED' && told.tooLate ? charge : { ...charge, state: 'VOIDED' };
  }
  return charge;
}

/** What the answer to a challenge makes of it. */
export function answered(charge: Charge, isPassed: boolean): Charge {
  if (charge.state !== 'CHALLENGE') return charge;
  return isPassed
    ? { ...charge, state: 'AUTHORISED', challenge: 'PASSED' }
    : { ...charge, state: 'DECLINED', challenge: 'FAILED' };
}
