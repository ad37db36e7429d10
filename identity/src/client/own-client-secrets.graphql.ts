import { Allow, type Answer, memberOf, toAnswer } from '@7pay/graphql';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import type { IdentityContext } from '../account/member.graphql.ts';
import type { ClientOrder } from './administer-clients.ts';
import { PARTNER, secretMade } from './change-clients.graphql.ts';
import { EndOldClientSecretResult, RotateClientSecretResult } from './client-results.graphql.ts';
import { shownClient } from './clients.graphql.ts';

/** The secrets of apps, for whoever registered them. */
@Resolver()
export class OwnClientSecretsResolver {
  @Allow(PARTNER)
  @Mutation(() => RotateClientSecretResult, {
    description:
      'A new secret for an app that the member registered. The one before works for 24 hours more, and one before that is over. If it is known to others, end it with `endMyOldClientSecret`.',
  })
  async rotateMyClientSecret(
    @Arg('id', () => ID) id: string,
    @Ctx() context: IdentityContext,
  ): Promise<Answer> {
    const order = await ownOrder(context, id);
    const { clients } = context.administration;
    return secretMade(
      context,
      isRefused(order) ? order : await clients.rotateSecret(order, 'IN_A_DAY'),
    );
  }

  @Allow(PARTNER)
  @Mutation(() => EndOldClientSecretResult, {
    description:
      'Ends the secret before the one that counts, of an app that the member registered: at once and everywhere.',
  })
  async endMyOldClientSecret(
    @Arg('id', () => ID) id: string,
    @Ctx() context: IdentityContext,
  ): Promise<Answer> {
    const order = await ownOrder(context, id);
    const { clients } = context.administration;
    const result = isRefused(order) ? order : await clients.endOldSecret(order);
    return toAnswer(context.viewer, isRefused(result) ? result : { kept: result }, ({ kept }) => ({
      __typename: 'OldClientSecretEnded',
      client: shownClient(kept, context.viewer, context.clock.now()),
    }));
  }
}

/** What the owner of an app does to it. Somebody else's is as good as none. */
async function ownOrder(
  { viewer, administration }: IdentityContext,
  id: string,
): Promise<ClientOrder | Refused<'CLIENT_NOT_FOUND'>> {
  const by = memberOf(viewer).memberId;
  const kept = await administration.clients.store.kept(id);
  if (kept?.standing.registeredBy !== by) return refuse('CLIENT_NOT_FOUND');
  return { id, by, note: 'its owner' };
}
