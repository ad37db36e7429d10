import 'reflect-metadata';
import type { ChangeFeed } from '@7pay/mongo';
import type { Log } from '@7pay/telemetry';
import type { Connection } from 'mongoose';
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import { Allow } from '../access/allow.ts';
import { anybody, anyCaller, only, shownTo } from '../access/rule.ts';
import { defineSubgraph, type Subgraph } from '../define-subgraph.ts';
import { badUserInput } from '../errors.ts';
import { type Live, liveState, openingOf } from '../subscriptions/live.ts';
import type { Subscribe } from '../subscriptions/subscribe.ts';
import type { Viewer } from '../viewer.ts';

interface Lamp {
  readonly id: string;
  readonly state: string;
}
interface LampContext {
  readonly viewer: Viewer;
  readonly feed: ChangeFeed;
  readonly find: (id: string) => Promise<Lamp | null>;
  /** Which context of all it is. */
  readonly count: number;
}

@ObjectType('Lamp', { description: 'A lamp.' })
class LampType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => String, { description: 'How it stands.' })
  state!: string;
}

@Resolver(() => LampType)
class LampResolver {
  @Allow(only(anybody))
  @Query(() => Int, { description: 'How many there are.' })
  lamps(): number {
    return 0;
  }

  @Allow(only(anyCaller))
  @Subscription(() => LampType, {
    nullable: true,
    description: 'How a lamp stands, and each change.',
    subscribe: ({ args, context }) => lampChanges(args['id'] as string, context),
  })
  lampChanged(@Root() { value }: Live<Lamp | null>, @Arg('id', () => ID) _id: string): Lamp | null {
    return value;
  }

  @FieldResolver(() => Int, { description: 'Which context made this.' })
  seen(@Ctx() { count }: LampContext): number {
    return count;
  }
}

function lampChanges(id: string, context: LampContext) {
  if (!/^\w+$/.test(id)) throw badUserInput('id: a word is expected');
  return liveState<Lamp | null>({
    feed: context.feed,
    topic: { field: '_id', value: id },
    opening: openingOf(context),
    present: async () => [await context.find(id)],
    read: ({ _id, state }) => ({ id: String(_id), state: String(state) }),
  });
}

/** A subgraph that tells of lamps. */
export interface Told {
  readonly subgraph: Subgraph;
  readonly subscribe: Subscribe;
  readonly execute: Subgraph['execute'];
}

/** A small subgraph with a subscription, on a collection of its own. */
export function toldSubgraph(feed: ChangeFeed, connection: Connection, log: Log): Told {
  let count = 0;
  const subgraph = defineSubgraph<LampContext>({
    name: 'told',
    resolvers: [LampResolver],
    context: (viewer) => ({
      viewer,
      feed,
      find: async (id) => {
        const row = await connection.collection<{ _id: string }>('lamps').findOne({ _id: id });
        return row && { id, state: String((row as unknown as { state: unknown }).state) };
      },
      count: (count += 1),
    }),
    log,
  });
  if (!subgraph.subscribe) throw new Error('it has a subscription');
  return { subgraph, subscribe: subgraph.subscribe, execute: subgraph.execute };
}

const nothing = async function* () {};

@Resolver()
class UnruledResolver {
  @Allow(only(anybody))
  @Query(() => Int, { description: 'One.' })
  one(): number {
    return 1;
  }

  @Subscription(() => Int, { nullable: true, description: 'Nothing.', subscribe: nothing })
  unruled(): null {
    return null;
  }
}

@Resolver()
class HiddenResolver {
  @Allow(only(anybody))
  @Query(() => Int, { description: 'Two.' })
  two(): number {
    return 2;
  }

  @Allow(shownTo(anyCaller))
  @Subscription(() => Int, { nullable: true, description: 'Nothing.', subscribe: nothing })
  hidden(): null {
    return null;
  }
}

const bare = (name: string, resolver: typeof UnruledResolver | typeof HiddenResolver, log: Log) =>
  defineSubgraph({ name, resolvers: [resolver], context: (viewer) => ({ viewer }), log });

/** It has a subscription without a rule. */
export const unruledSubgraph = (log: Log) => bare('unruled', UnruledResolver, log);

/** It has a subscription that is hidden. */
export const hiddenSubgraph = (log: Log) => bare('hidden', HiddenResolver, log);
