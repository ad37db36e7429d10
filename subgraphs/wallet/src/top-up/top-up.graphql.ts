import {
  Allow,
  type Answer,
  checkCallersId,
  member,
  memberOf,
  only,
  PointsScalar,
  resultUnion,
  StepUpRequired,
  terminal,
  terminalOf,
  toAnswer,
  YenScalar,
} from '@7pay/graphql';
import type { Points, Yen } from '@7pay/money';
import {
  Arg,
  Ctx,
  Directive,
  Field,
  FieldResolver,
  InputType,
  Mutation,
  Resolver,
  Root,
} from 'type-graphql';
import type { WalletContext } from '../context.ts';
import { StoreType } from '../payment/payment-type.graphql.ts';
import { codeRefusals, StoreNotSelling } from '../payment/payment-refusals.graphql.ts';
import { WalletNotOpen } from '../wallet/wallet.graphql.ts';
import {
  InsufficientPoints,
  PointsOwed,
  TopUpDeclined,
  topUpRefusals,
} from './top-up-refusals.graphql.ts';
import { TopUpAccepted, TopUpType } from './top-up-type.graphql.ts';
import type { TopUp } from './top-up.ts';

@InputType({ description: 'Cash that a register takes for a member’s wallet.' })
class TopUpAtRegisterInput {
  @Field(() => String, {
    description:
      'The register’s own number, 1 to 64 letters, digits or _ . : -. Sent twice, it tops up once.',
  })
  topUpId!: string;

  @Field(() => String, { description: 'The 24 digits of the code that the customer shows.' })
  code!: string;

  @Field(() => YenScalar, { description: 'The cash, yen, in the steps of the limits in force.' })
  amount!: Yen;
}

const TopUpAtRegisterResult = resultUnion('TopUpAtRegisterResult', 'The top-up, or why not.', [
  TopUpAccepted,
  ...topUpRefusals,
  ...codeRefusals,
  StoreNotSelling,
  TopUpDeclined,
]);

@InputType({ description: 'Points that become yen in the member’s wallet.' })
class TopUpByPointsInput {
  @Field(() => String, {
    description:
      'The app’s own number, 1 to 64 letters, digits or _ . : -. Sent twice, it tops up once.',
  })
  topUpId!: string;

  @Field(() => PointsScalar, { description: 'How many points; as many yen.' })
  points!: Points;
}

const TopUpByPointsResult = resultUnion('TopUpByPointsResult', 'The top-up, or why not.', [
  TopUpAccepted,
  ...topUpRefusals,
  StepUpRequired,
  WalletNotOpen,
  InsufficientPoints,
  PointsOwed,
]);

@Resolver(() => TopUpType)
export class TopUpResolver {
  @Directive('@tag(name: "merchant")')
  @Allow(only(terminal()))
  @Mutation(() => TopUpAtRegisterResult, {
    description: 'Loads cash taken at the asking terminal into the wallet of a code.',
  })
  async topUpAtRegister(
    @Arg('input', () => TopUpAtRegisterInput) input: TopUpAtRegisterInput,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    const register = terminalOf(viewer);
    checkCallersId('topUpId', input.topUpId);
    const result = await useCases.topUpAtRegister(register, input);
    return toAnswer(viewer, result, (topUp) => ({ __typename: 'TopUpAccepted', topUp }));
  }

  @Allow(only(member('wallet', { stepUp: 2 })))
  @Mutation(() => TopUpByPointsResult, {
    description: 'Makes yen in the member’s wallet of nanaco points, one for one, at once.',
  })
  async topUpByPoints(
    @Arg('input', () => TopUpByPointsInput) input: TopUpByPointsInput,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    checkCallersId('topUpId', input.topUpId);
    const result = await useCases.topUpByPoints(memberOf(viewer), input);
    return toAnswer(viewer, result, (topUp) => ({ __typename: 'TopUpAccepted', topUp }));
  }

  @FieldResolver(() => StoreType, {
    nullable: true,
    description: 'The store whose register took the cash; null for other sources.',
  })
  store(@Root() topUp: TopUp): StoreType | null {
    return topUp.source === 'REGISTER' ? { id: topUp.storeId } : null;
  }
}
