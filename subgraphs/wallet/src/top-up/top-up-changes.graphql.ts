import {
  Allow,
  checkCallersId,
  type Live,
  type LiveSource,
  liveState,
  member,
  memberOf,
  only,
  openingOf,
  terminal,
  terminalOf,
} from '@7pay/graphql';
import { Arg, Directive, Resolver, Root, Subscription } from 'type-graphql';
import type { WalletContext } from '../context.ts';
import { topUpIdOf } from './top-up-at-register.ts';
import { TopUpType } from './top-up-type.graphql.ts';
import type { TopUp } from './top-up.ts';
import { topUpIn } from './top-up.store.ts';

@Resolver(() => TopUpType)
export class TopUpChangesResolver {
  @Directive('@tag(name: "merchant")')
  @Allow(only(terminal()))
  @Subscription(() => TopUpType, {
    nullable: true,
    description:
      'For a terminal that waits: the top-up under the register’s own number, and each change of it. Null until it arrives.',
    subscribe: ({ args, context }) => byRegisterId(args['topUpId'] as string, context),
  })
  topUpChanged(
    @Root() { value }: Live<TopUp | null>,
    @Arg('topUpId', () => String) _id: string,
  ): TopUp | null {
    return value;
  }

  @Allow(only(member('wallet', { acr: 2 })))
  @Subscription(() => TopUpType, {
    nullable: true,
    description:
      'The newest top-up of the member who asks, and then each top-up that is asked for or decided. Null before the first.',
    subscribe: ({ context }) => ofMember(context),
  })
  myTopUpChanged(@Root() { value }: Live<TopUp | null>): TopUp | null {
    return value;
  }
}

function byRegisterId(topUpId: string, context: WalletContext): Promise<LiveSource<TopUp | null>> {
  const { viewer, changes, topUps } = context;
  checkCallersId('topUpId', topUpId);
  const id = topUpIdOf(terminalOf(viewer), topUpId);
  return liveState<TopUp | null>({
    feed: changes.topUps,
    topic: { field: '_id', value: id },
    opening: openingOf(context),
    present: async () => [await topUps.find(id)],
    read: topUpIn,
  });
}

function ofMember(context: WalletContext): Promise<LiveSource<TopUp | null>> {
  const { viewer, changes, topUps, wallets } = context;
  const { memberId } = memberOf(viewer);
  return liveState<TopUp | null>({
    feed: changes.topUps,
    topic: { field: 'memberId', value: memberId },
    opening: openingOf(context),
    present: async () => {
      const wallet = await wallets.findByMember(memberId);
      const newest = wallet && (await topUps.ofWallet(wallet.id, { limit: 1, after: null }));
      return [newest?.rows[0] ?? null];
    },
    read: topUpIn,
  });
}
