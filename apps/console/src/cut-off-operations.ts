import { operation, type Refusal } from '@7pay/ui';
import type { Person } from './operations.ts';

export type LoginMethod = 'PASSWORD' | 'PASSKEY' | 'EXTERNAL';
export type CutOffEffect = 'END_LOGINS' | 'BLOCK_NEW' | 'RESET_PASSWORD';
export type TakingBack = 'CANCEL' | 'EXPIRE';

/** Which logins are meant: each list that is not empty is a condition. */
export interface Cohort {
  readonly methods: readonly LoginMethod[];
  readonly providers: readonly string[];
  readonly clients: readonly string[];
  readonly networks: readonly string[];
  readonly countries: readonly string[];
  readonly from: string | null;
  readonly until: string | null;
}

/** A cut through the logins of everybody, as operators see it. */
export interface CutOff {
  readonly id: string;
  readonly state: 'PROPOSED' | 'ACTIVE' | 'CANCELLED';
  readonly meansEverybody: boolean;
  readonly cohort: Cohort;
  readonly effects: readonly CutOffEffect[];
  readonly scopes: readonly string[];
  readonly reasonJa: string;
  readonly reasonEn: string;
  readonly cutAt: string;
  readonly expiresAt: string | null;
  readonly proposedAt: string;
  readonly proposedBy: Person;
  readonly approvedBy: Person | null;
  readonly takingBackHow: TakingBack | null;
  readonly takingBackProposedAt: string | null;
  readonly takingBackProposedBy: Person | null;
}

/** What is asked about logins; `everything` has to be said. */
export type CohortInput = Partial<Cohort> & { readonly everything: boolean };
export interface ProposeCutOffInput {
  readonly cohort: CohortInput;
  readonly effects: readonly CutOffEffect[];
  readonly scopes: readonly string[];
  readonly reasonJa: string;
  readonly reasonEn: string;
  readonly expiresAt: string | null;
}

const person = '{ id displayName }';
const cutOffFields = `id state meansEverybody effects scopes reasonJa reasonEn cutAt expiresAt proposedAt
  cohort { methods providers clients networks countries from until }
  proposedBy ${person} approvedBy ${person} takingBackHow takingBackProposedAt takingBackProposedBy ${person}`;
const changed = `__typename ... on CutOffChanged { cutOff { ${cutOffFields} } }
      ... on Refusal { code message }`;
type Changed = { __typename: 'CutOffChanged'; cutOff: CutOff } | Refusal;

export const cutOffsQuery = operation<{ cutOffs: readonly CutOff[] }>(
  `query CutOffs { cutOffs { ${cutOffFields} } }`,
);

/** The dry run: counted, and nothing happens to anybody. */
export const cohortSizeQuery = operation<
  { cohortSize: { readonly logins: number; readonly members: number } },
  { cohort: CohortInput }
>('query CohortSize($cohort: CohortInput!) { cohortSize(cohort: $cohort) { logins members } }');

export const proposeCutOff = operation<{ result: Changed }, { input: ProposeCutOffInput }>(
  `mutation ProposeCutOff($input: ProposeCutOffInput!) {
    result: proposeCutOff(input: $input) { ${changed} }
  }`,
);
export const approveCutOff = operation<{ result: Changed }, { id: string }>(
  `mutation ApproveCutOff($id: ID!) { result: approveCutOff(input: { id: $id }) { ${changed} } }`,
);
export const cancelCutOff = operation<{ result: Changed }, { id: string }>(
  `mutation CancelCutOff($id: ID!) { result: cancelCutOff(input: { id: $id }) { ${changed} } }`,
);
export const expireCutOff = operation<{ result: Changed }, { id: string }>(
  `mutation ExpireCutOff($id: ID!) { result: expireCutOff(input: { id: $id }) { ${changed} } }`,
);
