import {
  Allow,
  type Connection,
  connectionOf,
  DateScalar,
  DateTimeScalar,
  only,
  operator,
  PageArgs,
  pageOf,
  terminal,
  terminalOf,
  YenScalar,
} from '@7pay/graphql';
import {
  Arg,
  Args,
  Ctx,
  Directive,
  Field,
  FieldResolver,
  ID,
  Int,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import type { WalletContext } from '../context.ts';
import { PayoutType, shownPayout } from '../payout/payout-type.graphql.ts';
import { settlementBatchSortKey } from './settlement-batch.store.ts';
import { settlementItemSortKey } from './settlement-item.store.ts';
import { type SettlementBatch, type SettlementItem, sumsOf } from './settlement.ts';

const BatchStateEnum = { OPEN: 'OPEN', CLOSED: 'CLOSED' } as const;
registerEnumType(BatchStateEnum, {
  name: 'SettlementBatchState',
  description:
    'OPEN: entries still come in, and no fee is known. CLOSED: what it comes to is final.',
});
const ItemSideEnum = { PAYMENT: 'PAYMENT', REFUND: 'REFUND' } as const;
registerEnumType(ItemSideEnum, {
  name: 'SettlementItemSide',
  description: 'PAYMENT is owed to the merchant; REFUND went back to a member.',
});

@Directive('@tag(name: "internal")')
@Directive('@tag(name: "merchant")')
@ObjectType('SettlementItem', { description: 'One payment or refund that a batch is made of.' })
class SettlementItemType {
  @Field(() => ID, { description: 'The journal entry.' })
  id!: string;

  @Field(() => ID, { description: 'The payment, `pay_…`.' })
  paymentId!: string;

  @Field(() => ID, { description: 'The store, `sto_…`.' })
  storeId!: string;

  @Field(() => ItemSideEnum, { description: 'Which way it went.' })
  side!: string;

  @Field(() => YenScalar, { description: 'Yen.' })
  amount!: number;

  @Field(() => Int, { description: 'The rate of its payment, hundredths of a percent.' })
  basisPoints!: number;

  @Field(() => DateScalar, {
    description: 'Its own business date; a late one is in a later batch.',
  })
  businessDate!: string;

  @Field(() => DateTimeScalar, { description: 'When it was booked.' })
  at!: Date;
}
const ItemConnection = connectionOf('SettlementItem', () => SettlementItemType);

@Directive('@tag(name: "internal")')
@Directive('@tag(name: "merchant")')
@ObjectType('SettlementBatch', {
  description:
    'What a merchant and a business date come to: payments − refunds − fee + feeReturned − carriedIn = settled − carriedOut.',
})
class SettlementBatchType {
  @Field(() => ID, { description: 'Opaque id, `stl_…`.' })
  id!: string;

  @Field(() => ID, { description: 'The merchant, `mer_…`.' })
  merchantId!: string;

  @Field(() => DateScalar, { description: 'The business date.' })
  businessDate!: string;

  @Field(() => BatchStateEnum, { description: 'Whether it is final.' })
  state!: string;

  @Field(() => Int, { description: 'Payments and refunds in it.' })
  count!: number;

  @Field(() => YenScalar, { description: 'What was settled and is paid out, yen.' })
  settled!: number;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was closed.' })
  closedAt!: Date | null;
}
const BatchConnection = connectionOf('SettlementBatch', () => SettlementBatchType);

@Resolver(() => SettlementBatchType)
export class SettlementResolver {
  @Directive('@tag(name: "internal")')
  @Allow(only(operator('finance', 'auditor')))
  @Query(() => BatchConnection, {
    description: 'Settlement batches by business date, newest first; of one merchant, or of all.',
  })
  settlementBatches(
    @Args(() => PageArgs) args: PageArgs,
    @Arg('merchantId', () => ID, { nullable: true, description: 'Those of this merchant.' })
    merchantId: string | null,
    @Ctx() { batches }: WalletContext,
  ): Promise<Connection<SettlementBatch>> {
    return pageOf(
      args,
      (page) => batches.page(merchantId ?? null, page),
      settlementBatchSortKey,
      (row) => row,
    );
  }

  @Directive('@tag(name: "merchant")')
  @Allow(only(terminal()))
  @Query(() => BatchConnection, {
    description: 'The settlement batches of the merchant whose terminal asks, newest first.',
  })
  mySettlementBatches(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { viewer, batches }: WalletContext,
  ): Promise<Connection<SettlementBatch>> {
    const { merchantId } = terminalOf(viewer);
    return pageOf(
      args,
      (page) => batches.page(merchantId, page),
      settlementBatchSortKey,
      (row) => row,
    );
  }

  @FieldResolver(() => YenScalar, { description: 'Payments in it, yen.' })
  payments(@Root() batch: SettlementBatch): number {
    return sumsOf(batch).payments;
  }

  @FieldResolver(() => YenScalar, { description: 'Refunds in it, yen.' })
  refunds(@Root() batch: SettlementBatch): number {
    return sumsOf(batch).refunds;
  }

  @FieldResolver(() => YenScalar, { description: 'Our fee, yen; 0 while it is open.' })
  fee(@Root() { fee }: SettlementBatch): number {
    return Math.max(0, fee);
  }

  @FieldResolver(() => YenScalar, {
    description:
      'Fee that refunds of earlier payments gave back, yen, where that is more than the fee.',
  })
  feeReturned(@Root() { fee }: SettlementBatch): number {
    return Math.max(0, -fee);
  }

  @FieldResolver(() => YenScalar, { description: 'What earlier batches lacked, yen.' })
  carriedIn(@Root() { carriedIn }: SettlementBatch): number {
    return Math.abs(carriedIn);
  }

  @FieldResolver(() => YenScalar, {
    description: 'What it lacks and the next one takes over, yen.',
  })
  carriedOut(@Root() { carriedOut }: SettlementBatch): number {
    return Math.abs(carriedOut);
  }

  @FieldResolver(() => ItemConnection, { description: 'What it is made of, newest first.' })
  items(
    @Root() { id }: SettlementBatch,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { settlementItems }: WalletContext,
  ): Promise<Connection<SettlementItem>> {
    return pageOf(
      args,
      (page) => settlementItems.page(id, page),
      settlementItemSortKey,
      (row) => row,
    );
  }

  @FieldResolver(() => [PayoutType], { description: 'How it is paid; returned ones too.' })
  async payouts(
    @Root() { id }: SettlementBatch,
    @Ctx() { payoutsOfBatch }: WalletContext,
  ): Promise<readonly PayoutType[]> {
    return (await payoutsOfBatch.load(id)).map(shownPayout);
  }
}
