import {
  Allow,
  type Connection,
  connectionOf,
  DateTimeScalar,
  type Live,
  type LiveSource,
  liveState,
  member,
  memberOf,
  only,
  openingOf,
  PageArgs,
  pageOf,
  YenScalar,
} from '@7pay/graphql';
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Int,
  Mutation,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import type { WalletContext } from '../context.ts';
import { noticeIn, noticeSortKey, UNREAD_MOST } from './notice.store.ts';
import { movementIdOf, type Notice, NOTICE_KINDS, wordsOf } from './notice.ts';

const NoticeKindEnum = Object.fromEntries(NOTICE_KINDS.map((kind) => [kind, kind]));
registerEnumType(NoticeKindEnum, {
  name: 'WalletNoticeKind',
  description:
    'The movement it tells of. WALLET_CLOSE: the wallet was closed and its balance can be claimed. PAYMENT_REVIEW: a payment waits for the member’s answer. PAYMENT_NOT_MADE: it was let go, nothing was charged.',
});

@ObjectType('WalletNotice', {
  description: 'What a member is told: a movement, or a payment that is looked at.',
})
class WalletNoticeType {
  @Field(() => ID, { description: 'Follows from the journal entry.' })
  id!: string;

  @Field(() => NoticeKindEnum, { description: 'What it tells of.' })
  kind!: string;

  @Field(() => Int, { description: 'Whole yen; negative leaves the wallet.' })
  amount!: number;

  @Field(() => YenScalar, { description: 'What was in the wallet after it, yen.' })
  balanceAfter!: number;

  @Field(() => ID, {
    nullable: true,
    description: 'What to give to `reportUnrecognised` if it was not the member.',
  })
  subject!: string | null;

  @Field(() => String, { nullable: true, description: 'Where it was, as far as known.' })
  storeName!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it was booked.' })
  at!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the member read it.' })
  readAt!: Date | null;
}
const NoticeConnection = connectionOf('WalletNotice', () => WalletNoticeType);

@Resolver(() => WalletNoticeType)
export class NoticeResolver {
  @FieldResolver(() => ID, {
    nullable: true,
    description: 'The movement (`myMovement`); null when nothing has moved.',
  })
  movementId(@Root() notice: Notice): string | null {
    return movementIdOf(notice);
  }

  @FieldResolver(() => String, { description: 'One line, in the language of the caller.' })
  title(@Root() notice: Notice, @Ctx() { viewer }: WalletContext): string {
    return wordsOf(notice, viewer.locale).title;
  }

  @FieldResolver(() => String, {
    description: 'Amount, store and balance in words, in the language of the caller.',
  })
  body(@Root() notice: Notice, @Ctx() { viewer }: WalletContext): string {
    return wordsOf(notice, viewer.locale).body;
  }

  @Allow(only(member('wallet', { acr: 2 })))
  @Query(() => NoticeConnection, {
    description: 'The notices of the member who asks, newest first.',
  })
  myNotices(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { viewer, notices }: WalletContext,
  ): Promise<Connection<Notice>> {
    const { memberId } = memberOf(viewer);
    return pageOf(
      args,
      (page) => notices.ofMember(memberId, page),
      noticeSortKey,
      (row) => row,
    );
  }

  @Allow(only(member('wallet', { acr: 2 })))
  @Query(() => Int, {
    description: `How many notices the member has not read; ${UNREAD_MOST} stands for more.`,
  })
  myUnreadNotices(@Ctx() { viewer, notices }: WalletContext): Promise<number> {
    return notices.unread(memberOf(viewer).memberId);
  }

  @Allow(only(member('wallet', { acr: 2 })))
  @Mutation(() => Int, {
    description: 'Marks the notices up to an instant as read; answers how many are unread.',
  })
  async markNoticesRead(
    @Arg('until', () => DateTimeScalar, { description: '`at` of the newest one on screen.' })
    until: Date,
    @Ctx() { viewer, notices, clock }: WalletContext,
  ): Promise<number> {
    const { memberId } = memberOf(viewer);
    await notices.markRead(memberId, until, clock.now());
    return notices.unread(memberId);
  }

  @Allow(only(member('wallet', { acr: 2 })))
  @Subscription(() => WalletNoticeType, {
    nullable: true,
    description:
      'The newest notice of the member who asks, and then each that is made or read. Null before the first.',
    subscribe: ({ context }) => ofMember(context),
  })
  myNoticeAdded(@Root() { value }: Live<Notice | null>): Notice | null {
    return value;
  }
}

function ofMember(context: WalletContext): Promise<LiveSource<Notice | null>> {
  const { viewer, changes, notices } = context;
  const { memberId } = memberOf(viewer);
  return liveState<Notice | null>({
    feed: changes.notices,
    topic: { field: 'memberId', value: memberId },
    opening: openingOf(context),
    present: async () => [
      (await notices.ofMember(memberId, { limit: 1, after: null })).rows[0] ?? null,
    ],
    read: noticeIn,
  });
}
