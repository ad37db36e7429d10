import { DateTimeScalar, refusalClass, YenScalar } from '@7pay/graphql';
import { Ctx, Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import type { WalletContext } from '../context.ts';
import { WalletType } from '../wallet/wallet.graphql.ts';
import type { Wallet } from '../wallet/wallet.ts';
import { coolingLimit } from './cooling.ts';

@ObjectType({ description: 'A while in which little is paid, as the password was reset.' })
class WalletCooling {
  @Field(() => DateTimeScalar, { description: 'When the password was set.' })
  since!: Date;

  @Field(() => DateTimeScalar, { description: 'Until when it lasts.' })
  until!: Date;

  @Field(() => YenScalar, { description: 'What is paid at most in 24 hours meanwhile, yen.' })
  limit!: number;
}

export const RecoveryCooling = refusalClass(
  'RECOVERY_COOLING',
  'The password was reset a short while ago: no card, and little is paid, until the time is over.',
  {
    since: { type: String, description: 'When the password was set, UTC (ISO 8601).' },
    until: { type: String, description: 'Until when it lasts, UTC (ISO 8601).' },
    limit: { type: YenScalar, description: 'What is paid at most in 24 hours meanwhile, yen.' },
  },
);

@Resolver(() => WalletType)
export class CoolingResolver {
  @FieldResolver(() => WalletCooling, {
    nullable: true,
    description: 'Why little is paid at the moment, after the password was reset; null otherwise.',
  })
  async cooling(
    @Root() { memberId }: Wallet,
    @Ctx() { coolings, clock }: WalletContext,
  ): Promise<WalletCooling | null> {
    const at = clock.now();
    const cooling = await coolings.of(memberId, at);
    return cooling && { since: cooling.since, until: cooling.until, limit: coolingLimit(at) };
  }
}
