/** Wrong tries that a network may make. Held in memory: what it protects is the work of this process. */
export interface SourceBudget {
  /** Whether another try from this network may cost a hash, when only this share of the budget counts. */
  admits(network: string, atMs: number, share?: number): boolean;
  /** A try from there was wrong. Until the next one, this share of what is spent comes back. */
  spend(network: string, atMs: number, share?: number): void;
  /** Whether all that was spent has come back. */
  isFull(network: string, atMs: number): boolean;
  /** How many networks are remembered. */
  readonly size: number;
}

interface Budget {
  left: number;
  at: number;
  share: number;
}

/**
 * A bucket for each network: `wrongTries` at once, filled again over `perMs`. Only wrong tries spend, so that thousands
 * of members behind one carrier's address do not lock each other out; and a network is never the only limit, each
 * account has its own. Beyond `networksMax` the one that was quiet for longest is forgotten.
 */
export function sourceBudget({
  wrongTries = 30,
  perMs = 60_000,
  networksMax = 50_000,
}: { wrongTries?: number; perMs?: number; networksMax?: number } = {}): SourceBudget {
  const budgets = new Map<string, Budget>();
  const leftOf = (network: string, atMs: number): number => {
    const kept = budgets.get(network);
    if (!kept) return wrongTries;
    const refilled = (Math.max(0, atMs - kept.at) / perMs) * wrongTries * kept.share;
    return Math.min(wrongTries, kept.left + refilled);
  };
  return {
    admits: (network, atMs, share = 1) => {
      const kept = wrongTries - Math.max(1, Math.round(wrongTries * share));
      return leftOf(network, atMs) >= kept + 1;
    },
    spend: (network, atMs, share = 1) => {
      const left = Math.max(0, leftOf(network, atMs) - 1);
      budgets.delete(network); // and to the end: the order of the map is the order of the last wrong try
      budgets.set(network, { left, at: atMs, share });
      if (budgets.size > networksMax) budgets.delete(budgets.keys().next().value ?? '');
    },
    isFull: (network, atMs) => leftOf(network, atMs) >= wrongTries,
    get size() {
      return budgets.size;
    },
  };
}
