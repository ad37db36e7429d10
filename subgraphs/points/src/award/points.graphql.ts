import {
  Allow,
  type Belonging,
  type Connection,
  connectionOf,
  DateTimeScalar,
  ENTITIES,
  entity,
  PageArgs,
  pageOf,
  PointsScalar,
} from '@7pay/graphql';
import { pointsAccountIdOf } from '@7pay/ids';
import { available, standingOf } from '@7pay/ledger';
import {
  Args,
  Ctx,
  Directive,
  Field,
  FieldResolver,
  ID,
  ObjectType,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import { toMember, toPayer, type PointsContext } from '../context.ts';
import { awardSortKey } from './award.store.ts';
import { type Award, costOf } from './award.ts';

const PointsStateEnum = {
  PENDING: 'PENDING',
  AWARDED: 'AWARDED',
  REVERSED: 'REVERSED',
  NONE: 'NONE',
} as const;
registerEnumType(PointsStateEnum, {
  name: 'PointsState',
  description:
    'PENDING: not decided yet, usually for less than a second once money was taken; of a payment that is only held, or was let go, there is nothing to decide. AWARDED: in the account. REVERSED: taken back with the payment. NONE: the payment earned none.',
});
const PointsEntryKindEnum = { AWARD: 'AWARD', REVERSAL: 'REVERSAL' } as const;
registerEnumType(PointsEntryKindEnum, {
  name: 'PointsEntryKind',
  description: 'Why points moved.',
});

@Directive('@key(fields: "id")')
@ObjectType('Payment', { description: ENTITIES.Payment.type })
export class PaymentType {
  @Field(() => ID, { description: ENTITIES.Payment.key })
  id!: string;
}

@Directive('@key(fields: "id")')
@ObjectType('Member', { description: ENTITIES.Member.type })
export class MemberType {
  @Field(() => ID, { description: ENTITIES.Member.key })
  id!: string;
}

@ObjectType('PointsEntry', { description: 'Points that came or went.' })
class PointsEntryType {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string;

  @Field(() => DateTimeScalar, { description: 'When.' })
  at!: Date;
}

const PointsEntryConnection = connectionOf('PointsEntry', () => PointsEntryType);

/** A points account in the graph: its id, and whose it is. */
interface PointsAccount {
  readonly id: string;
  readonly memberId: string;
}

@Directive('@key(fields: "id")')
@ObjectType('PointsAccount', { description: 'The nanaco points of a member. Points are not yen.' })
export class PointsAccountType {
  @Field(() => ID, { description: 'Opaque id, `pta_…`.' })
  id!: string;
}

/** Whose payment it is. Before it is decided that is not known here, and there is nothing to tell but that. */
const payerOf = async (
  { id }: PaymentType,
  { viewer, awardOf }: PointsContext,
): Promise<Belonging> => {
  const award = await awardOf.load(id);
  return award ?? (viewer.kind === 'member' ? { memberId: viewer.memberId } : {});
};

@Resolver(() => PaymentType)
export class PaymentPointsResolver {
  @Allow(toPayer, payerOf)
  @FieldResolver(() => PointsScalar, {
    nullable: true,
    description:
      'Points this payment earned, less what refunds cost; 0 while pending, when it earned none, or after a cancel.',
  })
  async pointsEarned(
    @Root() { id }: PaymentType,
    @Ctx() { awardOf }: PointsContext,
  ): Promise<number> {
    const award = await awardOf.load(id);
    return award?.state === 'AWARDED' ? award.points - costOf(award) : 0;
  }

  @Allow(toPayer, payerOf)
  @FieldResolver(() => PointsStateEnum, {
    nullable: true,
    description: 'Whether the points are decided.',
  })
  async pointsState(
    @Root() { id }: PaymentType,
    @Ctx() { awardOf }: PointsContext,
  ): Promise<string> {
    return (await awardOf.load(id))?.state ?? 'PENDING';
  }
}

@Resolver(() => MemberType)
export class MemberPointsResolver {
  @Allow(toMember, ({ id }: MemberType) => ({ memberId: id }))
  @FieldResolver(() => PointsAccountType, {
    nullable: true,
    description: 'The member’s points; null when they are not the caller’s to see.',
  })
  pointsAccount(@Root() { id }: MemberType): PointsAccount {
    return { id: pointsAccountIdOf(id), memberId: id };
  }
}

/** What an account can spend now: points whose last day is over are still posted until they are swept. */
async function standing(
  { memberId }: PointsAccount,
  { accountOfMember, debtOfMember, clock }: PointsContext,
) {
  const [account, debt] = await Promise.all([
    accountOfMember.load(memberId),
    debtOfMember.load(memberId),
  ]);
  return standingOf(account ? available(account, clock.now()) : 0, debt?.posted ?? 0);
}

@Resolver(() => PointsAccountType)
export class PointsAccountResolver {
  @FieldResolver(() => PointsScalar, {
    description: 'Points that the member can use: those in the account, less what is owed.',
  })
  async balance(@Root() account: PointsAccount, @Ctx() context: PointsContext): Promise<number> {
    return (await standing(account, context)).usable;
  }

  @FieldResolver(() => PointsScalar, {
    description:
      'Points that are owed: they were used before the payment that earned them was given back. The next points settle them first; 0 when none are.',
  })
  async owed(@Root() account: PointsAccount, @Ctx() context: PointsContext): Promise<number> {
    return (await standing(account, context)).owed;
  }

  @FieldResolver(() => PointsEntryConnection, { description: 'What came and went, newest first.' })
  entries(
    @Root() { memberId }: PointsAccount,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { awards }: PointsContext,
  ): Promise<Connection<Award>> {
    return pageOf(
      args,
      (page) => awards.ofMember(memberId, page),
      awardSortKey,
      (award) => award,
    );
  }
}

@Resolver(() => PointsEntryType)
export class PointsEntryResolver {
  @FieldResolver(() => PointsEntryKindEnum, {
    description: 'AWARD, or REVERSAL when the payment was cancelled.',
  })
  kind(@Root() { state }: Award): string {
    return state === 'REVERSED' ? 'REVERSAL' : 'AWARD';
  }

  @FieldResolver(() => PointsScalar, {
    description: 'How many: earned, less what refunds cost; of a REVERSAL, all that were earned.',
  })
  points(@Root() award: Award): number {
    return award.state === 'REVERSED' ? award.points : award.points - costOf(award);
  }

  @FieldResolver(() => PointsScalar, {
    description: 'How many of them went to points that were owed; they are not in the balance.',
  })
  settled(@Root() { settled }: Award): number {
    return settled;
  }

  @FieldResolver(() => PointsScalar, {
    description:
      'How many of those that a refund or cancel took back had been used before, and were owed instead.',
  })
  owed(@Root() { owed }: Award): number {
    return owed;
  }

  @FieldResolver(() => PaymentType, {
    nullable: true,
    description: 'The payment that earned them.',
  })
  payment(@Root() { paymentId }: Award): PaymentType {
    return { id: paymentId };
  }
}

/** How other subgraphs reach a points account. A stranger's id finds nothing. */
export const pointsAccountReference = entity(
  toMember,
  ({ id }: { id: string }, _context: PointsContext): PointsAccount => ({
    id,
    memberId: id.replace(/^pta_/, 'mem_'),
  }),
  ({ memberId }) => ({ memberId }),
);
