import type { Graph } from './graph.ts';

/** Numbers that pass the check and are no card of anybody. */
export const TEST_CARDS = {
  credit: '4111111111111111',
  otherCredit: '5555555555554444',
  thirdCredit: '4242424242424242',
  debit: '4900000000000003',
} as const;

export interface TopUpResult {
  readonly __typename: string;
  readonly code?: string;
  readonly url?: string;
  readonly topUp?: {
    readonly id: string;
    readonly source: string;
    readonly state: string;
    readonly challenge: string | null;
    readonly card: { readonly lastFour: string } | null;
  };
  readonly card?: { readonly id: string; readonly funding: string; readonly lastFour: string };
}

const TOP_UP = 'topUp { id source amount state challenge card { lastFour } }';
const CARD = 'card { id brand funding lastFour expires }';
export const REGISTER_CARD = `mutation($input: RegisterCardInput!) { result: registerCard(input: $input) { __typename ... on CardEntryStarted { url } ... on Refusal { code message } } }`;
export const COMPLETE_CARD = `mutation($input: CompleteCardRegistrationInput!) { result: completeCardRegistration(input: $input) { __typename ... on CardRegistered { ${CARD} } ... on Refusal { code message } } }`;
export const REMOVE_CARD = `mutation($input: RemoveCardInput!) { result: removeCard(input: $input) { __typename ... on CardRemoved { ${CARD} } ... on Refusal { code } } }`;
export const BY_CARD = `mutation($input: TopUpByCardInput!) { result: topUpByCard(input: $input) { __typename ... on TopUpAccepted { ${TOP_UP} } ... on ChallengeRequired { url ${TOP_UP} } ... on Refusal { code message } } }`;
export const COMPLETE_TOP_UP = `mutation($input: CompleteTopUpInput!) { result: completeTopUp(input: $input) { __typename ... on TopUpAccepted { ${TOP_UP} } ... on Refusal { code message } } }`;

/** What a member does with cards, as the wallet page and a browser do. */
export const cardsOf = ({ graph }: { graph: Graph }) => {
  const ask = async (query: string, input: object, token: string) =>
    (await graph.ask<{ result: TopUpResult }>(query, { input }, token)).data.result;
  return {
    begin: (token: string, registrationId: string) => ask(REGISTER_CARD, { registrationId }, token),
    complete: (token: string, registrationId: string) =>
      ask(COMPLETE_CARD, { registrationId }, token),
    remove: (token: string, cardId: string) => ask(REMOVE_CARD, { cardId }, token),
    charge: (token: string, input: { topUpId: string; cardId: string; amount: number }) =>
      ask(BY_CARD, input, token),
    goOn: (token: string, topUpId: string) => ask(COMPLETE_TOP_UP, { topUpId }, token),
    /** A card of the member's, all the way. */
    register: async (
      token: string,
      registrationId: string,
      number: string = TEST_CARDS.credit,
    ): Promise<string> => {
      const { url } = await ask(REGISTER_CARD, { registrationId }, token);
      await typeCard(url!, number);
      await answerChallenge(url!, 'yes');
      const done = await ask(COMPLETE_CARD, { registrationId }, token);
      if (!done.card) throw new Error(`the card is registered: ${JSON.stringify(done)}`);
      return done.card.id;
    },
  };
};

/** Types a card at the acquirer's page. */
export const typeCard = (url: string, number: string): Promise<Response> =>
  post(url, { number, expires: '2030-12', securityCode: '987' });

/** Answers the issuer's challenge; gives the address to which it leads back. */
export const answerChallenge = async (url: string, answer: 'yes' | 'no'): Promise<string | null> =>
  (await post(url, { answer })).headers.get('location');

const post = (url: string, form: Record<string, string>): Promise<Response> =>
  fetch(url, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });
