import type { Belonging, FieldAccess, Grant, Rule } from '@7pay/graphql';
import type { Caller } from './callers.ts';

/** One field, through one way that leads to it; with the rules on that way. */
export interface Way {
  readonly steps: readonly Step[];
}
export interface Step extends FieldAccess {
  readonly subgraph: string;
}

/** What became of one field for one caller. */
export interface Outcome {
  readonly given: boolean;
  /** How many steps of the way led to something: what holds the field may be absent. */
  readonly reached: number;
  /** The code, if it was refused. */
  readonly code: string | undefined;
  readonly typename?: string | undefined;
}

/** One field, one way, one caller. */
export interface Cell {
  readonly door: 'gateway' | 'subgraph';
  readonly caller: Caller;
  readonly way: Way;
  /** Whose the things on the way are. */
  readonly thing: Belonging;
  /** Whether every caller is asking for the very same thing. */
  readonly isShared: boolean;
  readonly outcome: Outcome;
}

export const nameOf = ({ type, field, subgraph }: Step): string => `${subgraph}:${type}.${field}`;

/** What the table says of a step; a test may change it, to see whether anybody notices. */
export type RuleOf = (step: Step) => Rule | null;

/** What is wrong with the cells by the table. */
export function faultsOf(
  cells: readonly Cell[],
  ruleOf: RuleOf = ({ rule }) => rule,
): readonly string[] {
  const shared = cells.filter(({ isShared, outcome }) => isShared && outcome.given);
  const given = new Set(shared.map((cell) => wayOf(cell)));
  return cells.flatMap((cell) => faultOf(cell, ruleOf, given) ?? []);
}

const REFUSALS = new Set<unknown>(['UNAUTHENTICATED', 'FORBIDDEN', 'REAUTHENTICATION_REQUIRED']);

const wayOf = ({ door, way }: Cell): string => `${door} ${way.steps.map(nameOf).join(' > ')}`;

function faultOf(
  cell: Cell,
  ruleOf: RuleOf,
  givenToSomebody: ReadonlySet<string>,
): string | undefined {
  const { caller, way, thing, outcome } = cell;
  const closedAt = way.steps.findIndex((step) => !may(caller, ruleOf(step), thing));
  const closed = way.steps[closedAt];
  const refused = REFUSALS.has(outcome.code);
  const at = `${caller.name}: ${wayOf(cell)}`;
  // Of what is in the way the first is told.
  const staleAt = way.steps.findIndex((step) => isTooLate(caller, ruleOf(step), thing));
  const stale = way.steps[staleAt];
  if (stale && (!closed || staleAt < closedAt)) {
    if (outcome.given) return `${at}: given, though the login is too old for ${nameOf(stale)}`;
    const isTold = outcome.code === 'REAUTHENTICATION_REQUIRED';
    return isTold ? undefined : `${at}: ${outcome.code}, not REAUTHENTICATION_REQUIRED`;
  }
  if (closed) {
    if (outcome.given) return `${at}: given, though ${nameOf(closed)} is not theirs`;
    const hides = ruleOf(closed)?.otherwise === 'hide';
    const expected = caller.kind === 'nobody' ? 'UNAUTHENTICATED' : 'FORBIDDEN';
    if (hides && refused) return `${at}: ${outcome.code} tells that it exists`;
    const held = outcome.reached >= closedAt;
    if (!hides && held && outcome.code !== expected)
      return `${at}: ${outcome.code}, not ${expected}`;
    return undefined;
  }
  if (refused) return `${at}: ${outcome.code}, though it is theirs`;
  const [root] = way.steps;
  const isRoot = way.steps.length === 1 && root?.type === 'Query'; // one for the caller, or null
  if (cell.isShared && !isRoot && !outcome.given && givenToSomebody.has(wayOf(cell))) {
    return `${at}: not given, though it is theirs`;
  }
  if (root && way.steps.length === 1 && mustStepUp(caller, ruleOf(root))) {
    return outcome.typename === 'StepUpRequired' ? undefined : `${at}: no step-up`;
  }
  return undefined;
}

const may = (caller: Caller, rule: Rule | null, thing: Belonging): boolean =>
  rule === null || rule.grants.some((grant) => fits(caller, grant, thing));

/** Whether only the age of the login is in the way. */
function isTooLate(caller: Caller, rule: Rule | null, thing: Belonging): boolean {
  const fitting = rule?.grants.filter((grant) => fits(caller, grant, thing)) ?? [];
  const bears = (grant: Grant) =>
    !('freshSeconds' in grant) ||
    grant.freshSeconds === null ||
    caller.loginAgeSeconds <= grant.freshSeconds;
  return fitting.length > 0 && !fitting.some(bears);
}

// Written anew from the words of the rules, so that a mistake of the platform is not repeated here.
function fits(caller: Caller, grant: Grant, thing: Belonging): boolean {
  if (grant.who === 'anybody') return true;
  if (grant.who === 'agreement') return caller.kind === 'agreement';
  if (caller.kind === 'agreement') return false;
  if (grant.who === 'caller') return caller.kind !== 'nobody';
  if (grant.who === 'operator') return grant.duties.some((duty) => caller.duties.includes(duty));
  if (grant.who === 'terminal') {
    if (caller.kind !== 'register') return false;
    if (grant.of === 'store') return same(caller.own.storeId, thing.storeId);
    return grant.of === 'anybody' || same(caller.own.merchantId, thing.merchantId);
  }
  if (caller.kind !== 'person' || caller.acr < grant.acr) return false;
  if (grant.scope !== null && !caller.scopes.includes(grant.scope)) return false;
  return grant.who === 'member' || same(caller.own.memberId, thing.memberId);
}

const same = (a: string | null | undefined, b: string | null | undefined): boolean =>
  typeof a === 'string' && a === b;

const mustStepUp = (caller: Caller, rule: Rule | null): boolean =>
  rule?.grants.some((grant) => grant.who === 'member' && caller.acr < grant.stepUp) ?? false;
