import { operation, type Refusal } from '@7pay/ui';

interface Decided {
  __typename: 'PaymentReviewDecided';
  payment: { id: string; state: string };
}
const decided =
  '... on PaymentReviewDecided { payment { id state } } ... on Refusal { code message }';

export const confirmMyPayment = operation<
  { confirmMyPayment: Decided | Refusal },
  { paymentId: string }
>(
  `mutation ConfirmMyPayment($paymentId: ID!) {
    confirmMyPayment(paymentId: $paymentId) { __typename ${decided} }
  }`,
);

export const denyMyPayment = operation<
  { denyMyPayment: Decided | Refusal },
  { input: { paymentId: string; freeze: boolean } }
>(
  `mutation DenyMyPayment($input: DenyMyPaymentInput!) {
    denyMyPayment(input: $input) { __typename ${decided} }
  }`,
);
