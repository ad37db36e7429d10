import {
  Allow,
  type Answer,
  badUserInput,
  DateTimeScalar,
  freeText,
  FRESH_LOGIN,
  freshOperator,
  member,
  memberOf,
  only,
  refusalClass,
  resultUnion,
  SecondPersonRequired,
  shownTo,
  StepUpRequired,
  toAnswer,
} from '@7pay/graphql';
import type { Refused } from '@7pay/refusals';
import {
  Arg,
  Ctx,
  Directive,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { readsMoney, type WalletContext } from '../context.ts';
import { MemberType, WalletNotOpen, WalletType } from '../wallet/wallet.graphql.ts';
import type { Wallet } from '../wallet/wallet.ts';
import { type Freeze, type FreezeRefusal, THAW_FRESH_SECONDS } from './freeze.ts';

@ObjectType('WalletFreeze', { description: 'Why nothing leaves a wallet.' })
export class WalletFreezeType {
  @Field(() => DateTimeScalar, { description: 'Since when.' })
  at!: Date;
}

/** The reason is that of an operator; a member gives none. */
@Resolver(() => WalletFreezeType)
export class FreezeDetailResolver {
  @FieldResolver(() => String, {
    nullable: true,
    description: 'What the member is told in Japanese; null for the member’s own.',
  })
  reasonJa(@Root() { reason }: Freeze): string | null {
    return reason?.ja ?? null;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'What the member is told in English; null for the member’s own.',
  })
  reasonEn(@Root() { reason }: Freeze): string | null {
    return reason?.en ?? null;
  }

  @Directive('@tag(name: "internal")')
  @Allow(shownTo(readsMoney))
  @FieldResolver(() => MemberType, { nullable: true, description: 'Who did it. For operators.' })
  actor(@Root() { actor }: Freeze): MemberType {
    return { id: actor };
  }
}

@InputType({ description: 'Which wallet to freeze, and what its member reads.' })
class FreezeWalletInput {
  @Field(() => ID, { description: 'The wallet.' })
  walletId!: string;

  @Field(() => String, { description: 'The reason in Japanese, 1 to 200 characters.' })
  reasonJa!: string;

  @Field(() => String, { description: 'The reason in English, 1 to 200 characters.' })
  reasonEn!: string;
}

@ObjectType({
  description:
    'Nothing leaves the wallet any more. It tells no more: the password alone is enough.',
})
class MyWalletFrozen {
  @Field(() => WalletFreezeType, { description: 'The member’s freeze.' })
  freeze!: WalletFreezeType;
}

@ObjectType({ description: 'What the member froze is lifted.' })
class MyWalletThawed {
  @Field(() => WalletType, { description: 'The wallet; still FROZEN if an operator froze it too.' })
  wallet!: WalletType;
}

@ObjectType({ description: 'The wallet as it stands now.' })
class WalletFreezeChanged {
  @Field(() => WalletType, { description: 'The wallet.' })
  wallet!: WalletType;
}

export const WalletClosed = refusalClass('WALLET_CLOSED', 'The wallet is closed for good.');
const WalletFrozenByOperator = refusalClass(
  'WALLET_FROZEN_BY_OPERATOR',
  'An operator froze it; the member cannot lift that.',
);
const WalletFrozenAlready = refusalClass(
  'WALLET_FROZEN_ALREADY',
  'An operator has frozen it before.',
);
const WalletNotFrozen = refusalClass('WALLET_NOT_FROZEN', 'No operator has frozen it.');

const FreezeMyWalletResult = resultUnion('FreezeMyWalletResult', 'The freeze, or why not.', [
  MyWalletFrozen,
  WalletNotOpen,
  WalletClosed,
]);
const ThawMyWalletResult = resultUnion('ThawMyWalletResult', 'The wallet, or why not.', [
  MyWalletThawed,
  StepUpRequired,
  WalletNotOpen,
  WalletClosed,
  WalletFrozenByOperator,
]);
const FreezeWalletResult = resultUnion('FreezeWalletResult', 'The wallet, or why not.', [
  WalletFreezeChanged,
  WalletClosed,
  WalletFrozenAlready,
  WalletNotFrozen,
  SecondPersonRequired,
]);

@Resolver(() => WalletType)
export class FreezeResolver {
  @FieldResolver(() => WalletFreezeType, {
    nullable: true,
    description: 'The member’s own freeze, if there is one.',
  })
  ownFreeze(@Root() { freezes }: Wallet): Freeze | null {
    return freezes.own;
  }

  @FieldResolver(() => WalletFreezeType, {
    nullable: true,
    description: 'An operator’s freeze, if there is one; only operators lift it.',
  })
  operatorFreeze(@Root() { freezes }: Wallet): Freeze | null {
    return freezes.operators;
  }

  @Allow(only(member('wallet', { stepUp: 2, freshSeconds: THAW_FRESH_SECONDS })))
  @Mutation(() => ThawMyWalletResult, {
    description: 'Lifts what the member froze; asks for a second factor and a login just now.',
  })
  async thawMyWallet(@Ctx() { viewer, useCases }: WalletContext): Promise<Answer> {
    const result = await useCases.thawMyWallet(memberOf(viewer));
    return toAnswer(viewer, result, (wallet) => ({
      __typename: 'MyWalletThawed',
      wallet,
    }));
  }

  @Allow(only(member('wallet')))
  @Mutation(() => FreezeMyWalletResult, {
    description:
      'Stops everything that leaves the member’s wallet, at once; codes shown before do not work any more. The password alone is enough.',
  })
  async freezeMyWallet(@Ctx() { viewer, useCases }: WalletContext): Promise<Answer> {
    const result = await useCases.freezeMyWallet(memberOf(viewer));
    return toAnswer(viewer, result, ({ freezes }) => ({
      __typename: 'MyWalletFrozen',
      freeze: freezes.own,
    }));
  }

  @Directive('@tag(name: "internal")')
  @Allow(only(freshOperator(FRESH_LOGIN.workdaySeconds, 'support', 'security')))
  @Mutation(() => FreezeWalletResult, {
    description: 'Stops everything that leaves one wallet. One operator is enough.',
  })
  async freezeWallet(
    @Arg('input', () => FreezeWalletInput) { walletId, reasonJa, reasonEn }: FreezeWalletInput,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    const reason = {
      ja: freeText('reasonJa', reasonJa, 200),
      en: freeText('reasonEn', reasonEn, 200),
    };
    if (!reason.ja || !reason.en) throw badUserInput('reason: 1 to 200 characters are expected');
    const result = await useCases.freezeWallet(memberOf(viewer), { walletId, reason });
    return changed(viewer, result);
  }

  @Directive('@tag(name: "internal")')
  @Allow(only(freshOperator(FRESH_LOGIN.workdaySeconds, 'support', 'security')))
  @Mutation(() => FreezeWalletResult, {
    description: 'Lifts an operator’s freeze: another operator than the one who froze it.',
  })
  async thawWallet(
    @Arg('walletId', () => ID) walletId: string,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    return changed(viewer, await useCases.thawWallet(memberOf(viewer), { walletId }));
  }
}

const changed = (viewer: WalletContext['viewer'], result: Wallet | Refused<FreezeRefusal>) =>
  toAnswer(viewer, result, (wallet) => ({ __typename: 'WalletFreezeChanged', wallet }));
