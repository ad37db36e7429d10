import { YenScalar } from '@7pay/graphql';
import { businessDate } from '@7pay/time';
import { Ctx, Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import type { WalletContext } from '../context.ts';
import { WalletType } from '../wallet/wallet.graphql.ts';
import type { Wallet } from '../wallet/wallet.ts';
import { leftOf, limitsOn, TOP_UP_LIMITS } from './top-up-limits.ts';
import { TopUpSourceEnum } from './top-up-type.graphql.ts';
import { TOP_UP_SOURCES } from './top-up.ts';

@ObjectType('TopUpLimits', {
  description: 'What one source of top-ups allows, and what is left of it.',
})
class TopUpLimitsType {
  @Field(() => TopUpSourceEnum, { description: 'The source.' })
  source!: string;

  @Field(() => YenScalar, { description: 'The most one top-up may be, yen.' })
  largest!: number;

  @Field(() => YenScalar, { description: 'A top-up is a multiple of this, yen.' })
  step!: number;

  @Field(() => YenScalar, { description: 'The most in one business date, yen.' })
  dayLimit!: number;

  @Field(() => YenScalar, { description: 'What is left of it today, yen.' })
  dayLeft!: number;

  @Field(() => YenScalar, { description: 'The most in 30 business dates, yen.' })
  days30Limit!: number;

  @Field(() => YenScalar, { description: 'What is left of it, yen.' })
  days30Left!: number;
}

@Resolver(() => WalletType)
export class TopUpLimitsResolver {
  @FieldResolver(() => [TopUpLimitsType], {
    description: 'What each source of top-ups allows today; what is not decided yet counts.',
  })
  async topUpLimits(
    @Root() { id }: Wallet,
    @Ctx() { accountOf, topUps, clock }: WalletContext,
  ): Promise<TopUpLimitsType[]> {
    const at = clock.now();
    const account = (await accountOf.load(id)) ?? null;
    const waiting = await topUps.waitingOf(id);
    return TOP_UP_SOURCES.flatMap((source) => {
      const limits = limitsOn(TOP_UP_LIMITS[source], businessDate(at));
      if (!limits) return [];
      const { day, days30 } = leftOf(account, { source, waiting }, limits, at);
      return {
        source,
        largest: limits.largest,
        step: limits.step,
        dayLimit: day.limit,
        dayLeft: day.left,
        days30Limit: days30.limit,
        days30Left: days30.left,
      };
    });
  }
}
