import { Allow, DateTimeScalar, operator, owner, shownTo } from '@7pay/graphql';
import { Ctx, Directive, Field, FieldResolver, ID, ObjectType, Resolver, Root } from 'type-graphql';
import { type IdentityContext, MemberType } from '../account/member.graphql.ts';

@ObjectType('MemberExternalId', {
  description:
    'An external ID that opens the account. Who the member is there is shown to nobody; it is linked at 7iD alone.',
})
class MemberExternalId {
  @Field(() => ID, { description: 'The provider, by its key.' })
  provider!: string;

  @Field(() => String, { description: 'What to call the provider.' })
  name!: string;

  @Field(() => DateTimeScalar, { description: 'When it was linked.' })
  linkedAt!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it last logged the member in; null for never.',
  })
  lastUsedAt!: Date | null;

  @Field(() => Boolean, {
    description: 'Whether logins by this provider are stopped at the moment.',
  })
  isStopped!: boolean;
}

@Resolver(() => MemberType)
export class MemberExternalIdsResolver {
  @Directive('@cost(weight: 2)')
  @Directive('@listSize(assumedSize: 5)')
  @Allow(
    shownTo(owner('account', 1), operator('support', 'security', 'auditor')),
    ({ id }: MemberType) => ({ memberId: id }),
  )
  @FieldResolver(() => [MemberExternalId], {
    nullable: true,
    description: 'The external IDs that open the account, the oldest first: one of each provider.',
  })
  async externalIds(
    @Root() { id }: MemberType,
    @Ctx() { viewer, externalIdsOf, providerOf }: IdentityContext,
  ): Promise<MemberExternalId[]> {
    const links = (await externalIdsOf.load(id))?.links ?? [];
    return links.map(({ provider, linkedAt, lastUsedAt }) => {
      const { name, isOpen } = providerOf(provider, viewer.locale);
      return { provider, name, linkedAt, lastUsedAt, isStopped: !isOpen };
    });
  }
}
