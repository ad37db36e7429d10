import {
  Allow,
  type Answer,
  badUserInput,
  ControlsStale,
  DateTimeScalar,
  freeText,
  FunctionClosed,
  member,
  memberOf,
  only,
  refusalClass,
  resultUnion,
  StepUpRequired,
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
import type { WalletContext } from '../context.ts';
import { WalletFrozen, WalletNotOpen } from '../wallet/wallet.graphql.ts';
import type { PaymentDevice } from './payment-device.ts';

@ObjectType('PaymentDevice', {
  description: 'A phone or browser that makes payment codes by itself.',
})
export class PaymentDeviceType {
  @Field(() => ID, { description: 'Opaque id, `dev_…`.' })
  id!: string;

  @Field(() => String, { description: 'What the member calls it; empty if nothing.' })
  name!: string;

  @Field(() => DateTimeScalar, { description: 'When it was registered.' })
  registeredAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When it was last online.' })
  contactAt!: Date;
}

@InputType({ description: 'A device, by the public part of a key that never leaves it.' })
class RegisterPaymentDeviceInput {
  @Field(() => String, { description: 'ECDH key on P-256, x as in a JWK (base64url).' })
  publicKeyX!: string;

  @Field(() => String, { description: 'Its y.' })
  publicKeyY!: string;

  @Field(() => String, { nullable: true, description: 'What to call it; up to 50 characters.' })
  name?: string | null;
}

@ObjectType({ description: 'The device can make codes as soon as it has handles.' })
class PaymentDeviceRegistered {
  @Field(() => PaymentDeviceType, { description: 'The device.' })
  device!: PaymentDeviceType;

  @Field(() => String, { description: 'The platform’s key for this device alone, x.' })
  serverKeyX!: string;

  @Field(() => String, { description: 'Its y.' })
  serverKeyY!: string;
}

@InputType({ description: 'A device that is online.' })
class IssueHandlesInput {
  @Field(() => ID, { description: 'The device.' })
  deviceId!: string;

  @Field(() => Int, { description: 'How many unused handles it has, 0 to 1,000.' })
  left!: number;
}

@ObjectType({
  description: 'Handles to make codes of, each for one code; none while there are enough.',
})
class HandlesIssued {
  @Field(() => [String], { description: 'New handles, 11 digits each, told this once.' })
  handles!: string[];

  @Field(() => Boolean, { description: 'Whether those that the device had are dead.' })
  replacesAll!: boolean;

  @Field(() => DateTimeScalar, { description: 'Until when the new ones can be used.' })
  expiresAt!: Date;

  @Field(() => DateTimeScalar, { description: 'The time of the platform, for the time digits.' })
  now!: Date;
}

@ObjectType({
  description: 'The device makes no codes any more, and every code that was out is dead.',
})
class PaymentDeviceRemoved {
  @Field(() => PaymentDeviceType, { description: 'The device.' })
  device!: PaymentDeviceType;
}

const TooManyPaymentDevices = refusalClass(
  'TOO_MANY_PAYMENT_DEVICES',
  'The wallet has as many devices as it may.',
  { limit: { type: Int, description: 'How many it may have.' } },
);
const PaymentDeviceUnknown = refusalClass(
  'PAYMENT_DEVICE_UNKNOWN',
  'The member has no such device, or not any more.',
);
const closed = [FunctionClosed, ControlsStale, StepUpRequired, WalletNotOpen, WalletFrozen];
const RegisterPaymentDeviceResult = resultUnion(
  'RegisterPaymentDeviceResult',
  'The device, or why not.',
  [PaymentDeviceRegistered, ...closed, TooManyPaymentDevices],
);
const IssueHandlesResult = resultUnion('IssueHandlesResult', 'Handles, or why not.', [
  HandlesIssued,
  ...closed,
  PaymentDeviceUnknown,
]);
const RemovePaymentDeviceResult = resultUnion(
  'RemovePaymentDeviceResult',
  'The device, or why not.',
  [PaymentDeviceRemoved, StepUpRequired],
);

@Resolver()
export class PaymentDeviceResolver {
  @Directive('@cost(weight: 2)')
  @Directive('@listSize(assumedSize: 5)')
  @Allow(only(member('wallet', { acr: 2 })))
  @Query(() => [PaymentDeviceType], {
    description: 'The devices that make codes for the wallet of the member who asks, at most five.',
  })
  async paymentDevices(
    @Ctx() { viewer, wallets, devices }: WalletContext,
  ): Promise<PaymentDevice[]> {
    const wallet = await wallets.findByMember(memberOf(viewer).memberId);
    return wallet ? devices.ofWallet(wallet.id) : [];
  }

  @Allow(only(member('wallet', { stepUp: 2 })))
  @Mutation(() => RegisterPaymentDeviceResult, {
    description: 'Registers a device that makes payment codes by itself, also while it is offline.',
  })
  async registerPaymentDevice(
    @Arg('input', () => RegisterPaymentDeviceInput) input: RegisterPaymentDeviceInput,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    const publicKey = { x: input.publicKeyX, y: input.publicKeyY };
    const name = freeText('name', input.name, 50) ?? '';
    const result = await useCases.registerPaymentDevice(memberOf(viewer), { publicKey, name });
    return toAnswer(viewer, result, (device) => ({
      __typename: 'PaymentDeviceRegistered',
      device,
      serverKeyX: device.serverKey.x,
      serverKeyY: device.serverKey.y,
    }));
  }

  @Allow(only(member('wallet', { stepUp: 2 })))
  @Mutation(() => IssueHandlesResult, {
    description: 'Tells that a device is online, and gives it handles when it has few.',
  })
  async issueHandles(
    @Arg('input', () => IssueHandlesInput) input: IssueHandlesInput,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    if (input.left < 0 || input.left > 1_000) throw badUserInput('left: 0 to 1,000 is expected');
    const result = await useCases.issueHandles(memberOf(viewer), input);
    return toAnswer(viewer, result, (issued) => ({ __typename: 'HandlesIssued', ...issued }));
  }

  @Allow(only(member('wallet', { stepUp: 2 })))
  @Mutation(() => RemovePaymentDeviceResult, {
    description: 'Removes a device and ends every code of the wallet that is out.',
  })
  async removePaymentDevice(
    @Arg('deviceId', () => ID) deviceId: string,
    @Ctx() { viewer, useCases }: WalletContext,
  ): Promise<Answer> {
    const result = await useCases.removePaymentDevice(memberOf(viewer), deviceId);
    return toAnswer(viewer, result, (device) => ({ __typename: 'PaymentDeviceRemoved', device }));
  }
}
