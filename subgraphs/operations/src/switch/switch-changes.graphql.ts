import { allKeys, switchIn } from '@7pay/controls';
import {
  Allow,
  anybody,
  isOperator,
  type Live,
  type LiveSource,
  liveState,
  only,
  openingOf,
} from '@7pay/graphql';
import { Arg, ID, Resolver, Root, Subscription } from 'type-graphql';
import type { OperationsContext } from '../context.ts';
import { listSwitches, type SwitchView } from './list-switches.ts';
import { switchReference, SwitchType } from './switch.graphql.ts';

@Resolver(() => SwitchType)
export class SwitchChangesResolver {
  @Allow(only(anybody))
  @Subscription(() => SwitchType, {
    nullable: true,
    description:
      'How a switch stands, and each change; without a key, all of the register. The families (`payment.store.<id>`) come without a key for operators only, at first as many as `switches` lists.',
    subscribe: ({ args, context }) => switchChanges(args['key'] as string | null, context),
  })
  switchChanged(
    @Root() { value }: Live<SwitchView | null>,
    @Arg('key', () => ID, { nullable: true }) _key?: string,
  ): SwitchView | null {
    return value;
  }
}

/** The changes of one switch or, for null, of all that the caller may see in a list. */
function switchChanges(
  key: string | null | undefined,
  context: OperationsContext,
): Promise<LiveSource<SwitchView | null>> {
  const { viewer, switches, changes } = context;
  const isShown = (each: string) => isOperator(viewer) || allKeys.includes(each);
  const all = async (): Promise<SwitchView[]> =>
    (await listSwitches(switches)).filter((view) => isShown(view.key));
  return liveState<SwitchView | null>({
    feed: changes,
    topic: key ? { field: '_id', value: key } : 'all',
    opening: openingOf(context),
    present: async () => (key ? [await switchReference({ key }, context)] : all()),
    read: (document) => {
      const row = switchIn(document);
      return key || isShown(row.key) ? { key: row.key, row } : undefined;
    },
  });
}
