import { externalLoginSwitches } from '@7pay/controls';
import { Allow, only, operator } from '@7pay/graphql';
import { Ctx, Directive, Field, ID, ObjectType, Query, Resolver } from 'type-graphql';
import type { IdentityContext } from '../account/member.graphql.ts';

@Directive('@tag(name: "internal")')
@ObjectType('LoginProvider', { description: 'An external provider that members may log in by.' })
class LoginProviderType {
  @Field(() => ID, { description: 'Its key, as cut-offs name it.' })
  key!: string;

  @Field(() => String, { description: 'What members read.' })
  name!: string;

  @Field(() => [ID], {
    description: 'The keys of the two switches that a login by it passes: both have to be open.',
  })
  switchKeys!: string[];
}

@Resolver()
export class LoginProvidersResolver {
  @Directive('@tag(name: "internal")')
  @Directive('@cost(weight: 2)')
  @Directive('@listSize(assumedSize: 10)')
  @Allow(only(operator('support', 'security', 'auditor')))
  @Query(() => [LoginProviderType], {
    description: 'The external providers of the settings: at most 10.',
  })
  loginProviders(@Ctx() { viewer, providers }: IdentityContext): LoginProviderType[] {
    return providers.all.map(({ key, name }) => ({
      key,
      name: name[viewer.locale],
      switchKeys: externalLoginSwitches(key),
    }));
  }
}
