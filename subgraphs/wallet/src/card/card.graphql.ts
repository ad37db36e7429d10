import {
  Allow,
  type Answer,
  checkCallersId,
  ControlsStale,
  FunctionClosed,
  member,
  memberOf,
  only,
  refusalClass,
  resultUnion,
  StepUpRequired,
  toAnswer,
} from '@7pay/graphql';
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { RecoveryCooling } from '../cooling/cooling.graphql.ts';
import type { WalletContext } from '../context.ts';
import { WalletFrozen, WalletNotOpen, WalletType } from '../wallet/wallet.graphql.ts';
import type { Wallet } from '../wallet/wallet.ts';
import { CardType } from './card-type.graphql.ts';
import type { Card } from './card.ts';

const TooManyCards = refusalClass('TOO_MANY_CARDS', 'The member has as many cards as are allowed.');
const CardTriesExceeded = refusalClass(
  'CARD_TRIES_EXCEEDED',
  'The member tried to register a card too often today.',
);
const CardEntryUnknown = refusalClass('CARD_ENTRY_UNKNOWN', 'No entry of a card has this number.');
const CardEntryOpen = refusalClass('CARD_ENTRY_OPEN', 'The card has not been entered yet.');
const CardEntryFailed = refusalClass(
  'CARD_ENTRY_FAILED',
  'The issuer did not confirm the cardholder; or the entry is over.',
);
const AcquirerUnavailable = refusalClass(
  'ACQUIRER_UNAVAILABLE',
  'The acquirer does not answer reliably.',
);
export const CardUnknown = refusalClass('CARD_UNKNOWN', 'The member has no such card.');
export const CardExpired = refusalClass('CARD_EXPIRED', 'The last month of the card is over.');
export const CardDeclined = refusalClass(
  'CARD_DECLINED',
  'The card was not charged: declined, or the challenge was not passed, or it was called off.',
);

@InputType({ description: 'A card that the member wants to register.' })
class RegisterCardInput {
  @Field(() => String, {
    description:
      'The app’s own number of this try, 1 to 64 letters, digits or _ . : -. Sent twice, it is one try.',
  })
  registrationId!: string;
}

@InputType({ description: 'A card entry that the member came back from.' })
class CompleteCardRegistrationInput {
  @Field(() => String, { description: 'The number that `registerCard` was called with.' })
  registrationId!: string;
}

@InputType({ description: 'A card that the member wants to be rid of.' })
class RemoveCardInput {
  @Field(() => ID, { description: 'The card.' })
  cardId!: string;
}

@ObjectType({ description: 'The entry of the card goes on at the acquirer.' })
class CardEntryStarted {
  @Field(() => String, {
    description: 'The acquirer’s page. It leads back to the wallet page at the end.',
  })
  url!: string;
}

@ObjectType({ description: 'The card is registered.' })
class CardRegistered {
  @Field(() => CardType, { description: 'The card.' })
  card!: CardType;
}

@ObjectType({ description: 'The card is removed.' })
class CardRemoved {
  @Field(() => CardType, { description: 'The card that was.' })
  card!: CardType;
}

const RegisterCardResult = resultUnion('RegisterCardResult', 'Where to enter it, or why not.', [
  CardEntryStarted,
  FunctionClosed,
  ControlsStale,
  StepUpRequired,
  WalletNotOpen,
  WalletFrozen,
  RecoveryCooling,
  TooManyCards,
  CardTriesExceeded,
  CardEntryFailed,
  AcquirerUnavailable,
]);
const CompleteCardRegistrationResult = resultUnion(
  'CompleteCardRegistrationResult',
  'The card, or why not.',
  [
    CardRegistered,
    StepUpRequired,
    TooManyCards,
    CardEntryUnknown,
    CardEntryOpen,
    CardEntryFailed,
    CardUnknown,
    AcquirerUnavailable,
  ],
);
const RemoveCardResult = resultUnion('RemoveCardResult', 'The card, or why not.', [
  CardRemoved,
  StepUpRequired,
  CardUnknown,
]);

@Resolver(() => WalletType)
export class CardResolver {
  @FieldResolver(() => [CardType], {
    description: 'The cards that can be charged for this wallet, at most three.',
  })
  cards(@Root() { memberId }: Wallet, @Ctx() { cards }: WalletContext): Promise<Card[]> {
    return cards.ofMember(memberId);
  }

  @Allow(only(member('wallet', { stepUp: 2 })))
  @Mutation(() => RegisterCardResult, {
    description:
      'Begins to register a card, at most five times a day. The number is typed at the acquirer.',
  })
  async registerCard(
    @Arg('input', () => RegisterCardInput) input: RegisterCardInput,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    checkCallersId('registrationId', input.registrationId);
    const result = await useCases.registerCard(memberOf(viewer), input);
    return toAnswer(viewer, result, ({ url }) => ({ __typename: 'CardEntryStarted', url }));
  }

  @Allow(only(member('wallet', { stepUp: 2 })))
  @Mutation(() => CompleteCardRegistrationResult, {
    description:
      'Keeps the card that was entered and confirmed by 3-D Secure; asking again gives it.',
  })
  async completeCardRegistration(
    @Arg('input', () => CompleteCardRegistrationInput) input: CompleteCardRegistrationInput,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    checkCallersId('registrationId', input.registrationId);
    const result = await useCases.completeCardRegistration(memberOf(viewer), input);
    return toAnswer(viewer, result, (card) => ({ __typename: 'CardRegistered', card }));
  }

  @Allow(only(member('wallet', { stepUp: 2 })))
  @Mutation(() => RemoveCardResult, { description: 'Removes a card of the member who asks.' })
  async removeCard(
    @Arg('input', () => RemoveCardInput) input: RemoveCardInput,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    const result = await useCases.removeCard(memberOf(viewer), input);
    return toAnswer(viewer, result, (card) => ({ __typename: 'CardRemoved', card }));
  }
}
