import {
  Allow,
  type Answer,
  checkCallersId,
  member,
  memberOf,
  only,
  refusalClass,
  resultUnion,
  StepUpRequired,
  toAnswer,
  YenScalar,
} from '@7pay/graphql';
import type { Yen } from '@7pay/money';
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import { CardType } from '../card/card-type.graphql.ts';
import { CardDeclined, CardExpired, CardUnknown } from '../card/card.graphql.ts';
import type { Card } from '../card/card.ts';
import { RecoveryCooling } from '../cooling/cooling.graphql.ts';
import type { WalletContext } from '../context.ts';
import { WalletNotOpen } from '../wallet/wallet.graphql.ts';
import { topUpRefusals } from './top-up-refusals.graphql.ts';
import { TopUpAccepted, TopUpType } from './top-up-type.graphql.ts';
import type { TopUp } from './top-up.ts';

const ChallengeResultEnum = {
  NOT_ASKED: 'NOT_ASKED',
  WAITING: 'WAITING',
  PASSED: 'PASSED',
  FAILED: 'FAILED',
} as const;
registerEnumType(ChallengeResultEnum, {
  name: 'ChallengeResult',
  description:
    'What 3-D Secure came to. NOT_ASKED: no rule asked for it. WAITING: the cardholder has not answered.',
});

@InputType({ description: 'A charge of a card, for the member’s wallet.' })
class TopUpByCardInput {
  @Field(() => String, {
    description:
      'The app’s own number, 1 to 64 letters, digits or _ . : -. Sent twice, it charges once.',
  })
  topUpId!: string;

  @Field(() => ID, { description: 'A card of the member’s.' })
  cardId!: string;

  @Field(() => YenScalar, { description: 'How much, yen, in the steps of the limits in force.' })
  amount!: Yen;
}

@InputType({ description: 'A charge that the member came back to.' })
class CompleteTopUpInput {
  @Field(() => String, { description: 'The number that the top-up was asked for with.' })
  topUpId!: string;
}

@ObjectType({
  description: 'The issuer wants to know whether it is the cardholder. Then `completeTopUp`.',
})
class ChallengeRequired {
  @Field(() => String, {
    description: 'The issuer’s page. It leads back to the wallet page at the end.',
  })
  url!: string;

  @Field(() => TopUpType, { description: 'The top-up, PENDING.' })
  topUp!: TopUpType;
}

const TopUpUnknown = refusalClass('TOP_UP_UNKNOWN', 'The member has no top-up of this number.');
const TopUpByCardResult = resultUnion('TopUpByCardResult', 'The top-up, or why not.', [
  TopUpAccepted,
  ChallengeRequired,
  ...topUpRefusals,
  StepUpRequired,
  WalletNotOpen,
  RecoveryCooling,
  CardUnknown,
  CardExpired,
  CardDeclined,
]);
const CompleteTopUpResult = resultUnion('CompleteTopUpResult', 'The top-up, or why not.', [
  TopUpAccepted,
  StepUpRequired,
  TopUpUnknown,
  CardDeclined,
]);

@Resolver(() => TopUpType)
export class TopUpByCardResolver {
  @Allow(only(member('wallet', { stepUp: 2 })))
  @Mutation(() => TopUpByCardResult, {
    description: 'Charges a card of the member’s and loads the wallet; PENDING if nobody can tell.',
  })
  async topUpByCard(
    @Arg('input', () => TopUpByCardInput) input: TopUpByCardInput,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    checkCallersId('topUpId', input.topUpId);
    const result = await useCases.topUpByCard(memberOf(viewer), input);
    return toAnswer(viewer, result, (done) =>
      'url' in done
        ? { __typename: 'ChallengeRequired', ...done }
        : { __typename: 'TopUpAccepted', topUp: done },
    );
  }

  @Allow(only(member('wallet', { stepUp: 2 })))
  @Mutation(() => CompleteTopUpResult, {
    description:
      'Goes on with a top-up after a challenge or a lost answer; asks the acquirer what became of it.',
  })
  async completeTopUp(
    @Arg('input', () => CompleteTopUpInput) input: CompleteTopUpInput,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    checkCallersId('topUpId', input.topUpId);
    const result = await useCases.completeTopUp(memberOf(viewer), input);
    return toAnswer(viewer, result, (topUp) => ({ __typename: 'TopUpAccepted', topUp }));
  }

  @FieldResolver(() => CardType, {
    nullable: true,
    description: 'The card that was charged; null for other sources.',
  })
  async card(@Root() topUp: TopUp, @Ctx() { cardById }: WalletContext): Promise<Card | null> {
    return 'cardId' in topUp ? ((await cardById.load(topUp.cardId)) ?? null) : null;
  }

  @FieldResolver(() => ChallengeResultEnum, {
    nullable: true,
    description: 'What 3-D Secure came to; null for other sources.',
  })
  challenge(@Root() topUp: TopUp): string | null {
    return 'challenge' in topUp ? topUp.challenge : null;
  }
}
