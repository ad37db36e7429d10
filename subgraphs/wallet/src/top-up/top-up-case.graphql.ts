import {
  Allow,
  type Connection,
  connectionOf,
  DateTimeScalar,
  only,
  operator,
  PageArgs,
  pageOf,
  YenScalar,
} from '@7pay/graphql';
import {
  Args,
  Ctx,
  Directive,
  Field,
  ID,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
} from 'type-graphql';
import type { WalletContext } from '../context.ts';
import { topUpCaseSortKey } from './top-up-case.store.ts';
import type { TopUpCase } from './top-up-case.ts';
import { TopUpSourceEnum } from './top-up-type.graphql.ts';

const TopUpCaseReasonEnum = {
  WALLET_REFUSED: 'WALLET_REFUSED',
  NEVER_ASKED: 'NEVER_ASKED',
  AMOUNT_DIFFERS: 'AMOUNT_DIFFERS',
  TAKEN_AFTER_DECLINED: 'TAKEN_AFTER_DECLINED',
  NOT_TAKEN_AFTER_SETTLED: 'NOT_TAKEN_AFTER_SETTLED',
  VOID_TOO_LATE: 'VOID_TOO_LATE',
} as const;
registerEnumType(TopUpCaseReasonEnum, {
  name: 'TopUpCaseReason',
  description: 'Why people have to look at money of a top-up (docs/flows/top-up.md).',
});
const TopUpCaseStateEnum = { OPEN: 'OPEN', RESOLVED: 'RESOLVED' } as const;
registerEnumType(TopUpCaseStateEnum, {
  name: 'TopUpCaseState',
  description: 'Whether somebody has decided.',
});

@ObjectType('TopUpCase', { description: 'Money of a top-up that waits for people.' })
class TopUpCaseType {
  @Field(() => ID, { description: 'Opaque id, `toc_…`.' })
  id!: string;

  @Field(() => TopUpSourceEnum, { description: 'Where the money came from.' })
  source!: string;

  @Field(() => TopUpCaseReasonEnum, { description: 'Why.' })
  reason!: string;

  @Field(() => YenScalar, {
    description: 'Yen that were taken, or that are in the wallet though they were not.',
  })
  amount!: number;

  @Field(() => ID, { nullable: true, description: 'The top-up, where there is one.' })
  topUpId!: string | null;

  @Field(() => String, { nullable: true, description: 'The number that the other party gave it.' })
  partyReference!: string | null;

  @Field(() => TopUpCaseStateEnum, { description: 'Whether somebody has decided.' })
  state!: string;

  @Field(() => DateTimeScalar, { description: 'Since when it waits.' })
  openedAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was decided.' })
  resolvedAt!: Date | null;
}

const TopUpCaseConnection = connectionOf('TopUpCase', () => TopUpCaseType);

@Resolver()
export class TopUpCaseResolver {
  @Directive('@tag(name: "internal")')
  @Allow(only(operator))
  @Query(() => TopUpCaseConnection, { description: 'Cases of top-ups, newest first.' })
  topUpCases(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { topUpCases }: WalletContext,
  ): Promise<Connection<TopUpCase>> {
    return pageOf(
      args,
      (page) => topUpCases.page(page),
      topUpCaseSortKey,
      (row) => row,
    );
  }
}
