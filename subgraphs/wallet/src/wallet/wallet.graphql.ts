import {
  Allow,
  type Answer,
  type Connection,
  connectionOf,
  ControlsStale,
  DateTimeScalar,
  entity,
  FunctionClosed,
  member,
  memberOf,
  only,
  PageArgs,
  pageOf,
  refusalClass,
  resultUnion,
  StepUpRequired,
  toAnswer,
  YenScalar,
  ENTITIES,
} from '@7pay/graphql';
import {
  Arg,
  Args,
  Ctx,
  Directive,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import { toMember, type WalletContext } from '../context.ts';
import { PaymentType } from '../payment/payment-type.graphql.ts';
import { type Payment } from '../payment/payment.ts';
import { paymentSortKey } from '../payment/payment.store.ts';
import { TopUpType } from '../top-up/top-up-type.graphql.ts';
import type { TopUp } from '../top-up/top-up.ts';
import { topUpSortKey } from '../top-up/top-up.store.ts';
import type { Wallet } from './wallet.ts';

const WalletStateEnum = { OPEN: 'OPEN', FROZEN: 'FROZEN', CLOSED: 'CLOSED' } as const;
registerEnumType(WalletStateEnum, {
  name: 'WalletState',
  description: 'OPEN: pays and tops up. FROZEN: nothing leaves it. CLOSED: nothing moves.',
});

/** Payments, newest first. */
export const PaymentConnection = connectionOf('Payment', () => PaymentType);
const TopUpConnection = connectionOf('TopUp', () => TopUpType);

@Directive('@key(fields: "id")')
@ObjectType('Wallet', { description: ENTITIES.Wallet.type })
export class WalletType {
  @Field(() => ID, { description: ENTITIES.Wallet.key })
  id!: string;

  @Field(() => WalletStateEnum, { description: 'Whether it pays and tops up.' })
  state!: string;

  @Field(() => DateTimeScalar, { description: 'When the member opened it.' })
  openedAt!: Date;
}

@Directive('@key(fields: "id")')
@ObjectType('Member', { description: ENTITIES.Member.type })
export class MemberType {
  @Field(() => ID, { description: ENTITIES.Member.key })
  id!: string;
}

@ObjectType({ description: 'The wallet is open.' })
class WalletOpened {
  @Field(() => WalletType, { description: 'The wallet, new or opened before.' })
  wallet!: WalletType;
}

@InputType({ description: 'What a member accepts when opening a wallet.' })
class OpenWalletInput {
  @Field(() => String, { description: 'Version of the terms that was shown, such as 2019-07-01.' })
  termsVersion!: string;
}

const TermsOutdated = refusalClass('TERMS_OUTDATED', 'Other terms are in force by now.');

/** Refusals that payments, top-ups and codes share. */
export const WalletFrozen = refusalClass('WALLET_FROZEN', 'The wallet is frozen or closed.');
export const WalletNotOpen = refusalClass('WALLET_NOT_OPEN', 'The member has no wallet yet.');
export const BalanceCapExceeded = refusalClass(
  'BALANCE_CAP_EXCEEDED',
  'The balance would go above the most a wallet may hold.',
  { limit: { type: YenScalar, description: 'The most a wallet may hold, yen.' } },
);

const OpenWalletResult = resultUnion('OpenWalletResult', 'The wallet, or why not.', [
  WalletOpened,
  FunctionClosed,
  ControlsStale,
  StepUpRequired,
  TermsOutdated,
]);

@Resolver(() => WalletType)
export class WalletResolver {
  @Allow(only(member('wallet', { acr: 2 })))
  @Query(() => WalletType, {
    nullable: true,
    description: 'The wallet of the member who asks; null before it is opened.',
  })
  wallet(@Ctx() { viewer, wallets }: WalletContext): Promise<Wallet | null> {
    return wallets.findByMember(memberOf(viewer).memberId);
  }

  @Allow(only(member('wallet', { stepUp: 2 })))
  @Mutation(() => OpenWalletResult, {
    description: 'Opens the member’s wallet; asking again returns it.',
  })
  async openWallet(
    @Arg('input', () => OpenWalletInput) input: OpenWalletInput,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    const result = await useCases.openWallet(memberOf(viewer), input);
    return toAnswer(viewer, result, (wallet) => ({ __typename: 'WalletOpened', wallet }));
  }

  @FieldResolver(() => YenScalar, { description: 'All value in the wallet, yen.' })
  async balance(@Root() { id }: Wallet, @Ctx() { accountOf }: WalletContext): Promise<number> {
    return (await accountOf.load(id))?.posted ?? 0;
  }

  @FieldResolver(() => YenScalar, {
    description: 'What can be spent now: the balance less what is held, yen.',
  })
  async available(@Root() { id }: Wallet, @Ctx() { accountOf }: WalletContext): Promise<number> {
    const account = await accountOf.load(id);
    return account ? account.posted - account.held : 0;
  }

  @FieldResolver(() => MemberType, { description: 'Whose wallet it is.' })
  member(@Root() { memberId }: Wallet): MemberType {
    return { id: memberId };
  }

  @FieldResolver(() => PaymentConnection, {
    description: 'Payments out of this wallet, newest first.',
  })
  payments(
    @Root() { id }: Wallet,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { payments }: WalletContext,
  ): Promise<Connection<Payment>> {
    return pageOf(
      args,
      (page) => payments.ofWallet(id, page),
      paymentSortKey,
      (row) => row,
    );
  }

  @FieldResolver(() => TopUpConnection, { description: 'Top-ups of this wallet, newest first.' })
  topUps(
    @Root() { id }: Wallet,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { topUps }: WalletContext,
  ): Promise<Connection<TopUp>> {
    return pageOf(
      args,
      (page) => topUps.ofWallet(id, page),
      topUpSortKey,
      (row) => row,
    );
  }
}

@Resolver(() => MemberType)
export class MemberResolver {
  @Allow(toMember, ({ id }: MemberType) => ({ memberId: id }))
  @FieldResolver(() => WalletType, {
    nullable: true,
    description: 'The member’s wallet; null when there is none or it is not the caller’s to see.',
  })
  wallet(@Root() { id }: MemberType, @Ctx() { wallets }: WalletContext): Promise<Wallet | null> {
    return wallets.findByMember(id);
  }
}

/** How other subgraphs reach a wallet. A stranger's id finds nothing. */
export const walletReference = entity(
  toMember,
  ({ id }: { id: string }, { walletById }: WalletContext) => walletById.load(id),
  ({ memberId }) => ({ memberId }),
);
