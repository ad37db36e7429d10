/** Who waits for a hash before whom (docs/adr/0040-what-a-login-costs.md): the lowest goes first. */
export const RANKS = {
  /** A browser by which the member logged in before. */
  KNOWN_BROWSER: 0,
  /** A network where somebody was right a moment ago. */
  RIGHT_OF_LATE: 1,
  /** A password that is being set: no try. */
  NEW_PASSWORD: 2,
  NOTHING_KNOWN: 3,
  WRONG_OF_LATE: 4,
} as const;

/** The last rank that has a thread to itself. Setting a password has not: it may have to wait for dictionaries to be read. */
export const LAST_WITH_OWN_THREAD = RANKS.RIGHT_OF_LATE;
