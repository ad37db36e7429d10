import {
  Allow,
  type Answer,
  member,
  memberOf,
  only,
  refusalClass,
  resultUnion,
  toAnswer,
} from '@7pay/graphql';
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { IdentityContext } from '../account/member.graphql.ts';
import { FRESH_LOGIN_SECONDS } from '../login/passkey.ts';

@InputType({ description: 'One external ID of the member who asks.' })
class UnlinkExternalIdInput {
  @Field(() => ID, { description: 'The provider, by its key.' })
  provider!: string;
}

@ObjectType({
  description:
    'The external ID opens this account no more; every login of the member has ended with it.',
})
class ExternalIdUnlinked {
  @Field(() => ID, { description: 'The provider, by its key.' })
  provider!: string;
}

const ExternalIdNotLinked = refusalClass('EXTERNAL_ID_NOT_LINKED', 'It is not linked.');
const LastWayIn = refusalClass('LAST_WAY_IN', 'There would be no way left to log in.');
const UnlinkExternalIdResult = resultUnion(
  'UnlinkExternalIdResult',
  'That it is done, or why not.',
  [ExternalIdNotLinked, ExternalIdUnlinked, LastWayIn],
);

@Resolver()
export class UnlinkExternalIdResolver {
  @Allow(only(member(null, { acr: 2, freshSeconds: FRESH_LOGIN_SECONDS })))
  @Mutation(() => UnlinkExternalIdResult, {
    description:
      'Takes an external ID from the member who asks: by a second factor, logged in within five minutes. Never the last way in.',
  })
  async unlinkExternalId(
    @Arg('input', () => UnlinkExternalIdInput) { provider }: UnlinkExternalIdInput,
    @Ctx() { viewer, unlinkExternalId }: IdentityContext,
  ): Promise<Answer> {
    const result = await unlinkExternalId(memberOf(viewer).memberId, provider);
    return toAnswer(viewer, result, (done) => ({ __typename: 'ExternalIdUnlinked', ...done }));
  }
}
