/** What a thread is started with. */
export interface ThreadSetting {
  /** Whether it leaves the event loop the better part of a core that both want. */
  readonly givesWay: boolean;
}

/** What a thread is asked. The password is in its normal form. */
export type Work =
  | { readonly kind: 'hash'; readonly password: string }
  | { readonly kind: 'verify'; readonly password: string; readonly stored: string }
  | { readonly kind: 'guesses'; readonly password: string; readonly own: readonly string[] };

/** What it answers: a hash, whether it fits, or the number of guesses as a power of ten. */
export interface Answers {
  readonly hash: string;
  readonly verify: boolean;
  readonly guesses: number;
}

export type ToThread = Work & { readonly id: number };
export type FromThread =
  | { readonly id: number; readonly value: string | boolean | number }
  | { readonly id: number; readonly fault: string };
