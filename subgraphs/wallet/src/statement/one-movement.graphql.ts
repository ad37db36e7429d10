import { Allow, badUserInput, member, memberOf, only } from '@7pay/graphql';
import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import type { WalletContext } from '../context.ts';
import { WalletMovementType } from './movement.graphql.ts';
import type { Movement } from './movement.ts';

const ID_CHARACTERS = 200;

/** One row of the history, for its receipt. */
@Resolver()
export class OneMovementResolver {
  @Allow(only(member('wallet', { acr: 2 })))
  @Query(() => WalletMovementType, {
    nullable: true,
    description:
      'One movement of the member who asks; null for a stranger’s and for what moved nothing.',
  })
  async myMovement(
    @Arg('id', () => ID) id: string,
    @Ctx() { viewer, wallets, movementOf }: WalletContext,
  ): Promise<Movement | null> {
    if (id.length > ID_CHARACTERS) throw badUserInput(`id: at most ${ID_CHARACTERS} characters`);
    const wallet = await wallets.findByMember(memberOf(viewer).memberId);
    return wallet && movementOf(wallet.id, id);
  }
}
