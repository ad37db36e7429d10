import { declareRefusals, type Refused, refuse } from '@7pay/refusals';
import type { CutOff } from './cut-off.ts';
import type { LoginVerdict } from './judge.ts';
import type { LoginFacts } from './login-facts.ts';

/** What the controls answer when a function may not run. */
export type ControlsRefusal = 'FUNCTION_CLOSED' | 'CONTROLS_STALE';

declareRefusals('controls', {
  FUNCTION_CLOSED: {
    ja: 'ただいまこの機能を停止しています。{reasonJa}',
    en: 'This function is stopped at the moment. {reasonEn}',
  },
  CONTROLS_STALE: {
    ja: '安全を確認できないため受け付けられません。少し待ってからもう一度お試しください。',
    en: 'We cannot confirm that this is safe right now. Please wait a moment and try again.',
  },
});

/** Permission to run, with the generation of the controls that gave it. Money entries keep it. */
export interface Allowed {
  readonly generation: number;
}

/** How one switch stands. `since` is the instant of its last change; the register's birth if it never moved. */
export interface SwitchLook {
  readonly key: string;
  readonly state: 'OPEN' | 'CLOSED';
  readonly since: Date;
  readonly reason: { readonly ja: string; readonly en: string } | null;
  readonly generation: number;
}

/** The controls as a service sees them: a snapshot in memory, kept fresh by a lease. */
export interface Controls {
  /**
   * The one gate: every key must be open and the snapshot inside its lease, else a refusal.
   * Fails closed: a service that has lost sight of the switches refuses.
   */
  guard(...keys: readonly string[]): Allowed | Refused<ControlsRefusal>;
  /** How a switch stands, for showing it. Never for deciding: use {@link Controls.guard}. */
  look(key: string): SwitchLook;
  /** The generation in which a switch last moved, 0 if it never did: what was issued in an older one may have ended. */
  movedIn(key: string): number;
  /** Whether a login still holds, by what was last seen: asks nobody. See `judge`. */
  judge(facts: LoginFacts): LoginVerdict;
  /** The cut-offs in force or proposed, for showing them and for what has to be asked of the database. */
  readonly cutOffs: readonly CutOff[];
  readonly generation: number;
  /** Reads the switches now; returns when the snapshot is at least that new. */
  refresh(): Promise<void>;
}

/** What the pure decision needs to know. */
export interface ControlsSnapshot {
  readonly generation: number;
  readonly closed: ReadonlyMap<string, SwitchLook>;
}

/** Decides over a snapshot; `fresh` says whether the lease on it still holds. */
export function judgeKeys(
  snapshot: ControlsSnapshot | undefined,
  fresh: boolean,
  keys: readonly string[],
): Allowed | Refused<ControlsRefusal> {
  if (!snapshot || !fresh) return refuse('CONTROLS_STALE');
  for (const key of keys) {
    const closed = snapshot.closed.get(key);
    if (closed) {
      return refuse('FUNCTION_CLOSED', {
        switch: key,
        since: closed.since.toISOString(),
        reasonJa: closed.reason?.ja ?? '',
        reasonEn: closed.reason?.en ?? '',
      });
    }
  }
  return { generation: snapshot.generation };
}
