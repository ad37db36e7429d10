import { operation, type PageOf, type Refusal } from '@7pay/ui';

/** A duty as the graph names it. */
export type DutyName = 'SUPPORT' | 'SECURITY' | 'FINANCE' | 'ONBOARDING' | 'AUDITOR';
/** Somebody who works here. */
export interface Operator {
  readonly id: string;
  readonly displayName: string;
  readonly duties: readonly DutyName[];
}
interface Named {
  readonly id: string;
  readonly displayName: string;
}
/** A change of what somebody works here for. */
export interface DutyChange {
  readonly id: string;
  readonly member: Named | null;
  readonly before: readonly DutyName[];
  readonly after: readonly DutyName[];
  readonly by: Named | null;
  readonly note: string;
  readonly at: string;
  readonly state: 'PROPOSED' | 'MADE' | 'WITHDRAWN';
  readonly isOpen: boolean;
  readonly decidedBy: Named | null;
  readonly decidedAt: string | null;
}

const named = 'id displayName';
const changeFields = `id member { ${named} } before after by { ${named} } note at state isOpen
  decidedBy { ${named} } decidedAt`;
const changed = `__typename ... on DutiesChanged { change { ${changeFields} } } ... on Refusal { code message }`;
type Changed = { __typename: 'DutiesChanged'; change: DutyChange } | Refusal;
type Decision = { input: { id: string; reason: string } };

export const operatorsQuery = operation<{ operators: PageOf<Operator> }, { after: string | null }>(
  `query Operators($after: String) {
    operators(first: 50, after: $after) {
      nodes { ${named} duties } pageInfo { hasNextPage endCursor }
    }
  }`,
);
export const dutyChangesQuery = operation<
  { dutyChanges: PageOf<DutyChange> },
  { after: string | null }
>(
  `query DutyChanges($after: String) {
    dutyChanges(first: 20, after: $after) {
      nodes { ${changeFields} } pageInfo { hasNextPage endCursor }
    }
  }`,
);
export const changeDuties = operation<
  { changeDuties: Changed },
  { input: { memberId: string; duties: readonly DutyName[]; reason: string } }
>(
  `mutation ChangeDuties($input: ChangeDutiesInput!) { changeDuties(input: $input) { ${changed} } }`,
);
export const approveDutyChange = operation<{ approveDutyChange: Changed }, Decision>(
  `mutation ApproveDutyChange($input: DecideDutyChangeInput!) {
    approveDutyChange(input: $input) { ${changed} }
  }`,
);
export const withdrawDutyChange = operation<{ withdrawDutyChange: Changed }, Decision>(
  `mutation WithdrawDutyChange($input: DecideDutyChangeInput!) {
    withdrawDutyChange(input: $input) { ${changed} }
  }`,
);
