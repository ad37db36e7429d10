import { operation, type Refusal } from '@7pay/ui';

export type TopUpSource = 'REGISTER' | 'ATM' | 'CREDIT' | 'DEBIT' | 'POINTS';

/** What one source allows, and what is left of it. Yen. */
export interface TopUpLimits {
  source: TopUpSource;
  largest: number;
  step: number;
  dayLimit: number;
  dayLeft: number;
  days30Limit: number;
  days30Left: number;
}

/** A card of the member; its number is known to the acquirer alone. */
export interface Card {
  id: string;
  brand: 'VISA' | 'MASTERCARD' | 'JCB' | 'OTHER';
  funding: 'CREDIT' | 'DEBIT';
  lastFour: string;
  expires: string;
}

/** A top-up as far as it got. */
export interface TopUp {
  id: string;
  amount: number;
  state: 'PENDING' | 'SETTLED' | 'DECLINED' | 'VOIDED' | 'SUSPENSE';
}

const limitFields = 'source largest step dayLimit dayLeft days30Limit days30Left';
const cardFields = 'id brand funding lastFour expires';
const topUpFields = 'topUp { id amount state }';
const refusal = '... on Refusal { code message }';

/** Everything on the screens that charge by other ways than a register. */
export const chargeQuery = operation<{
  wallet: { id: string; balance: number; topUpLimits: TopUpLimits[]; cards: Card[] } | null;
  me: { id: string; pointsAccount: { id: string; balance: number; owed: number } | null } | null;
}>(
  `query WalletCharge {
    wallet { id balance topUpLimits { ${limitFields} } cards { ${cardFields} } }
    me { id pointsAccount { id balance owed } }
  }`,
  ['me'],
);

export const registerCard = operation<
  { registerCard: { __typename: 'CardEntryStarted'; url: string } | Refusal },
  { input: { registrationId: string } }
>(
  `mutation RegisterCard($input: RegisterCardInput!) {
    registerCard(input: $input) { __typename ... on CardEntryStarted { url } ${refusal} }
  }`,
);

export const completeCard = operation<
  { completeCardRegistration: { __typename: 'CardRegistered'; card: Card } | Refusal },
  { input: { registrationId: string } }
>(
  `mutation CompleteCard($input: CompleteCardRegistrationInput!) {
    completeCardRegistration(input: $input) {
      __typename ... on CardRegistered { card { ${cardFields} } } ${refusal}
    }
  }`,
);

export const removeCard = operation<
  { removeCard: { __typename: 'CardRemoved'; card: { id: string } } | Refusal },
  { input: { cardId: string } }
>(
  `mutation RemoveCard($input: RemoveCardInput!) {
    removeCard(input: $input) { __typename ... on CardRemoved { card { id } } ${refusal} }
  }`,
);

export const chargeCard = operation<
  {
    topUpByCard:
      | { __typename: 'TopUpAccepted'; topUp: TopUp }
      | { __typename: 'ChallengeRequired'; url: string }
      | Refusal;
  },
  { input: { topUpId: string; cardId: string; amount: number } }
>(
  `mutation ChargeCard($input: TopUpByCardInput!) {
    topUpByCard(input: $input) {
      __typename
      ... on TopUpAccepted { ${topUpFields} }
      ... on ChallengeRequired { url }
      ${refusal}
    }
  }`,
);

export const completeTopUp = operation<
  { completeTopUp: { __typename: 'TopUpAccepted'; topUp: TopUp } | Refusal },
  { input: { topUpId: string } }
>(
  `mutation CompleteTopUp($input: CompleteTopUpInput!) {
    completeTopUp(input: $input) {
      __typename ... on TopUpAccepted { ${topUpFields} } ${refusal}
    }
  }`,
);

export const chargePoints = operation<
  { topUpByPoints: { __typename: 'TopUpAccepted'; topUp: TopUp } | Refusal },
  { input: { topUpId: string; points: number } }
>(
  `mutation ChargePoints($input: TopUpByPointsInput!) {
    topUpByPoints(input: $input) {
      __typename ... on TopUpAccepted { ${topUpFields} } ${refusal}
    }
  }`,
);
