import {
  Allow,
  anybody,
  type Connection,
  connectionOf,
  DateScalar,
  ENTITIES,
  entity,
  only,
  PageArgs,
  pageOf,
  shownTo,
} from '@7pay/graphql';
import { businessDate } from '@7pay/time';
import {
  Arg,
  Args,
  Ctx,
  Directive,
  Field,
  FieldResolver,
  ID,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import type { MerchantContext } from '../context.ts';
import type { Merchant, Store } from './merchant.ts';

const MerchantStateEnum = { ACTIVE: 'ACTIVE', SUSPENDED: 'SUSPENDED', ENDED: 'ENDED' } as const;
registerEnumType(MerchantStateEnum, {
  name: 'MerchantState',
  description: 'Whether the contract runs.',
});
const StoreStateEnum = { SELLING: 'SELLING', SUSPENDED: 'SUSPENDED' } as const;
registerEnumType(StoreStateEnum, {
  name: 'StoreState',
  description: 'Whether the store takes payments.',
});

@Directive('@key(fields: "id")')
@ObjectType('Store', { description: ENTITIES.Store.type })
export class StoreType {
  @Field(() => ID, { description: ENTITIES.Store.key })
  id!: string;

  @Field(() => String, { description: 'The number on its receipts.' })
  code!: string;

  @Field(() => String, { description: 'Name as customers know it.' })
  name!: string;

  @Field(() => String, { description: 'Address in one line.' })
  address!: string;

  @Field(() => StoreStateEnum, { description: 'Whether it takes payments.' })
  state!: string;
}

/** Stores, by code. */
export const StoreConnection = connectionOf('Store', () => StoreType);

@Directive('@key(fields: "id")')
@ObjectType('Merchant', { description: ENTITIES.Merchant.type })
export class MerchantType {
  @Field(() => ID, { description: ENTITIES.Merchant.key })
  id!: string;

  @Field(() => String, { description: 'Name.' })
  name!: string;

  @Field(() => String, { description: 'Name in katakana.' })
  nameKana!: string;

  @Field(() => MerchantStateEnum, { description: 'Whether its contract runs.' })
  state!: string;

  @Field(() => DateScalar, { description: 'First business date of its contract.' })
  opensOn!: string;
}

@Resolver(() => StoreType)
export class StoreResolver {
  @Allow(only(anybody))
  @Query(() => StoreType, { nullable: true, description: 'One store that has opened; public.' })
  store(@Arg('id', () => ID) id: string, @Ctx() context: MerchantContext): Promise<Store | null> {
    return storeReference({ id }, context);
  }

  @Allow(only(anybody))
  @Query(() => StoreConnection, { description: 'Stores that sell today, by code; public.' })
  stores(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { merchants, clock }: MerchantContext,
  ): Promise<Connection<Store>> {
    const sellingOn = businessDate(clock.now());
    return pageOf(
      args,
      (page) => merchants.pageStores({ sellingOn }, page),
      ({ code }) => code,
      (row) => row,
    );
  }

  @FieldResolver(() => MerchantType, { description: 'Whose store it is.' })
  merchant(
    @Root() { merchantId }: Store,
    @Ctx() { merchantById }: MerchantContext,
  ): Promise<Merchant | null> {
    return merchantById.load(merchantId);
  }
}

@Resolver(() => MerchantType)
export class MerchantResolver {
  @FieldResolver(() => StoreConnection, { description: 'Its stores, by code.' })
  stores(
    @Root() { id }: Merchant,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { merchants }: MerchantContext,
  ): Promise<Connection<Store>> {
    return pageOf(
      args,
      (page) => merchants.pageStores({ merchantId: id }, page),
      ({ code }) => code,
      (row) => row,
    );
  }
}

/** How other subgraphs reach a store. */
export const storeReference = entity(
  shownTo(anybody),
  ({ id }: { id: string }, { storeById }: MerchantContext) => storeById.load(id),
);

/** How other subgraphs reach a merchant. */
export const merchantReference = entity(
  shownTo(anybody),
  ({ id }: { id: string }, { merchantById }: MerchantContext) => merchantById.load(id),
);
