import {
  Allow,
  type Answer,
  checkCallersId,
  ControlsStale,
  FunctionClosed,
  only,
  refusalClass,
  resultUnion,
  terminal,
  terminalOf,
  toAnswer,
  YenScalar,
} from '@7pay/graphql';
import type { Yen } from '@7pay/money';
import {
  Arg,
  Ctx,
  Directive,
  Field,
  FieldResolver,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import type { WalletContext } from '../context.ts';
import { StoreType } from '../payment/payment-type.graphql.ts';
import { codeRefusals, StoreNotSelling } from '../payment/payment-refusals.graphql.ts';
import { BalanceCapExceeded, WalletFrozen } from '../wallet/wallet.graphql.ts';
import { TopUpType } from './top-up-type.graphql.ts';
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

@ObjectType({ description: 'The top-up is booked, or waits for the register network if PENDING.' })
class TopUpAccepted {
  @Field(() => TopUpType, { description: 'The top-up.' })
  topUp!: TopUpType;
}

const TopUpStepWrong = refusalClass(
  'TOP_UP_STEP_WRONG',
  'The amount is not a multiple of the step.',
  {
    step: { type: YenScalar, description: 'The step, yen.' },
  },
);
const TopUpLimitExceeded = refusalClass('TOP_UP_LIMIT_EXCEEDED', 'The amount is above the limit.', {
  limit: { type: YenScalar, description: 'The most one top-up may be, yen.' },
});
const TopUpIdReused = refusalClass('TOP_UP_ID_REUSED', 'The number was used with other contents.');
const TopUpDeclined = refusalClass(
  'TOP_UP_DECLINED',
  'The register network says that no cash was taken.',
);

const TopUpAtRegisterResult = resultUnion('TopUpAtRegisterResult', 'The top-up, or why not.', [
  TopUpAccepted,
  FunctionClosed,
  ControlsStale,
  ...codeRefusals,
  TopUpStepWrong,
  TopUpLimitExceeded,
  BalanceCapExceeded,
  WalletFrozen,
  StoreNotSelling,
  TopUpIdReused,
  TopUpDeclined,
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

  @FieldResolver(() => StoreType, {
    nullable: true,
    description: 'The store whose register took the cash.',
  })
  store(@Root() { storeId }: TopUp): StoreType {
    return { id: storeId };
  }
}
