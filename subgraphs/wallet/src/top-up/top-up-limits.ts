/** Limits of one source of top-ups, in force from a business date. Yen. */
export interface TopUpLimits {
  readonly from: string;
  readonly largest: number;
  readonly step: number;
  readonly owner: string;
  readonly source: string;
}

/** Dated limits for cash at registers; the newest one that has begun applies. */
export const REGISTER_LIMITS: readonly TopUpLimits[] = [
  {
    from: '2019-07-01',
    largest: 49_000,
    step: 1_000,
    owner: 'risk',
    source: 'docs/adr/0008-limits.md: the limits of July 2019',
  },
];

/** The limits in force on a business date. */
export function limitsOn(
  table: readonly TopUpLimits[],
  businessDate: string,
): TopUpLimits | undefined {
  return table.filter(({ from }) => from <= businessDate).at(-1);
}
