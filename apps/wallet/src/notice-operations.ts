import { operation } from '@7pay/ui';
import type { MovementKind } from './member-operations.ts';
import type { ReviewReason } from './operations.ts';

/** What the member is told. */
export interface WalletNotice {
  readonly id: string;
  readonly kind: MovementKind | 'WALLET_CLOSE' | 'PAYMENT_REVIEW' | 'PAYMENT_NOT_MADE';
  readonly title: string;
  readonly body: string;
  readonly at: string;
  readonly readAt: string | null;
  /** The payment or top-up. */
  readonly subject: string | null;
  readonly movementId: string | null;
}

export const unreadQuery = operation<{ myUnreadNotices: number }>(
  'query WalletUnread { myUnreadNotices }',
);

/** The newest notice, and each one that is made or read. */
export const noticeTold = operation<{ myNoticeAdded: { id: string } | null }>(
  'subscription WalletNoticeTold { myNoticeAdded { id } }',
);

export const noticesQuery = operation<
  {
    myNotices: {
      nodes: WalletNotice[];
      pageInfo: { hasNextPage: boolean; endCursor: string | null };
    };
  },
  { after: string | null }
>(
  `query WalletNotices($after: String) {
    myNotices(first: 20, after: $after) {
      nodes { id kind title body at readAt subject movementId }
      pageInfo { hasNextPage endCursor }
    }
  }`,
);

export const markNoticesRead = operation<{ markNoticesRead: number }, { until: string }>(
  'mutation MarkNoticesRead($until: DateTime!) { markNoticesRead(until: $until) }',
);

/** Everything on a receipt. The store and the points may be missing; the money may not. */
export interface Receipt {
  readonly id: string;
  readonly kind: MovementKind;
  readonly amount: number;
  readonly balanceAfter: number;
  readonly at: string;
  readonly businessDate: string;
  readonly topUpId: string | null;
  readonly store: { readonly id: string; readonly name: string } | null;
  readonly case: { readonly id: string; readonly state: 'OPEN' | 'CLOSED' } | null;
  readonly payment: {
    readonly id: string;
    readonly amount: number;
    readonly state: string;
    readonly refunded: number;
    readonly refunds: readonly {
      readonly id: string;
      readonly amount: number;
      readonly at: string;
    }[];
    readonly pointsEarned: number | null;
    readonly pointsState: 'PENDING' | 'AWARDED' | 'REVERSED' | 'NONE' | null;
    readonly merchant: { readonly id: string; readonly name: string } | null;
    readonly review: { readonly reasons: readonly ReviewReason[] } | null;
  } | null;
}

export const receiptQuery = operation<{ myMovement: Receipt | null }, { id: string }>(
  `query WalletReceipt($id: ID!) {
    myMovement(id: $id) {
      id kind amount balanceAfter at businessDate topUpId
      store { id name } case { id state }
      payment {
        id amount state refunded refunds { id amount at } pointsEarned pointsState
        merchant { id name } review { reasons }
      }
    }
  }`,
);

/** Which notices come by mail as well. */
export interface MailChoice {
  readonly largePayments: boolean;
  readonly otherPayments: boolean;
  readonly cardTopUps: boolean;
  readonly otherTopUps: boolean;
  readonly moneyBack: boolean;
}
const choiceFields = 'largePayments otherPayments cardTopUps otherTopUps moneyBack';

export const mailChoiceQuery = operation<{ myMailChoice: MailChoice }>(
  `query WalletMailChoice { myMailChoice { ${choiceFields} } }`,
);

export const setMyMailChoice = operation<{ setMyMailChoice: MailChoice }, { input: MailChoice }>(
  `mutation SetMyMailChoice($input: MailChoiceInput!) {
    setMyMailChoice(input: $input) { ${choiceFields} }
  }`,
);
