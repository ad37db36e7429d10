import {
  Allow,
  checkCallersId,
  type Live,
  type LiveSource,
  liveState,
  member,
  memberOf,
  only,
  openingOf,
  terminal,
  terminalOf,
} from '@7pay/graphql';
import { Arg, Ctx, Directive, Resolver, Root, Subscription } from 'type-graphql';
import type { WalletContext } from '../context.ts';
import { paymentIdOf } from './accept-payment.ts';
import { inquiryOf, PaymentInquiry } from './payment.graphql.ts';
import { PaymentType } from './payment-type.graphql.ts';
import { isPayment, type Payment, type PaymentRecord } from './payment.ts';
import { paymentIn } from './payment.store.ts';

@Resolver(() => PaymentType)
export class PaymentChangesResolver {
  @Directive('@tag(name: "merchant")')
  @Allow(only(terminal()))
  @Subscription(() => PaymentInquiry, {
    nullable: true,
    description:
      'For a terminal that waits: what became of the merchant’s own payment number, and each change of it. Null until it arrives.',
    subscribe: ({ args, context }) => byMerchantId(args['merchantPaymentId'] as string, context),
  })
  paymentChanged(
    @Root() { value }: Live<PaymentRecord | null>,
    @Arg('merchantPaymentId', () => String) _id: string,
    @Ctx() { viewer }: WalletContext,
  ): PaymentInquiry | null {
    return value && inquiryOf(value, viewer.locale);
  }

  @Allow(only(member('wallet', { acr: 2 })))
  @Subscription(() => PaymentType, {
    nullable: true,
    description:
      'The newest payment of the member who asks, and then each payment that is made or changes. Null before the first.',
    subscribe: ({ context }) => ofMember(context),
  })
  myPaymentChanged(@Root() { value }: Live<Payment | null>): Payment | null {
    return value;
  }
}

function byMerchantId(
  merchantPaymentId: string,
  context: WalletContext,
): Promise<LiveSource<PaymentRecord | null>> {
  const { viewer, changes, payments } = context;
  checkCallersId('merchantPaymentId', merchantPaymentId);
  const id = paymentIdOf(terminalOf(viewer).merchantId, merchantPaymentId);
  return liveState<PaymentRecord | null>({
    feed: changes.payments,
    topic: { field: '_id', value: id },
    opening: openingOf(context),
    present: async () => [await payments.find(id)],
    read: paymentIn,
  });
}

function ofMember(context: WalletContext): Promise<LiveSource<Payment | null>> {
  const { viewer, changes, payments, wallets } = context;
  const { memberId } = memberOf(viewer);
  return liveState<Payment | null>({
    feed: changes.payments,
    topic: { field: 'memberId', value: memberId },
    opening: openingOf(context),
    present: async () => {
      const wallet = await wallets.findByMember(memberId);
      const newest = wallet && (await payments.ofWallet(wallet.id, { limit: 1, after: null }));
      return [newest?.rows[0] ?? null];
    },
    read: (document) => {
      const record = paymentIn(document);
      return isPayment(record) ? record : undefined;
    },
  });
}
