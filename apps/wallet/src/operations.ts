import { operation, type Refusal } from '@7pay/ui';

/** A switch as members see it. */
export interface FunctionSwitch {
  state: 'OPEN' | 'CLOSED';
  /** `null` while it was never moved. */
  since: string | null;
  reasonJa: string | null;
  reasonEn: string | null;
}

/** One purchase. */
export interface Payment {
  id: string;
  amount: number;
  state: 'AUTHORIZED' | 'UNDER_REVIEW' | 'ACCEPTED' | 'CANCELLED' | 'RELEASED';
  acceptedAt: string;
  businessDate: string;
  /** Yen given back so far. */
  refunded: number;
  /** Null while the merchant subgraph does not answer. */
  store: { id: string; name: string } | null;
  merchant: { id: string; name: string } | null;
}

/** A purchase with the points it earned. */
export interface PaymentWithPoints extends Payment {
  /** Null while the points subgraph does not answer. */
  pointsEarned: number | null;
  pointsState: 'PENDING' | 'AWARDED' | 'REVERSED' | 'NONE' | null;
  /** Why it was looked at, if it was. */
  review?: { reasons: ReviewReason[]; until: string; ending: string | null } | null;
}
export type ReviewReason = 'UNUSUAL_AMOUNT' | 'NEW_DEVICE' | 'LIMIT_RAISED' | 'CONTACT_CHANGED';

/** A programme under which balances are paid back (払戻し). */
export interface RefundProgramme {
  id: string;
  state: 'ANNOUNCED' | 'OPEN' | 'CLOSED';
  title: string;
  issuer: string;
  claimsFrom: string;
  claimsUntil: string;
  contact: string;
  howToClaim: string;
  howPaid: string;
  exclusionNotice: string;
}

/** A claim on one's own balance. */
export interface BalanceRefundClaim {
  id: string;
  amount: number;
  state: 'RECEIVED' | 'PAID';
  claimedAt: string;
  payoutMethod: PayoutMethod;
}
export type PayoutMethod = 'BANK_TRANSFER' | 'POSTAL_CERTIFICATE';

const paymentFields = `id amount state acceptedAt businessDate refunded
  store { id name } merchant { id name }`;
const programmeFields = `id state title issuer claimsFrom claimsUntil contact howToClaim howPaid
  exclusionNotice`;
const claimFields = 'id amount state claimedAt payoutMethod';
const switchFields = 'key state since reasonJa reasonEn';
const refusal = '... on Refusal { code message }';

/** Everything on the first screen. Points and the refund programme may be missing; money may not. */
export const homeQuery = operation<{
  wallet: {
    id: string;
    state: 'OPEN' | 'FROZEN' | 'CLOSED';
    balance: number;
    payments: { nodes: Payment[] };
  } | null;
  me: { id: string; pointsAccount: { id: string; balance: number } | null } | null;
  payment: FunctionSwitch | null;
  refundProgramme: RefundProgramme | null;
  waiting: { nodes: { id: string }[] } | null;
}>(
  `query WalletHome {
    wallet { id state balance payments(first: 3) { nodes { ${paymentFields} } } }
    me { id pointsAccount { id balance } }
    payment: switch(key: "payment") { ${switchFields} }
    refundProgramme { ${programmeFields} }
    waiting: myPaymentsUnderReview(first: 3) { nodes { id } }
  }`,
  ['me', 'payment', 'refundProgramme', 'waiting'],
);

/** What a person who is not signed in may know: whether one can start, and pay. */
export const statusQuery = operation<{
  registration: FunctionSwitch | null;
  opening: FunctionSwitch | null;
  payment: FunctionSwitch | null;
}>(
  `query WalletStatus {
    registration: switch(key: "registration") { ${switchFields} }
    opening: switch(key: "wallet.opening") { ${switchFields} }
    payment: switch(key: "payment") { ${switchFields} }
  }`,
);

/** Whether the register may charge wallets. */
export const topUpSwitchQuery = operation<{ topUp: FunctionSwitch | null }>(
  `query WalletTopUpSwitch { topUp: switch(key: "top-up.register") { ${switchFields} } }`,
  ['topUp'],
);

/** What changes while a code is shown. */
export interface Latest {
  balance: number;
  payments: { nodes: { id: string }[] };
  topUps: {
    nodes: {
      id: string;
      amount: number;
      state: 'PENDING' | 'SETTLED' | 'DECLINED' | 'SUSPENSE';
    }[];
  };
}
export const latestQuery = operation<{ wallet: Latest | null }>(
  `query WalletLatest {
    wallet {
      id balance payments(first: 1) { nodes { id } } topUps(first: 1) { nodes { id amount state } }
    }
  }`,
);

/** The member's newest payment, and each one that is made or changes. */
export const paymentTold = operation<{ myPaymentChanged: { id: string; state: string } | null }>(
  'subscription WalletPaymentTold { myPaymentChanged { id state } }',
);

/** The member's newest top-up, and each one that is asked for or decided. */
export const topUpTold = operation<{ myTopUpChanged: { id: string; state: string } | null }>(
  'subscription WalletTopUpTold { myTopUpChanged { id state } }',
);

export const paymentQuery = operation<
  { payment: PaymentWithPoints | null; wallet: { id: string; balance: number } | null },
  { id: string }
>(
  `query WalletPayment($id: ID!) {
    payment(id: $id) { ${paymentFields} pointsEarned pointsState review { reasons until ending } }
    wallet { id balance }
  }`,
  ['wallet'],
);

export const historyQuery = operation<
  {
    wallet: {
      id: string;
      payments: {
        nodes: PaymentWithPoints[];
        pageInfo: { hasNextPage: boolean; endCursor: string | null };
      };
    } | null;
  },
  { after: string | null }
>(
  `query WalletHistory($after: String) {
    wallet {
      id
      payments(first: 20, after: $after) {
        nodes { ${paymentFields} pointsEarned pointsState }
        pageInfo { hasNextPage endCursor }
      }
    }
  }`,
);

export const openWallet = operation<
  { openWallet: { __typename: 'WalletOpened'; wallet: { id: string } } | Refusal },
  { input: { termsVersion: string } }
>(
  `mutation OpenWallet($input: OpenWalletInput!) {
    openWallet(input: $input) {
      __typename
      ... on WalletOpened { wallet { id } }
      ${refusal}
    }
  }`,
);

/** A code to show at a register: 24 digits, one use. */
export interface PaymentCode {
  code: string;
  issuedAt: string;
  expiresAt: string;
}
export const issuePaymentCode = operation<{
  issuePaymentCode: { __typename: 'PaymentCodeIssued'; paymentCode: PaymentCode } | Refusal;
}>(
  `mutation IssuePaymentCode {
    issuePaymentCode {
      __typename
      ... on PaymentCodeIssued { paymentCode { code issuedAt expiresAt } }
      ${refusal}
    }
  }`,
);

/** Registers this browser as a device that makes codes by itself. */
export const registerPaymentDevice = operation<
  {
    registerPaymentDevice:
      | {
          __typename: 'PaymentDeviceRegistered';
          device: { id: string };
          serverKeyX: string;
          serverKeyY: string;
        }
      | Refusal;
  },
  { input: { publicKeyX: string; publicKeyY: string; name: string } }
>(
  `mutation RegisterPaymentDevice($input: RegisterPaymentDeviceInput!) {
    registerPaymentDevice(input: $input) {
      __typename
      ... on PaymentDeviceRegistered { device { id } serverKeyX serverKeyY }
      ${refusal}
    }
  }`,
);

/** Tells that the device is online; gives handles when it has few. */
export const issueHandles = operation<
  {
    issueHandles:
      | { __typename: 'HandlesIssued'; handles: string[]; replacesAll: boolean; now: string }
      | Refusal;
  },
  { input: { deviceId: string; left: number } }
>(
  `mutation IssueHandles($input: IssueHandlesInput!) {
    issueHandles(input: $input) {
      __typename
      ... on HandlesIssued { handles replacesAll now }
      ${refusal}
    }
  }`,
);

/** A device that makes codes for this wallet. */
export interface PaymentDevice {
  id: string;
  name: string;
  registeredAt: string;
  contactAt: string;
}
export const devicesQuery = operation<{ paymentDevices: PaymentDevice[] }>(
  'query WalletDevices { paymentDevices { id name registeredAt contactAt } }',
);
export const removePaymentDevice = operation<
  {
    removePaymentDevice: { __typename: 'PaymentDeviceRemoved'; device: { id: string } } | Refusal;
  },
  { deviceId: string }
>(
  `mutation RemovePaymentDevice($deviceId: ID!) {
    removePaymentDevice(deviceId: $deviceId) {
      __typename
      ... on PaymentDeviceRemoved { device { id } }
      ${refusal}
    }
  }`,
);

/** The store behind a code; its name is null while the merchant subgraph does not answer. */
interface ScannedAt {
  id: string;
  name: string;
}
/** What a scanned code of a store stands for. */
export type Scanned =
  | { __typename: 'ScannedBill'; bill: { id: string; amount: number; store: ScannedAt | null } }
  | { __typename: 'ScannedStore'; store: ScannedAt };
export const scannedQuery = operation<{ scannedQr: Scanned | Refusal }, { text: string }>(
  `query WalletScannedQr($text: String!) {
    scannedQr(text: $text) {
      __typename
      ... on ScannedBill { bill { id amount store { id name } } }
      ... on ScannedStore { store { id name } }
      ${refusal}
    }
  }`,
);

type PaidByQr = { __typename: 'PaidByQr'; payment: { id: string } };
export const payBill = operation<
  { payBill: PaidByQr | Refusal },
  { input: { requestId: string; billId: string } }
>(
  `mutation PayBill($input: PayBillInput!) {
    payBill(input: $input) {
      __typename
      ... on PaidByQr { payment { id } }
      ${refusal}
    }
  }`,
);
export const payByStoreCode = operation<
  { payByStoreCode: PaidByQr | Refusal },
  { input: { requestId: string; storeId: string; amount: number } }
>(
  `mutation PayByStoreCode($input: PayByStoreCodeInput!) {
    payByStoreCode(input: $input) {
      __typename
      ... on PaidByQr { payment { id } }
      ${refusal}
    }
  }`,
);

export const refundQuery = operation<{
  wallet: {
    id: string;
    /** Yen that can be claimed; of a closed wallet they lie outside of it. */
    claimable: number | null;
    balanceRefundClaim: BalanceRefundClaim | null;
  } | null;
  refundProgramme: RefundProgramme | null;
}>(
  `query WalletRefund {
    wallet { id claimable balanceRefundClaim { ${claimFields} } }
    refundProgramme { ${programmeFields} }
  }`,
);

export const claimBalanceRefund = operation<
  {
    claimBalanceRefund: { __typename: 'BalanceRefundClaimed'; claim: BalanceRefundClaim } | Refusal;
  },
  { input: { claimId: string; payoutMethod: PayoutMethod } }
>(
  `mutation ClaimBalanceRefund($input: ClaimBalanceRefundInput!) {
    claimBalanceRefund(input: $input) {
      __typename
      ... on BalanceRefundClaimed { claim { ${claimFields} } }
      ${refusal}
    }
  }`,
);
