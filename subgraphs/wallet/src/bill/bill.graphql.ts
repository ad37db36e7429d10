import {
  Allow,
  type Answer,
  checkCallersId,
  ControlsStale,
  DateTimeScalar,
  FunctionClosed,
  member,
  memberOf,
  only,
  operator,
  refusalClass,
  resultUnion,
  StepUpRequired,
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
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { RecoveryCooling } from '../cooling/cooling.graphql.ts';
import type { WalletContext } from '../context.ts';
import {
  AmountTooLarge,
  InsufficientBalance,
  LimitExceeded,
  PaymentCancelledEarlier,
  PaymentIdReused,
  StoreNotSelling,
  TooManyHolds,
} from '../payment/payment-refusals.graphql.ts';
import { PaymentType, StoreType } from '../payment/payment-type.graphql.ts';
import { BalanceCapExceeded, WalletFrozen, WalletNotOpen } from '../wallet/wallet.graphql.ts';
import { type Bill, qrOfBill, qrOfStore } from './bill.ts';

@InputType({ description: 'A bill that a terminal shows as a code.' })
class CreateBillInput {
  @Field(() => String, {
    description:
      'The merchant’s own number, 1 to 64 letters, digits or _ . : -. The payment will have it.',
  })
  merchantPaymentId!: string;

  @Field(() => YenScalar, { description: 'What is to be paid, yen, tax included.' })
  amount!: Yen;
}

@InputType({ description: 'A bill that a member pays.' })
class PayBillInput {
  @Field(() => String, {
    description:
      'The member’s own number, 1 to 64 letters, digits or _ . : -. Sent twice, it pays once.',
  })
  requestId!: string;

  @Field(() => ID, { description: 'The bill, as `scannedQr` told it. It knows its amount.' })
  billId!: string;
}

@InputType({ description: 'An amount that a member pays by the code that a store has printed.' })
class PayByStoreCodeInput {
  @Field(() => String, {
    description:
      'The member’s own number, 1 to 64 letters, digits or _ . : -. Sent twice, it pays once.',
  })
  requestId!: string;

  @Field(() => ID, { description: 'The store, as `scannedQr` told it.' })
  storeId!: string;

  @Field(() => YenScalar, { description: 'What the member pays, yen.' })
  amount!: Yen;
}

@ObjectType('Bill', {
  description: 'What a terminal asks of whoever reads its code. It is paid once.',
})
class BillType {
  @Field(() => ID, { description: 'Opaque id, `bil_…`.' })
  id!: string;

  @Field(() => YenScalar, { description: 'What is to be paid, yen.' })
  amount!: number;

  @Field(() => DateTimeScalar, { description: 'Until when it can be paid: five minutes.' })
  expiresAt!: Date;

  @Field(() => StoreType, { nullable: true, description: 'The store that asks.' })
  store?: StoreType | null;
}

@ObjectType({ description: 'The bill; show its code.' })
class BillCreated {
  @Field(() => BillType, { description: 'The bill.' })
  bill!: BillType;

  @Field(() => String, { description: 'The text of the QR code to show (EMVCo MPM).' })
  qr!: string;
}

@ObjectType({ description: 'A code that was made for one bill.' })
class ScannedBill {
  @Field(() => BillType, { description: 'The bill, with the amount that the platform knows.' })
  bill!: BillType;
}

@ObjectType({ description: 'The printed code of a store; the member says how much.' })
class ScannedStore {
  @Field(() => StoreType, { description: 'The store.' })
  store!: StoreType;
}

@ObjectType({ description: 'The money has left the wallet; show it to the store.' })
class PaidByQr {
  @Field(() => PaymentType, { description: 'The payment.' })
  payment!: PaymentType;
}

const BillUnknown = refusalClass('BILL_UNKNOWN', 'There is no such bill.');
const BillExpired = refusalClass('BILL_EXPIRED', 'The bill was not paid in time.');
const BillAlreadyPaid = refusalClass('BILL_ALREADY_PAID', 'Under its number the bill is settled.');
const QrUnreadable = refusalClass('QR_UNREADABLE', 'The text is no code of a store of ours.', {
  fault: { type: String, description: 'What is wrong with it, such as `WRONG_CRC`.' },
});
const CreateBillResult = resultUnion('CreateBillResult', 'The bill, or why not.', [
  BillCreated,
  FunctionClosed,
  ControlsStale,
  AmountTooLarge,
  PaymentIdReused,
  StoreNotSelling,
]);
const ScannedQrResult = resultUnion('ScannedQrResult', 'What a code stands for, or why nothing.', [
  ScannedBill,
  ScannedStore,
  QrUnreadable,
  BillUnknown,
  BillExpired,
  BillAlreadyPaid,
  PaymentCancelledEarlier,
  StoreNotSelling,
]);
const PayByQrResult = resultUnion('PayByQrResult', 'The payment, or why not.', [
  PaidByQr,
  FunctionClosed,
  ControlsStale,
  StepUpRequired,
  WalletNotOpen,
  WalletFrozen,
  BillUnknown,
  BillExpired,
  BillAlreadyPaid,
  InsufficientBalance,
  BalanceCapExceeded,
  AmountTooLarge,
  LimitExceeded,
  RecoveryCooling,
  TooManyHolds,
  PaymentIdReused,
  PaymentCancelledEarlier,
  StoreNotSelling,
]);

const shown = ({ storeId, ...bill }: Bill) => ({ ...bill, store: { id: storeId } });

/** Payments by a code that the store shows (MPM). */
@Resolver(() => StoreType)
export class BillResolver {
  @Directive('@tag(name: "merchant")')
  @Allow(only(terminal()))
  @Mutation(() => CreateBillResult, {
    description: 'Makes a bill to show as a QR code. `paymentChanged` tells when it is paid.',
  })
  async createBill(
    @Arg('input', () => CreateBillInput) input: CreateBillInput,
    @Ctx() { viewer, useCases, qrScheme }: WalletContext,
  ): Promise<Answer> {
    checkCallersId('merchantPaymentId', input.merchantPaymentId);
    const result = await useCases.createBill(terminalOf(viewer), input);
    return toAnswer(viewer, result, (bill) => ({
      __typename: 'BillCreated',
      bill: shown(bill),
      qr: qrOfBill(bill, qrScheme),
    }));
  }

  @Allow(only(member('wallet', { acr: 2 })))
  @Query(() => ScannedQrResult, {
    description: 'What a scanned QR code of a store stands for: read this before paying.',
  })
  async scannedQr(
    @Arg('text', () => String) text: string,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    const result = await useCases.lookAtQr(text);
    return toAnswer(viewer, result, (found) =>
      'bill' in found
        ? { __typename: 'ScannedBill', bill: shown(found.bill) }
        : { __typename: 'ScannedStore', store: { id: found.storeId } },
    );
  }

  @Allow(only(member('wallet', { stepUp: 2 })))
  @Mutation(() => PayByQrResult, {
    description:
      'Pays a bill, once and in full. Sent again it gets the first answer, or `PAYMENT_CANCELLED_EARLIER` if it was cancelled since.',
  })
  async payBill(
    @Arg('input', () => PayBillInput) { requestId, billId }: PayBillInput,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    checkCallersId('requestId', requestId);
    const result = await useCases.payByQr(memberOf(viewer), { requestId, billId });
    return toAnswer(viewer, result, (payment) => ({ __typename: 'PaidByQr', payment }));
  }

  @Allow(only(member('wallet', { stepUp: 2 })))
  @Mutation(() => PayByQrResult, {
    description:
      'Pays an amount in a store by the code that it has printed. Sent again it gets the first answer, or `PAYMENT_CANCELLED_EARLIER` if it was cancelled since.',
  })
  async payByStoreCode(
    @Arg('input', () => PayByStoreCodeInput) input: PayByStoreCodeInput,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    checkCallersId('requestId', input.requestId);
    const { requestId, storeId, amount } = input;
    const result = await useCases.payByQr(memberOf(viewer), { requestId, storeId, amount });
    return toAnswer(viewer, result, (payment) => ({ __typename: 'PaidByQr', payment }));
  }

  @Directive('@tag(name: "merchant")')
  @Allow(only(terminal('store'), operator('onboarding', 'auditor')), ({ id }: StoreType) => ({
    storeId: id,
  }))
  @FieldResolver(() => String, {
    description:
      'The text of the QR code that the store prints. For its own terminals and for operators.',
  })
  qr(@Root() { id }: StoreType, @Ctx() { qrScheme }: WalletContext): string {
    return qrOfStore(id, qrScheme);
  }
}
