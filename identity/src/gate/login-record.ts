import type { LoginFacts } from '@7pay/controls';

/** Where a login came from, as far as anybody told. */
export interface Origin {
  /** The class of networks of the address (`networkClasses` of controls). */
  readonly network: string | null;
  /** Two letters, from the header of an edge that is trusted with it. */
  readonly country: string | null;
  /** A digest that tells this browser from others; nothing about it. */
  readonly device: string | null;
  /** The family of the browser (`agentFamily`), without its versions. */
  readonly agent: string | null;
}

/** What is remembered of a login for as long as anything rests on it. */
export interface LoginRecord extends Origin {
  readonly sessionUid: string;
  readonly memberId: string;
  readonly amr: readonly string[];
  readonly acr: string;
  /** When it was proven, in seconds since 1970: `loginTs` of the session, `auth_time` of its tokens. */
  readonly atSeconds: number;
  readonly clientId: string;
  /** Generation of the controls in which the password was set; null for a member without one. */
  readonly passwordGeneration: number | null;
  /** Generation of the controls when the proof began. */
  readonly generation: number;
}

/** The part of it that is known when the proof is done, before there is a session. Travels in the stored result. */
export type ProofFacts = Pick<LoginRecord, 'clientId' | 'passwordGeneration' | 'generation'> &
  Origin;

/** The facts by which a recorded login is judged. */
export const factsOf = (
  login: Omit<LoginRecord, 'sessionUid' | 'memberId' | 'acr'>,
): LoginFacts => ({
  amr: login.amr,
  atSeconds: login.atSeconds,
  generation: login.generation,
  madeIn: login.generation,
  clientId: login.clientId,
  network: login.network ?? undefined,
  country: login.country ?? undefined,
});
