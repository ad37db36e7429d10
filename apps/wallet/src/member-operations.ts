import { operation, type Refusal } from '@7pay/ui';

const refusal = '... on Refusal { code message }';

/** Why nothing leaves the wallet. */
export interface Freeze {
  at: string;
  reasonJa: string | null;
  reasonEn: string | null;
}
/** Yen; null: no limit. */
export interface Limits {
  perPayment: number | null;
  perDay: number | null;
  per30Days: number | null;
  leftToday: number | null;
  left30Days: number | null;
  pending: {
    perPayment: number | null;
    perDay: number | null;
    per30Days: number | null;
    from: string;
  } | null;
}

export const safetyQuery = operation<{
  wallet: {
    id: string;
    state: 'OPEN' | 'FROZEN' | 'CLOSED';
    ownFreeze: Freeze | null;
    operatorFreeze: Freeze | null;
    cooling: { until: string; limit: number } | null;
    limits: Limits;
  } | null;
}>(
  `query WalletSafety {
    wallet {
      id state
      ownFreeze { at reasonJa reasonEn } operatorFreeze { at reasonJa reasonEn }
      cooling { until limit }
      limits {
        perPayment perDay per30Days leftToday left30Days
        pending { perPayment perDay per30Days from }
      }
    }
  }`,
);

export const freezeMyWallet = operation<{
  freezeMyWallet: { __typename: 'MyWalletFrozen'; freeze: { at: string } } | Refusal;
}>(
  `mutation FreezeMyWallet {
    freezeMyWallet { __typename ... on MyWalletFrozen { freeze { at } } ${refusal} }
  }`,
);

export const thawMyWallet = operation<{
  thawMyWallet: { __typename: 'MyWalletThawed'; wallet: { id: string; state: string } } | Refusal;
}>(
  `mutation ThawMyWallet {
    thawMyWallet { __typename ... on MyWalletThawed { wallet { id state } } ${refusal} }
  }`,
);

export const setMyPaymentLimits = operation<
  { setMyPaymentLimits: { __typename: 'PaymentLimitsSet'; wallet: { id: string } } | Refusal },
  { input: Pick<Limits, 'perPayment' | 'perDay' | 'per30Days'> }
>(
  `mutation SetMyPaymentLimits($input: PaymentLimitsInput!) {
    setMyPaymentLimits(input: $input) {
      __typename ... on PaymentLimitsSet { wallet { id } } ${refusal}
    }
  }`,
);

/** One movement of the balance. */
export interface Movement {
  id: string;
  kind: MovementKind;
  amount: number;
  balanceAfter: number;
  at: string;
  topUpId: string | null;
  payment: { id: string } | null;
  /** Null while the merchant subgraph does not answer. */
  store: { id: string; name: string } | null;
  case: { id: string; state: 'OPEN' | 'CLOSED' } | null;
}
export type MovementKind =
  | 'PAYMENT'
  | 'PAYMENT_REFUND'
  | 'PAYMENT_CANCEL'
  | 'TOP_UP'
  | 'TOP_UP_REVERSAL'
  | 'POINTS_EXCHANGE'
  | 'BALANCE_REFUND'
  | 'CORRECTION';

export const movementsQuery = operation<
  {
    wallet: {
      id: string;
      movements: {
        nodes: Movement[];
        pageInfo: { hasNextPage: boolean; endCursor: string | null };
      };
    } | null;
  },
  { after: string | null }
>(
  `query WalletMovements($after: String) {
    wallet {
      id
      movements(first: 20, after: $after) {
        nodes {
          id kind amount balanceAfter at topUpId
          payment { id } store { id name } case { id state }
        }
        pageInfo { hasNextPage endCursor }
      }
    }
  }`,
);

export const reportUnrecognised = operation<
  {
    reportUnrecognised:
      | { __typename: 'UnrecognisedReported'; case: { id: string; state: string } }
      | Refusal;
  },
  { input: { subject: string; note: string; freeze: boolean } }
>(
  `mutation ReportUnrecognised($input: ReportUnrecognisedInput!) {
    reportUnrecognised(input: $input) {
      __typename ... on UnrecognisedReported { case { id state } } ${refusal}
    }
  }`,
);

interface Given<Field extends string> {
  statement: { __typename: 'StatementGiven'; statement: Record<Field, string> } | Refusal;
}
export const statementCsvQuery = operation<Given<'csv'>, { month: string }>(
  `query WalletStatementCsv($month: String!) {
    statement(month: $month) { __typename ... on StatementGiven { statement { csv } } ${refusal} }
  }`,
);
export const statementPdfQuery = operation<Given<'pdf'>, { month: string }>(
  `query WalletStatementPdf($month: String!) {
    statement(month: $month) { __typename ... on StatementGiven { statement { pdf } } ${refusal} }
  }`,
);
