import { Allow, DateTimeScalar, only, shownTo } from '@7pay/graphql';
import {
  Arg,
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
import { readsMoney, type WalletContext } from '../context.ts';
import { MemberType, WalletType } from '../wallet/wallet.graphql.ts';
import type { Wallet } from '../wallet/wallet.ts';
import type { FreezeRecord } from './freeze.ts';

/** The last ones; a wallet has few. */
const HISTORY_MOST = 50;

const FreezeActionEnum = { FREEZE: 'FREEZE', THAW: 'THAW' } as const;
registerEnumType(FreezeActionEnum, { name: 'FreezeAction', description: 'What was done.' });
const FreezeSideEnum = { MEMBER: 'MEMBER', OPERATOR: 'OPERATOR' } as const;
registerEnumType(FreezeSideEnum, { name: 'FreezeSide', description: 'Whose freeze it is.' });

@Directive('@tag(name: "internal")')
@ObjectType('WalletFreezeRecord', { description: 'What was done to a wallet, by whom and why.' })
class FreezeRecordType {
  @Field(() => ID, { description: 'That of the journal entry.' })
  id!: string;

  @Field(() => FreezeActionEnum, { description: 'Whether it was stopped or opened.' })
  action!: string;

  @Field(() => FreezeSideEnum, { description: 'Whether the member or an operator did it.' })
  side!: string;

  @Field(() => DateTimeScalar, { description: 'When.' })
  at!: Date;
}

@Resolver(() => FreezeRecordType)
export class FreezeRecordResolver {
  @FieldResolver(() => MemberType, { description: 'Who did it.' })
  actor(@Root() { actor }: FreezeRecord): MemberType {
    return { id: actor };
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'What the member was told in Japanese.',
  })
  reasonJa(@Root() { reason }: FreezeRecord): string | null {
    return reason?.ja ?? null;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'What the member was told in English.',
  })
  reasonEn(@Root() { reason }: FreezeRecord): string | null {
    return reason?.en ?? null;
  }
}

@Resolver(() => WalletType)
export class FreezeHistoryResolver {
  @Directive('@tag(name: "internal")')
  @Allow(only(readsMoney))
  @Query(() => WalletType, { nullable: true, description: 'A wallet by its id. For operators.' })
  walletById(
    @Arg('id', () => ID) id: string,
    @Ctx() { walletById }: WalletContext,
  ): Promise<Wallet | null> {
    return walletById.load(id);
  }

  @Directive('@tag(name: "internal")')
  @Directive('@cost(weight: 5)')
  @Directive('@listSize(assumedSize: 10)')
  @Allow(shownTo(readsMoney))
  @FieldResolver(() => [FreezeRecordType], {
    nullable: true,
    description: `Who froze and thawed it, newest first, at most ${HISTORY_MOST}. For operators.`,
  })
  freezeHistory(
    @Root() { id }: Wallet,
    @Ctx() { freezeRecords }: WalletContext,
  ): Promise<FreezeRecord[]> {
    return freezeRecords.ofWallet(id, HISTORY_MOST);
  }
}
