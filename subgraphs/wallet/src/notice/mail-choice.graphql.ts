import { Allow, member, memberOf, only } from '@7pay/graphql';
import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import type { WalletContext } from '../context.ts';
import { LARGE_FROM, type MailChoice } from './mail-choice.ts';

const WORDS = {
  largePayments: `Payments of ${LARGE_FROM} yen or more.`,
  otherPayments: 'Smaller payments.',
  cardTopUps: 'Top-ups by card.',
  otherTopUps: 'Top-ups by cash and points.',
  moneyBack: 'Refunds and cancels.',
} as const;

@ObjectType('MailChoice', {
  description: 'Which notices come by mail as well. What is for safety always does.',
})
class MailChoiceType {
  @Field(() => Boolean, { description: WORDS.largePayments })
  largePayments!: boolean;

  @Field(() => Boolean, { description: WORDS.otherPayments })
  otherPayments!: boolean;

  @Field(() => Boolean, { description: WORDS.cardTopUps })
  cardTopUps!: boolean;

  @Field(() => Boolean, { description: WORDS.otherTopUps })
  otherTopUps!: boolean;

  @Field(() => Boolean, { description: WORDS.moneyBack })
  moneyBack!: boolean;
}

@InputType({ description: 'Which notices are to come by mail as well; all of them are told.' })
class MailChoiceInput {
  @Field(() => Boolean, { description: WORDS.largePayments })
  largePayments!: boolean;

  @Field(() => Boolean, { description: WORDS.otherPayments })
  otherPayments!: boolean;

  @Field(() => Boolean, { description: WORDS.cardTopUps })
  cardTopUps!: boolean;

  @Field(() => Boolean, { description: WORDS.otherTopUps })
  otherTopUps!: boolean;

  @Field(() => Boolean, { description: WORDS.moneyBack })
  moneyBack!: boolean;
}

@Resolver()
export class MailChoiceResolver {
  @Allow(only(member('wallet', { acr: 2 })))
  @Query(() => MailChoiceType, { description: 'Which notices the member has by mail.' })
  myMailChoice(@Ctx() { viewer, mailChoices }: WalletContext): Promise<MailChoice> {
    return mailChoices.of(memberOf(viewer).memberId);
  }

  @Allow(only(member('wallet', { acr: 2 })))
  @Mutation(() => MailChoiceType, { description: 'Chooses which notices come by mail.' })
  async setMyMailChoice(
    @Arg('input', () => MailChoiceInput) input: MailChoiceInput,
    @Ctx() { viewer, mailChoices }: WalletContext,
  ): Promise<MailChoice> {
    const chosen = { ...input };
    await mailChoices.write(memberOf(viewer).memberId, chosen);
    return chosen;
  }
}
