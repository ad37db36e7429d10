import { operation, type PageOf, type Refusal } from '@7pay/ui';

/** What a merchant is owed for one business day. Amounts are yen. */
export interface SettlementBatch {
  readonly id: string;
  readonly merchantId: string;
  readonly businessDate: string;
  readonly state: 'OPEN' | 'CLOSED';
  readonly count: number;
  readonly payments: number;
  readonly refunds: number;
  readonly fee: number;
  readonly feeReturned: number;
  readonly carriedIn: number;
  readonly carriedOut: number;
  readonly settled: number;
}

/** A file of transfers for the bank. */
export interface PayoutFile {
  readonly id: string;
  readonly number: string;
  readonly transferDate: string;
  readonly state: 'FILLING' | 'PREPARED' | 'APPROVED' | 'WRITTEN';
  readonly count: number;
  readonly total: number;
  readonly preparedBy: string;
  readonly approvedBy: string | null;
  readonly writtenAt: string | null;
}

/** One transfer to a merchant, yen. */
export interface Payout {
  readonly id: string;
  readonly merchantId: string;
  readonly amount: number;
  readonly state: PayoutState;
  readonly attempt: number;
  readonly paidTo: string | null;
  readonly createdAt: string;
  readonly note: string;
}
export type PayoutState = 'DUE' | 'SENT' | 'PAID' | 'RETURNED' | 'REPLACED' | 'KEPT';
export type ReturnDecision = 'PAY_AGAIN' | 'KEEP';

const pageInfo = 'pageInfo { hasNextPage endCursor }';
const refusal = '... on Refusal { code message }';
const batchFields = `id merchantId businessDate state count payments refunds fee feeReturned carriedIn
  carriedOut settled`;
const fileFields = 'id number transferDate state count total preparedBy approvedBy writtenAt';
const payoutFields = 'id merchantId amount state attempt paidTo createdAt note';
type FileMoved = { __typename: 'PayoutFileMoved'; file: PayoutFile } | Refusal;
const fileMoved = `__typename ... on PayoutFileMoved { file { ${fileFields} } } ${refusal}`;

export const settlementBatchesQuery = operation<
  { settlementBatches: PageOf<SettlementBatch> },
  { after: string | null }
>(
  `query SettlementBatches($after: String) {
    settlementBatches(first: 50, after: $after) { nodes { ${batchFields} } ${pageInfo} }
  }`,
);

export const payoutFilesQuery = operation<
  { payoutFiles: PageOf<PayoutFile> },
  { after: string | null }
>(
  `query PayoutFiles($after: String) {
    payoutFiles(first: 20, after: $after) { nodes { ${fileFields} } ${pageInfo} }
  }`,
);

export const payoutsQuery = operation<
  { payouts: PageOf<Payout> },
  { state: PayoutState; after: string | null }
>(
  `query Payouts($state: PayoutState, $after: String) {
    payouts(first: 20, after: $after, state: $state) { nodes { ${payoutFields} } ${pageInfo} }
  }`,
);

export const preparePayoutFile = operation<
  { preparePayoutFile: FileMoved },
  { input: { transferDate: string } }
>(
  `mutation PreparePayoutFile($input: PreparePayoutFileInput!) {
    preparePayoutFile(input: $input) { ${fileMoved} }
  }`,
);

export const approvePayoutFile = operation<
  { approvePayoutFile: FileMoved },
  { input: { id: string } }
>(
  `mutation ApprovePayoutFile($input: ApprovePayoutFileInput!) {
    approvePayoutFile(input: $input) { ${fileMoved} }
  }`,
);

export const decideReturnedPayout = operation<
  { decideReturnedPayout: { __typename: 'ReturnedPayoutDecided'; payout: Payout } | Refusal },
  { input: { id: string; decision: ReturnDecision; note: string } }
>(
  `mutation DecideReturnedPayout($input: DecideReturnedPayoutInput!) {
    decideReturnedPayout(input: $input) {
      __typename ... on ReturnedPayoutDecided { payout { ${payoutFields} } } ${refusal}
    }
  }`,
);
