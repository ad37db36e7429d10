import { cpus, totalmem } from 'node:os';

/** One measured figure. `aim` says what we want of it; `met` is null where there is no aim. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly aim: string | null;
  readonly met: boolean | null;
}

/** A figure without an aim: told, not judged. */
export const told = (name: string, value: number, unit: string): Figure => ({
  name,
  value: rounded(value),
  unit,
  aim: null,
  met: null,
});

/** A figure that should be at least so much. */
export const atLeast = (name: string, value: number, unit: string, least: number): Figure => ({
  name,
  value: rounded(value),
  unit,
  aim: `at least ${least}`,
  met: value >= least,
});

/** A figure that should be at most so much. */
export const atMost = (name: string, value: number, unit: string, most: number): Figure => ({
  name,
  value: rounded(value),
  unit,
  aim: `at most ${most}`,
  met: value <= most,
});

/** The `share`-th smallest of the values; 0.99 for p99. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Prints one JSON object, or a table for people. */
export function report(bench: string, figures: readonly Figure[], asJson: boolean): void {
  const [cpu] = cpus();
  const machine = `${cpus().length} × ${cpu?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, node ${process.versions.node}`;
  if (asJson) {
    process.stdout.write(`${JSON.stringify({ bench, machine, figures })}\n`);
    return;
  }
  const lines = figures.map(({ name, value, unit, aim, met }) => {
    const verdict = aim === null ? '' : `${aim}: ${met ? 'met' : 'missed'}`;
    return `  ${name.padEnd(76)} ${String(value).padStart(10)} ${unit.padEnd(12)} ${verdict}`;
  });
  process.stdout.write(`\n${bench} on ${machine}\n\n${lines.join('\n')}\n\n`);
}

const rounded = (value: number): number => Number(value.toPrecision(4));
