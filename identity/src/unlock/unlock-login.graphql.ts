import {
  Allow,
  type Answer,
  DateTimeScalar,
  FRESH_LOGIN,
  freshOperator,
  holdsDuty,
  memberOf,
  only,
  refusalClass,
  resultUnion,
  toAnswer,
} from '@7pay/graphql';
import {
  Arg,
  Ctx,
  Directive,
  Field,
  ID,
  InputType,
  Mutation,
  ObjectType,
  registerEnumType,
  Resolver,
} from 'type-graphql';
import type { IdentityContext } from '../account/member.graphql.ts';
import { readNote } from '../audit/note.ts';
import { MemberNotFound } from '../session-list/member-sessions.graphql.ts';
import type { LoginLockShown } from './unlock-login.ts';

const LoginLockKindEnum = { NOT_ME: 'NOT_ME', WRONG_PASSWORDS: 'WRONG_PASSWORDS' } as const;
registerEnumType(LoginLockKindEnum, {
  name: 'LoginLockKind',
  description: 'Why a member is not let in.',
  valuesConfig: {
    NOT_ME: { description: 'They said of a notice that it was not them.' },
    WRONG_PASSWORDS: { description: 'Too many wrong passwords, for 30 minutes.' },
  },
});

@Directive('@tag(name: "internal")')
@ObjectType('LoginLock', { description: 'What keeps a member out.' })
export class LoginLockType {
  @Field(() => LoginLockKindEnum, { description: 'Why.' })
  why!: LoginLockShown['why'];

  @Field(() => DateTimeScalar, { description: 'Since when.' })
  since!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it ends by itself; null when it does not.',
  })
  until!: Date | null;
}

@Directive('@tag(name: "internal")')
@InputType({ description: 'Who is let in again, and why.' })
class UnlockLoginInput {
  @Field(() => ID, { description: 'The member.' })
  memberId!: string;

  @Field(() => String, {
    description: 'Why, and how they proved who they are: 1 to 200 characters, about nobody.',
  })
  reason!: string;
}

@Directive('@tag(name: "internal")')
@ObjectType({ description: 'The member may log in again.' })
class LoginUnlocked {
  @Field(() => [LoginLockKindEnum], { description: 'What had kept them out.' })
  unlocked!: readonly LoginLockShown['why'][];
}

const UnlockLoginResult = resultUnion('UnlockLoginResult', 'That it is done, or why not.', [
  LoginUnlocked,
  MemberNotFound,
  refusalClass('LOGIN_NOT_LOCKED', 'Nothing keeps the member out.'),
  refusalClass('LOGIN_OF_OPERATOR', 'The login of an operator is unlocked by security alone.'),
]);

@Resolver()
export class UnlockLoginResolver {
  @Directive('@tag(name: "internal")')
  @Allow(only(freshOperator(FRESH_LOGIN.workdaySeconds, 'support', 'security')))
  @Mutation(() => UnlockLoginResult, {
    description:
      'Lets a member in again who was kept out. Who did it and why is on record. One operator is enough, who knows by then who the member is.',
  })
  async unlockLogin(
    @Arg('input', () => UnlockLoginInput) { memberId, reason }: UnlockLoginInput,
    @Ctx() { viewer, administration }: IdentityContext,
  ): Promise<Answer> {
    const result = await administration.unlockLogin({
      memberId,
      by: memberOf(viewer).memberId,
      forOperators: holdsDuty(viewer, ['security']),
      note: readNote(reason),
    });
    return toAnswer(viewer, result, (done) => ({ __typename: 'LoginUnlocked', ...done }));
  }
}
