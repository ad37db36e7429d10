import { operation, type Refusal as AnyRefusal } from '@7pay/ui';

/** An expected no; where a function is stopped, with its switch. */
export interface Refusal extends AnyRefusal {
  readonly switch?: FunctionSwitch;
}

/** A switch as a terminal sees it. */
export interface FunctionSwitch {
  readonly key: string;
  readonly nameJa: string;
  readonly nameEn: string;
  readonly state: 'OPEN' | 'CLOSED';
  /** `null` while it was never moved. */
  readonly since: string | null;
  readonly reasonJa: string | null;
  readonly reasonEn: string | null;
}

export interface Terminal {
  readonly id: string;
  readonly label: string;
  readonly store: { readonly id: string; readonly name: string };
}

/** A payment as the register lists it: nothing about the person who paid. */
export interface Payment {
  readonly id: string;
  readonly merchantPaymentId: string;
  readonly amount: number;
  readonly state: 'AUTHORIZED' | 'UNDER_REVIEW' | 'ACCEPTED' | 'CANCELLED' | 'RELEASED';
  readonly acceptedAt: string;
  readonly businessDate: string;
  /** Yen given back so far. */
  readonly refunded: number;
}

export interface TopUp {
  readonly id: string;
  readonly amount: number;
  readonly state: 'PENDING' | 'SETTLED' | 'DECLINED' | 'SUSPENSE';
  readonly requestedAt: string;
}

const terminalFields = 'id label store { id name }';
const paymentFields = 'id merchantPaymentId amount state acceptedAt businessDate refunded';
const switchFields = 'key nameJa nameEn state since reasonJa reasonEn';
const refusals = `... on Refusal { code message }
      ... on FunctionClosed { switch { ${switchFields} } }`;

export const pairTerminal = operation<
  {
    pairTerminal: { __typename: 'TerminalPaired'; clientId: string; terminal: Terminal } | Refusal;
  },
  { input: { pairingCode: string; publicKeyX: string; publicKeyY: string } }
>(
  `mutation PairTerminal($input: PairTerminalInput!) {
    pairTerminal(input: $input) {
      __typename
      ... on TerminalPaired { clientId terminal { ${terminalFields} } }
      ... on Refusal { code message }
    }
  }`,
);

/** What the idle screen shows; a switch that cannot be read is treated as open, the platform decides. */
export const stateQuery = operation<{
  terminal: Terminal | null;
  payment: FunctionSwitch | null;
  topUp: FunctionSwitch | null;
}>(
  `query TerminalState {
    terminal { ${terminalFields} }
    payment: switch(key: "payment") { ${switchFields} }
    topUp: switch(key: "top-up.register") { ${switchFields} }
  }`,
  ['payment', 'topUp'],
);

export const acceptPayment = operation<
  {
    acceptPayment:
      | { __typename: 'PaymentAccepted' | 'PaymentUnderReview'; payment: Payment }
      | Refusal;
  },
  { input: { merchantPaymentId: string; code: string; amount: number } }
>(
  `mutation AcceptPayment($input: AcceptPaymentInput!) {
    acceptPayment(input: $input) {
      __typename
      ... on PaymentAccepted { payment { ${paymentFields} } }
      ... on PaymentUnderReview { payment { ${paymentFields} } }
      ${refusals}
    }
  }`,
);

/** What became of the register's own number. */
export interface PaymentInquiry {
  readonly outcome:
    | 'ACCEPTED'
    | 'CANCELLED'
    | 'REFUSED'
    | 'NEVER_CHARGED'
    | 'UNDER_REVIEW'
    | 'RELEASED';
  readonly payment: Payment | null;
  readonly refusalCode: string | null;
  readonly message: string | null;
}

/** The same, told as soon as it is known. */
export const paymentTold = operation<
  { paymentChanged: PaymentInquiry | null },
  { merchantPaymentId: string }
>(
  `subscription PaymentTold($merchantPaymentId: String!) {
    paymentChanged(merchantPaymentId: $merchantPaymentId) {
      outcome payment { ${paymentFields} } refusalCode message
    }
  }`,
);

/** What becomes of a top-up, told as soon as it is known. */
export const topUpTold = operation<{ topUpChanged: TopUp | null }, { topUpId: string }>(
  `subscription TopUpTold($topUpId: String!) {
    topUpChanged(topUpId: $topUpId) { id amount state requestedAt }
  }`,
);

export const inquiryQuery = operation<
  { paymentByMerchantId: PaymentInquiry | null },
  { merchantPaymentId: string }
>(
  `query PaymentInquiry($merchantPaymentId: String!) {
    paymentByMerchantId(merchantPaymentId: $merchantPaymentId) {
      outcome payment { ${paymentFields} } refusalCode message
    }
  }`,
);

/** A cancel has no refusals: its answer is the final word on a payment number. */
export const cancelPayment = operation<
  {
    cancelPayment: {
      __typename: 'PaymentCancelled';
      outcome: 'NOT_CHARGED' | 'REVERSED';
      amount: number | null;
    };
  },
  { input: { merchantPaymentId: string } }
>(
  `mutation CancelPayment($input: CancelPaymentInput!) {
    cancelPayment(input: $input) { __typename ... on PaymentCancelled { outcome amount } }
  }`,
);

/** A bill, with the text of the QR code to show for it. */
export const createBill = operation<
  {
    createBill:
      | { __typename: 'BillCreated'; qr: string; bill: { id: string; expiresAt: string } }
      | Refusal;
  },
  { input: { merchantPaymentId: string; amount: number } }
>(
  `mutation CreateBill($input: CreateBillInput!) {
    createBill(input: $input) {
      __typename
      ... on BillCreated { qr bill { id expiresAt } }
      ${refusals}
    }
  }`,
);

export const topUpAtRegister = operation<
  { topUpAtRegister: { __typename: 'TopUpAccepted'; topUp: TopUp } | Refusal },
  { input: { topUpId: string; code: string; amount: number } }
>(
  `mutation TopUpAtRegister($input: TopUpAtRegisterInput!) {
    topUpAtRegister(input: $input) {
      __typename
      ... on TopUpAccepted { topUp { id amount state requestedAt } }
      ${refusals}
    }
  }`,
);

/** One page of a store's payments, newest first. */
export interface PaymentPage {
  readonly nodes: readonly Payment[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}
export interface StorePayments {
  readonly terminal: { readonly store: { readonly payments: PaymentPage } } | null;
}
export const paymentsQuery = operation<StorePayments, { after: string | null }>(
  `query StorePayments($after: String) {
    terminal {
      id
      store {
        id
        payments(first: 50, after: $after) {
          nodes { ${paymentFields} }
          pageInfo { hasNextPage endCursor }
        }
      }
    }
  }`,
);
