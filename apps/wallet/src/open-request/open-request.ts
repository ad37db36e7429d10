import type { Outcome } from '@7pay/ui';

/** A request that moves money and has no clear answer yet. Under its number it is done once, however often it is sent. */
export interface OpenRequest<What> {
  readonly id: string;
  /** What it asks for: another wish is another number. */
  readonly what: What;
  /** How often it was sent. */
  readonly sent: number;
}

/**
 * Whether an answer tells what became of a number. What stops a first sending before it runs is clear; after a second one it says
 * nothing of the first, and a proof that is asked for is asked for before the number is looked up.
 */
export function isClear(outcome: Outcome<unknown>, { sent }: { readonly sent: number }): boolean {
  if ('done' in outcome) return true;
  const isFirst = sent <= 1;
  if ('fault' in outcome) return isFirst && outcome.fault.kind === 'REFUSED';
  return isFirst || outcome.refusal.__typename !== 'StepUpRequired';
}

/** Reads what was kept. A broken note is no note. */
export function readOpen<What>(text: string | null): OpenRequest<What> | null {
  try {
    const kept = JSON.parse(text ?? 'null') as Partial<OpenRequest<What>> | null;
    const isWhole = typeof kept?.id === 'string' && typeof kept.sent === 'number' && kept.what;
    return isWhole ? (kept as OpenRequest<What>) : null;
  } catch {
    return null;
  }
}
