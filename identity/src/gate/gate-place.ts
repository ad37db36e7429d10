import type { LoginFacts, LoginVerdict } from '@7pay/controls';

/**
 * Every place where 7iD accepts a login or gives something out for one. A test takes the gate away at each in turn and sees
 * that something is accepted there which was refused (every-place.test.ts).
 */
export const GATE_PLACES = [
  'password',
  'passkey',
  'second-factor',
  'registration',
  'recovery',
  'carry-over',
  'enrolment',
  'external-start',
  'external-callback',
  'resume',
  'session',
  'code',
  'refresh',
  'userinfo',
  'token',
] as const;
export type GatePlace = (typeof GATE_PLACES)[number];

/** Judges a login at a place. The place decides nothing: it is for tests, and for the log. */
export type JudgeAt = (place: GatePlace, facts: LoginFacts) => LoginVerdict;

/** Where a token of the library is judged. What has no place of its own (a device code, a poll, an exchange) is a token. */
export const placeOf = (kind: string): GatePlace =>
  ({
    AuthorizationCode: 'code' as const,
    RefreshToken: 'refresh' as const,
    AccessToken: 'userinfo' as const,
  })[kind] ?? 'token';
