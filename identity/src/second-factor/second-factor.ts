export type SecondFactorRefusal =
  | 'SECOND_FACTOR_FAILED'
  | 'SECOND_FACTOR_MISSING'
  | 'SECOND_FACTOR_NOT_BEGUN';

/** Seals secrets that 7iD must be able to read again, each for one purpose. */
export interface Vault {
  seal(text: string, purpose: string): string;
  /** @throws Error when nothing here opens it */
  open(sealed: string, purpose: string): string;
}

/**
 * Whether a login shows more than a password: a code that was sent to a contact of the member, or something that they have. Mail
 * among them proves no money (docs/adr/0033); it tells the member from whoever has a list of passwords.
 */
export const isMoreThanPassword = (amr: readonly string[]): boolean =>
  isConfirmed(amr) || amr.includes('mail') || amr.includes('phone') || !amr.includes('pwd');

/** Whether a login was confirmed by something that the member has. */
export const isConfirmed = (amr: readonly string[]): boolean =>
  ['user', 'otp', 'recovery', 'sms', 'device'].some((method) => amr.includes(method));
