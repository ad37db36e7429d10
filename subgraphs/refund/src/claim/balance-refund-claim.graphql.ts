import {
  Allow,
  type Answer,
  checkCallersId,
  ControlsStale,
  DateTimeScalar,
  ENTITIES,
  entity,
  FRESH_LOGIN,
  FunctionClosed,
  member,
  memberOf,
  only,
  refusalClass,
  resultUnion,
  StepUpRequired,
  toAnswer,
  YenScalar,
} from '@7pay/graphql';
import { derivedId } from '@7pay/ids';
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
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import { toMember, type RefundContext } from '../context.ts';
import { RefundProgrammeType } from '../programme/refund-programme.graphql.ts';
import type { RefundProgramme } from '../programme/refund-programme.ts';
import type { BalanceRefundClaim, PayoutMethod } from './balance-refund-claim.ts';

const ClaimStateEnum = { RECEIVED: 'RECEIVED', PAID: 'PAID' } as const;
registerEnumType(ClaimStateEnum, {
  name: 'BalanceRefundClaimState',
  description: 'RECEIVED: the balance has left the wallet and is owed. PAID: it was paid out.',
});
const PayoutMethodEnum = {
  BANK_TRANSFER: 'BANK_TRANSFER',
  POSTAL_CERTIFICATE: 'POSTAL_CERTIFICATE',
} as const;
registerEnumType(PayoutMethodEnum, {
  name: 'PayoutMethod',
  description: 'BANK_TRANSFER 口座振込, or POSTAL_CERTIFICATE 払出証書 by post.',
});

@ObjectType('BalanceRefundClaim', {
  description: 'A member’s claim to have the balance paid back.',
})
class BalanceRefundClaimType {
  @Field(() => ID, { description: 'Opaque id, `brc_…`.' })
  id!: string;

  @Field(() => YenScalar, { description: 'What is paid back, yen.' })
  amount!: number;

  @Field(() => ClaimStateEnum, { description: 'How far it is.' })
  state!: string;

  @Field(() => DateTimeScalar, { description: 'When it was received.' })
  claimedAt!: Date;

  @Field(() => PayoutMethodEnum, { description: 'How it is to be paid.' })
  payoutMethod!: string;
}

@InputType({ description: 'A claim to the whole balance.' })
class ClaimBalanceRefundInput {
  @Field(() => String, {
    description:
      'The member’s own number, 1 to 64 letters, digits or _ . : -. Sent twice, it claims once.',
  })
  claimId!: string;

  @Field(() => PayoutMethodEnum, { description: 'How to be paid.' })
  payoutMethod!: PayoutMethod;
}

@ObjectType({ description: 'The claim is received; the balance is set apart for its owner.' })
class BalanceRefundClaimed {
  @Field(() => BalanceRefundClaimType, { description: 'The claim.' })
  claim!: BalanceRefundClaimType;
}

const ClaimBalanceRefundResult = resultUnion('ClaimBalanceRefundResult', 'The claim, or why not.', [
  BalanceRefundClaimed,
  FunctionClosed,
  ControlsStale,
  StepUpRequired,
  refusalClass('NO_REFUND_PROGRAMME', 'No programme takes claims now.'),
  refusalClass('WALLET_NOT_OPEN', 'The member has no wallet yet.'),
  refusalClass('WALLET_FROZEN', 'The wallet is frozen or closed.'),
  refusalClass('NOTHING_TO_REFUND', 'The balance is zero.'),
  refusalClass('ALREADY_CLAIMED', 'The balance was claimed in this programme before.'),
  refusalClass('CLAIM_ID_REUSED', 'The number was used with other contents.'),
]);

@Directive('@key(fields: "id")')
@ObjectType('Wallet', { description: ENTITIES.Wallet.type })
export class WalletType {
  @Field(() => ID, { description: ENTITIES.Wallet.key })
  id!: string;
}

@Resolver(() => BalanceRefundClaimType)
export class BalanceRefundClaimResolver {
  @Directive('@cost(weight: 20)') // locks the whole wallet
  @Allow(only(member('refund', { stepUp: 2, freshSeconds: FRESH_LOGIN.payoutSeconds })))
  @Mutation(() => ClaimBalanceRefundResult, {
    description:
      'Claims the member’s whole balance in the programme that is open. It leaves the wallet at once.',
  })
  async claimBalanceRefund(
    @Arg('input', () => ClaimBalanceRefundInput) input: ClaimBalanceRefundInput,
    @Ctx() { viewer, useCases }: RefundContext,
  ): Promise<Answer> {
    checkCallersId('claimId', input.claimId);
    const result = await useCases.claimBalanceRefund(memberOf(viewer), input);
    return toAnswer(viewer, result, (claim) => ({ __typename: 'BalanceRefundClaimed', claim }));
  }

  @FieldResolver(() => RefundProgrammeType, { description: 'The programme it belongs to.' })
  programme(
    @Root() { programmeId }: BalanceRefundClaim,
    @Ctx() { programmeById }: RefundContext,
  ): Promise<RefundProgramme | null> {
    return programmeById.load(programmeId);
  }
}

@Resolver(() => WalletType)
export class WalletRefundResolver {
  @FieldResolver(() => RefundProgrammeType, {
    nullable: true,
    description: 'The programme that is announced or open for this wallet.',
  })
  refundProgramme(@Ctx() { running }: RefundContext): Promise<RefundProgramme | null> {
    return running.get();
  }

  @FieldResolver(() => YenScalar, {
    nullable: true,
    description:
      'What can be claimed, yen: all that can be spent, or what a closed wallet held and was given back since, as far as it is not claimed.',
  })
  async claimable(
    @Root() { id }: WalletType,
    @Ctx() { claimableOf }: RefundContext,
  ): Promise<number | null> {
    return (await claimableOf.load(id))?.amount ?? null;
  }

  @FieldResolver(() => BalanceRefundClaimType, {
    nullable: true,
    description: 'The newest claim on this wallet.',
  })
  balanceRefundClaim(
    @Root() { id }: WalletType,
    @Ctx() { claimOfWallet }: RefundContext,
  ): Promise<BalanceRefundClaim | null> {
    return claimOfWallet.load(id);
  }
}

/**
 * How other subgraphs reach what the refund subgraph knows of a wallet. A member's wallet has an id that follows
 * from theirs, so no look-up is needed to tell a stranger's: it finds nothing.
 */
export const walletReference = entity(
  toMember,
  ({ id }: { id: string }, { viewer }: RefundContext) => {
    const own = viewer.kind === 'member' && derivedId('wal', viewer.memberId) === id;
    return { id, memberId: own ? viewer.memberId : null };
  },
  ({ memberId }) => ({ memberId }),
);
