/**
 * What is done to the planner's input because it plans wrongly otherwise, and to its plans because they cost more than they
 * have to. Each can be switched off, so that a later planner can be tried without it.
 */
export interface Repairs {
  /**
   * A type that has a resolvable key in a subgraph loses its other keys there: the planner would enter the subgraph
   * again by a key that the subgraph cannot resolve.
   */
  readonly dropUnresolvableKeys: boolean;
  /**
   * A field that some `@requires` asks for with arguments gets another name inside: the client's arguments and
   * those of the `@requires` would meet under one key.
   */
  readonly separateArguments: boolean;
  /** A field under the client's own name gets another name inside: `id: name` would take the place of the key `id`. */
  readonly separateAliases: boolean;
  /** An operation that asks for data and got an empty plan is an error, and never silent nulls. */
  readonly refuseEmptyPlans: boolean;
  /** Fetches that a plan makes at once of one subgraph go there in one call (docs/adr/0028-work-that-need-not-be-done.md). */
  readonly joinFetches: boolean;
}

export const ALL_REPAIRS: Repairs = {
  dropUnresolvableKeys: true,
  separateArguments: true,
  separateAliases: true,
  refuseEmptyPlans: true,
  joinFetches: true,
};
