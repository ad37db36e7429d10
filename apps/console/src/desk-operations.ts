import { operation, type PageOf, type Refusal } from '@7pay/ui';
import type { Person } from './operations.ts';

/** A movement that its member does not recognise. */
export interface WalletCase {
  readonly id: string;
  readonly subject: string;
  readonly note: string;
  readonly state: 'OPEN' | 'CLOSED';
  readonly openedAt: string;
  readonly outcome: CaseOutcome | null;
  readonly closedAt: string | null;
  readonly closedBy: Person | null;
  readonly closingNote: string | null;
  readonly takenBy: Person | null;
  readonly wallet: { readonly id: string; readonly state: string } | null;
}
export type CaseOutcome = 'RECOGNISED' | 'REFUNDED' | 'COMPENSATED' | 'REJECTED';

/** Money of a top-up that waits for people. */
export interface TopUpCase {
  readonly id: string;
  readonly source: string;
  readonly reason: TopUpCaseReason;
  readonly amount: number;
  readonly partyReference: string | null;
  readonly state: 'OPEN' | 'RESOLVED';
  readonly openedAt: string;
  readonly resolution: TopUpResolution | null;
  readonly resolvedAt: string | null;
  readonly resolvedBy: Person | null;
  readonly note: string;
  readonly takenBy: Person | null;
  readonly walletId: string | null;
  readonly proposal: { readonly by: Person; readonly note: string } | null;
}
export type TopUpCaseReason =
  | 'WALLET_REFUSED'
  | 'NEVER_ASKED'
  | 'AMOUNT_DIFFERS'
  | 'TAKEN_AFTER_DECLINED'
  | 'NOT_TAKEN_AFTER_SETTLED'
  | 'VOID_TOO_LATE';
export type TopUpResolution = 'TO_WALLET' | 'RETURN' | 'WRITE_OFF';

/** A payment that waits for its member or for the desk. */
export interface HeldPayment {
  readonly id: string;
  readonly amount: number;
  readonly acceptedAt: string;
  readonly store: { readonly id: string; readonly name: string } | null;
  readonly walletId: string | null;
  readonly review: { readonly reasons: readonly ReviewReason[]; readonly until: string } | null;
}
export type ReviewReason = 'UNUSUAL_AMOUNT' | 'NEW_DEVICE' | 'LIMIT_RAISED' | 'CONTACT_CHANGED';

/** A wallet, and what was done to it. */
export interface FrozenWallet {
  readonly id: string;
  readonly state: 'OPEN' | 'FROZEN' | 'CLOSED';
  readonly ownFreeze: { readonly at: string } | null;
  readonly operatorFreeze: {
    readonly at: string;
    readonly reasonJa: string | null;
    readonly reasonEn: string | null;
    readonly actor: Person | null;
  } | null;
  readonly freezeHistory: readonly {
    readonly id: string;
    readonly action: 'FREEZE' | 'THAW';
    readonly side: 'MEMBER' | 'OPERATOR';
    readonly at: string;
    readonly actor: Person | null;
    readonly reasonJa: string | null;
    readonly reasonEn: string | null;
  }[];
}

/** A line that does not match between our books and a file of another party. */
export interface ReconciliationException {
  readonly id: string;
  readonly party: string;
  readonly class: ExceptionClass;
  readonly number: number | null;
  readonly ourId: string | null;
  readonly theirId: string | null;
  readonly theirs: number | null;
  readonly ours: number | null;
  readonly reason: string | null;
  readonly at: string;
  readonly state: 'OPEN' | 'RESOLVED';
  readonly note: string;
  readonly resolvedAt: string | null;
  readonly resolvedBy: Person | null;
}
export type ExceptionClass =
  | 'AMOUNT_DIFFERS'
  | 'UNKNOWN_TO_US'
  | 'NOT_BOOKED'
  | 'DOUBLED'
  | 'MISSING_THERE'
  | 'UNDECIDED'
  | 'UNREADABLE';

const person = '{ id displayName }';
const pageInfo = 'pageInfo { hasNextPage endCursor }';
const refusal = '... on Refusal { code message }';
const caseFields = `id subject note state openedAt outcome closedAt closedBy ${person} closingNote
  takenBy ${person} wallet { id state }`;
const topUpCaseFields = `id source reason amount partyReference state openedAt resolution resolvedAt
  resolvedBy ${person} note takenBy ${person} walletId proposal { by ${person} note }`;
const walletFields = `id state ownFreeze { at }
  operatorFreeze { at reasonJa reasonEn actor ${person} }
  freezeHistory { id action side at actor ${person} reasonJa reasonEn }`;
const exceptionFields = `id party class number ourId theirId theirs ours reason at state note resolvedAt
  resolvedBy ${person}`;

export const walletCasesQuery = operation<
  { walletCases: PageOf<WalletCase> },
  { state: WalletCase['state'] | null; after: string | null }
>(
  `query WalletCases($state: WalletCaseState, $after: String) {
    walletCases(first: 20, after: $after, state: $state) { nodes { ${caseFields} } ${pageInfo} }
  }`,
);

export const takeWalletCase = operation<
  { takeWalletCase: { __typename: 'WalletCaseTaken'; case: WalletCase } | Refusal },
  { caseId: string }
>(
  `mutation TakeWalletCase($caseId: ID!) {
    takeWalletCase(caseId: $caseId) {
      __typename ... on WalletCaseTaken { case { ${caseFields} } } ${refusal}
    }
  }`,
);

export const closeWalletCase = operation<
  { closeWalletCase: { __typename: 'WalletCaseClosed'; case: WalletCase } | Refusal },
  { input: { caseId: string; outcome: CaseOutcome; note: string } }
>(
  `mutation CloseWalletCase($input: CloseWalletCaseInput!) {
    closeWalletCase(input: $input) {
      __typename ... on WalletCaseClosed { case { ${caseFields} } } ${refusal}
    }
  }`,
);

export const topUpCasesQuery = operation<
  { topUpCases: PageOf<TopUpCase> },
  { state: TopUpCase['state'] | null; after: string | null }
>(
  `query TopUpCases($state: TopUpCaseState, $after: String) {
    topUpCases(first: 20, after: $after, state: $state) { nodes { ${topUpCaseFields} } ${pageInfo} }
  }`,
);

export const takeTopUpCase = operation<
  { takeTopUpCase: { __typename: 'TopUpCaseTaken'; case: TopUpCase } | Refusal },
  { caseId: string }
>(
  `mutation TakeTopUpCase($caseId: ID!) {
    takeTopUpCase(caseId: $caseId) {
      __typename ... on TopUpCaseTaken { case { ${topUpCaseFields} } } ${refusal}
    }
  }`,
);

export const resolveTopUpCase = operation<
  { resolveTopUpCase: { __typename: 'TopUpCaseResolved'; case: TopUpCase } | Refusal },
  { input: { caseId: string; resolution: TopUpResolution; note: string } }
>(
  `mutation ResolveTopUpCase($input: ResolveTopUpCaseInput!) {
    resolveTopUpCase(input: $input) {
      __typename ... on TopUpCaseResolved { case { ${topUpCaseFields} } } ${refusal}
    }
  }`,
);

export const heldPaymentsQuery = operation<
  { paymentsUnderReview: PageOf<HeldPayment> },
  { after: string | null }
>(
  `query HeldPayments($after: String) {
    paymentsUnderReview(first: 20, after: $after) {
      nodes { id amount acceptedAt store { id name } walletId review { reasons until } }
      ${pageInfo}
    }
  }`,
);

export const decideHeldPayment = operation<
  {
    decideHeldPayment:
      | { __typename: 'PaymentReviewDecided'; payment: { id: string; state: string } }
      | Refusal;
  },
  { input: { paymentId: string; decision: 'ALLOWED' | 'REFUSED'; note: string } }
>(
  `mutation DecideHeldPayment($input: DecideHeldPaymentInput!) {
    decideHeldPayment(input: $input) {
      __typename ... on PaymentReviewDecided { payment { id state } } ${refusal}
    }
  }`,
);

export const walletByIdQuery = operation<{ walletById: FrozenWallet | null }, { id: string }>(
  `query WalletById($id: ID!) { walletById(id: $id) { ${walletFields} } }`,
);

export const freezeWallet = operation<
  { freezeWallet: { __typename: 'WalletFreezeChanged'; wallet: FrozenWallet } | Refusal },
  { input: { walletId: string; reasonJa: string; reasonEn: string } }
>(
  `mutation FreezeWallet($input: FreezeWalletInput!) {
    freezeWallet(input: $input) {
      __typename ... on WalletFreezeChanged { wallet { ${walletFields} } } ${refusal}
    }
  }`,
);

export const thawWallet = operation<
  { thawWallet: { __typename: 'WalletFreezeChanged'; wallet: FrozenWallet } | Refusal },
  { walletId: string }
>(
  `mutation ThawWallet($walletId: ID!) {
    thawWallet(walletId: $walletId) {
      __typename ... on WalletFreezeChanged { wallet { ${walletFields} } } ${refusal}
    }
  }`,
);

export const exceptionsQuery = operation<
  { reconciliationExceptions: PageOf<ReconciliationException> },
  { state: ReconciliationException['state']; after: string | null }
>(
  `query ReconciliationExceptions($state: ReconciliationExceptionState!, $after: String) {
    reconciliationExceptions(first: 20, after: $after, state: $state) {
      nodes { ${exceptionFields} } ${pageInfo}
    }
  }`,
);

export const resolveException = operation<
  {
    resolveReconciliationException:
      | { __typename: 'ReconciliationExceptionResolved'; exception: ReconciliationException }
      | Refusal;
  },
  { input: { id: string; note: string } }
>(
  `mutation ResolveException($input: ResolveReconciliationExceptionInput!) {
    resolveReconciliationException(input: $input) {
      __typename ... on ReconciliationExceptionResolved { exception { ${exceptionFields} } } ${refusal}
    }
  }`,
);
