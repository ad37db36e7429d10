import {
  Allow,
  type Answer,
  DateTimeScalar,
  FRESH_LOGIN,
  freshOperator,
  memberOf,
  only,
  operator,
  refusalClass,
  resultUnion,
  toAnswer,
} from '@7pay/graphql';
import {
  Arg,
  Ctx,
  Directive,
  Field,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql';
import type { IdentityContext } from '../account/member.graphql.ts';
import { readNote } from '../audit/note.ts';
import type { DeadNotice } from './notice.store.ts';

@Directive('@tag(name: "internal")')
@ObjectType('DeadNotice', {
  description:
    'What a client is owed and did not take in fourteen tries: that a session ended, say.',
})
class DeadNoticeType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => String, { description: '`logout` or `ping`.' })
  kind!: string;

  @Field(() => ID, { description: 'The client.' })
  clientId!: string;

  @Field(() => String, { nullable: true, description: 'What to call it.' })
  clientName!: string | null;

  @Field(() => String, { description: 'Where it was sent.' })
  uri!: string;

  @Field(() => Int, { description: 'How often it was tried.' })
  tries!: number;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  madeAt!: Date;

  @Field(() => String, { description: 'What went wrong the last time, in a few words.' })
  problem!: string;
}

@Directive('@tag(name: "internal")')
@InputType({ description: 'A dead notice, and why something is done to it.' })
class DeadNoticeInput {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => String, { description: 'Why, for the record: 1 to 200 characters, about nobody.' })
  reason!: string;
}

@Directive('@tag(name: "internal")')
@ObjectType({ description: 'It is dead no more.' })
class NoticeChanged {
  @Field(() => ID, { description: 'The notice.' })
  id!: string;
}

const NoticeNotDead = refusalClass('NOTICE_NOT_DEAD', 'It is waiting again, or was dropped.');
const ChangeNoticeResult = resultUnion('ChangeNoticeResult', 'That it is done, or why not.', [
  NoticeChanged,
  NoticeNotDead,
]);
const FRESH = only(freshOperator(FRESH_LOGIN.workdaySeconds, 'security'));

@Resolver()
export class NoticesResolver {
  @Directive('@tag(name: "internal")')
  @Directive('@cost(weight: 2)')
  @Directive('@listSize(assumedSize: 10)')
  @Allow(only(operator('security', 'auditor')))
  @Query(() => [DeadNoticeType], {
    description: 'What nobody took, the newest first: at most 100.',
  })
  async deadNotices(
    @Ctx() { viewer, administration, clientName }: IdentityContext,
  ): Promise<DeadNoticeType[]> {
    const all: DeadNotice[] = await administration.notices.dead();
    return Promise.all(
      all.map(async (notice) => ({
        ...notice,
        clientName: await clientName(notice.clientId, viewer.locale),
      })),
    );
  }

  @Directive('@tag(name: "internal")')
  @Allow(FRESH)
  @Mutation(() => ChangeNoticeResult, { description: 'Gives a dead notice its tries back.' })
  async reviveNotice(
    @Arg('input', () => DeadNoticeInput) input: DeadNoticeInput,
    @Ctx() context: IdentityContext,
  ): Promise<Answer> {
    return change(context, input, 'revive');
  }

  @Directive('@tag(name: "internal")')
  @Allow(FRESH)
  @Mutation(() => ChangeNoticeResult, {
    description: 'Takes a dead notice away: its client is never told.',
  })
  async dropNotice(
    @Arg('input', () => DeadNoticeInput) input: DeadNoticeInput,
    @Ctx() context: IdentityContext,
  ): Promise<Answer> {
    return change(context, input, 'drop');
  }
}

async function change(
  { viewer, administration }: IdentityContext,
  { id, reason }: DeadNoticeInput,
  step: 'revive' | 'drop',
): Promise<Answer> {
  const order = { id, by: memberOf(viewer).memberId, note: readNote(reason) };
  const result = await administration.notices[step](order);
  return toAnswer(viewer, result, (done) => ({ __typename: 'NoticeChanged', ...done }));
}
