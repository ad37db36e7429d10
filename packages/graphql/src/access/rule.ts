import { forbidden, loginTooOld, unauthenticated } from '../errors.ts';
import { acrAtLeast, holdsDuty, type Viewer } from '../viewer.ts';
import type { Duty } from './duty.ts';

/** Whose a thing is, as far as a rule asks. */
export interface Belonging {
  readonly memberId?: string | null;
  readonly merchantId?: string;
  readonly storeId?: string;
}

/** One kind of caller who may have a field. Data and no function, so that a table can be made of it. */
export type Grant =
  /** Everybody, without a token too. */
  | { readonly who: 'anybody' }
  /** Whoever has a token that holds, unless it is for one payment. */
  | { readonly who: 'caller' }
  /**
   * A member, through an app with the scope; below `stepUp` the use case answers STEP_UP_REQUIRED. Who logged in longer ago
   * than `freshSeconds` logs in again first.
   */
  | {
      readonly who: 'member';
      readonly scope: string | null;
      readonly acr: Level;
      readonly stepUp: Level;
      readonly freshSeconds: number | null;
    }
  /** The member it belongs to. */
  | { readonly who: 'owner'; readonly scope: string | null; readonly acr: Level }
  /** A partner whose token is for one payment that its member agreed to (scope `wallet`). */
  | { readonly who: 'agreement' }
  /** An operator who holds one of the duties. */
  | {
      readonly who: 'operator';
      readonly duties: readonly [Duty, ...Duty[]];
      readonly freshSeconds: number | null;
    }
  /** A register: any, or one of the store or of the merchant it belongs to. */
  | { readonly who: 'terminal'; readonly of: 'anybody' | 'store' | 'merchant' };
type Level = 1 | 2 | 3;

/** Who may have a field or an entity, and what everybody else is told. */
export interface Rule {
  readonly grants: readonly Grant[];
  /** `refuse`: UNAUTHENTICATED or FORBIDDEN. `hide`: null, as if it did not exist. */
  readonly otherwise: 'refuse' | 'hide';
}

export const anybody: Grant = { who: 'anybody' };
export const anyCaller: Grant = { who: 'caller' };
export const agreement: Grant = { who: 'agreement' };

/** An operator who holds one of these duties. */
export const operator = (...duties: readonly [Duty, ...Duty[]]): Grant => ({
  who: 'operator',
  duties,
  freshSeconds: null,
});

/** An operator who holds one of these duties and logged in at most so long ago. */
export const freshOperator = (
  freshSeconds: number,
  ...duties: readonly [Duty, ...Duty[]]
): Grant => ({ who: 'operator', duties, freshSeconds });

/** A member whose app was given the scope (null: any app), proven at `acr` or above. */
export const member = (
  scope: string | null,
  {
    acr = 1,
    stepUp = acr,
    freshSeconds = null,
  }: { acr?: Level; stepUp?: Level; freshSeconds?: number | null } = {},
): Grant => ({ who: 'member', scope, acr, stepUp, freshSeconds });

/** The member to whom the thing belongs, whose app was given the scope (null: any app), proven at `acr` or above. */
export const owner = (scope: string | null, acr: Level): Grant => ({ who: 'owner', scope, acr });

/** A terminal; of the store or the merchant to whom the thing belongs, if said. */
export const terminal = (of: 'anybody' | 'store' | 'merchant' = 'anybody'): Grant => ({
  who: 'terminal',
  of,
});

/** Others are refused: they may know that it exists. */
export const only = (...grants: readonly Grant[]): Rule => ({ grants, otherwise: 'refuse' });

/** To others it does not exist: null, never a hint. */
export const shownTo = (...grants: readonly Grant[]): Rule => ({ grants, otherwise: 'hide' });

/** Whether the rule lets this viewer have a thing of this belonging, however long ago they logged in. */
export const allows = (rule: Rule, viewer: Viewer, thing: Belonging): boolean =>
  rule.grants.some((grant) => grants(grant, viewer, thing));

/** Whether some of its grants ask when somebody logged in. */
export const asksForFreshLogin = ({ grants: all }: Rule): boolean =>
  all.some((grant) => freshSecondsOf(grant) !== null);

/**
 * Lets the viewer pass, or says that they may not.
 * @throws UNAUTHENTICATED or FORBIDDEN of a rule that refuses, REAUTHENTICATION_REQUIRED where only the login is too old
 */
export function passes(
  rule: Rule,
  viewer: Viewer,
  { thing, now }: { thing: Belonging; now: Date },
): boolean {
  const ages = rule.grants
    .filter((grant) => grants(grant, viewer, thing))
    .map((grant) => freshSecondsOf(grant) ?? Infinity);
  if (ages.length === 0) return withhold(rule, viewer);
  const most = Math.max(...ages);
  if (most === Infinity || ageOfLogin(viewer, now) <= most) return true;
  throw loginTooOld(most);
}

const freshSecondsOf = (grant: Grant): number | null =>
  'freshSeconds' in grant ? grant.freshSeconds : null;

const ageOfLogin = (viewer: Viewer, now: Date): number =>
  viewer.kind === 'member' ? now.getTime() / 1_000 - viewer.authTime : Infinity;

function grants(grant: Grant, viewer: Viewer, thing: Belonging): boolean {
  switch (grant.who) {
    case 'anybody':
      return true;
    case 'caller':
      return viewer.kind !== 'anonymous' && viewer.kind !== 'agreement';
    case 'agreement':
      return viewer.kind === 'agreement' && viewer.scopes.includes('wallet');
    case 'member':
      return isMember(viewer, grant);
    case 'owner':
      return isMember(viewer, grant) && viewer.memberId === thing.memberId;
    case 'operator':
      return holdsDuty(viewer, grant.duties);
    case 'terminal':
      return (
        viewer.kind === 'terminal' &&
        viewer.scopes.includes('terminal') &&
        (grant.of !== 'merchant' || viewer.merchantId === thing.merchantId) &&
        (grant.of !== 'store' || viewer.storeId === thing.storeId)
      );
  }
}

const isMember = (
  viewer: Viewer,
  { scope, acr }: { scope: string | null; acr: Level },
): viewer is Extract<Viewer, { kind: 'member' }> =>
  viewer.kind === 'member' &&
  (scope === null || viewer.scopes.includes(scope)) &&
  // The first level is that of any login; a token without a known acr is one too.
  (acr === 1 || acrAtLeast(viewer, acr));

function withhold(rule: Rule, viewer: Viewer): false {
  if (rule.otherwise === 'hide') return false;
  throw viewer.kind === 'anonymous' ? unauthenticated() : forbidden();
}
