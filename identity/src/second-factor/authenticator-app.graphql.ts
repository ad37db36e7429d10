import {
  Allow,
  type Answer,
  DateTimeScalar,
  member,
  memberOf,
  only,
  owner,
  refusalClass,
  resultUnion,
  shownTo,
  StepUpRequired,
  toAnswer,
} from '@7pay/graphql';
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  Int,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { type IdentityContext, MemberType } from '../account/member.graphql.ts';
import { FRESH_LOGIN_SECONDS } from '../login/passkey.ts';
import { weakLogin } from './weak-login.ts';

@ObjectType('AuthenticatorApp', { description: 'The authenticator app of a member.' })
class AuthenticatorAppType {
  @Field(() => DateTimeScalar, { description: 'When it was added.' })
  addedAt!: Date;

  @Field(() => Int, { description: 'Recovery codes that are left.' })
  recoveryCodesLeft!: number;
}

@ObjectType({
  description:
    'What to tell the app. Shown once, and it counts only after the app has shown a code.',
})
class AuthenticatorAppBegun {
  @Field(() => String, { description: 'Base32, to be typed.' })
  secret!: string;

  @Field(() => String, { description: '`otpauth://…`, to be shown as a QR code.' })
  address!: string;
}

@ObjectType({
  description: 'Recovery codes. Each works once in place of the app; they are shown this once.',
})
class RecoveryCodesMade {
  @Field(() => [String], { description: 'The codes.' })
  recoveryCodes!: string[];
}

@ObjectType({ description: 'The app and its recovery codes are gone.' })
class AuthenticatorAppRemoved {
  @Field(() => DateTimeScalar, { description: 'When.' })
  at!: Date;
}

const SecondFactorFailed = refusalClass(
  'SECOND_FACTOR_FAILED',
  'The code is not right, or not any more.',
);
const SecondFactorNotBegun = refusalClass(
  'SECOND_FACTOR_NOT_BEGUN',
  'No app waits for its first code.',
);
const SecondFactorMissing = refusalClass('SECOND_FACTOR_MISSING', 'The member has no app.');

const BeginResult = resultUnion('BeginAuthenticatorAppResult', 'The secret, or why not.', [
  AuthenticatorAppBegun,
  StepUpRequired,
]);
const ConfirmResult = resultUnion('ConfirmAuthenticatorAppResult', 'The codes, or why not.', [
  RecoveryCodesMade,
  StepUpRequired,
  SecondFactorFailed,
  SecondFactorNotBegun,
]);
const RenewResult = resultUnion('RenewRecoveryCodesResult', 'The codes, or why not.', [
  RecoveryCodesMade,
  SecondFactorMissing,
]);
const RemoveResult = resultUnion('RemoveAuthenticatorAppResult', 'When it went, or why not.', [
  AuthenticatorAppRemoved,
  SecondFactorFailed,
  SecondFactorMissing,
]);

const FRESH = { freshSeconds: FRESH_LOGIN_SECONDS };

@Resolver(() => MemberType)
export class AuthenticatorAppResolver {
  @Allow(shownTo(owner('account', 1)), ({ id }: MemberType) => ({ memberId: id }))
  @FieldResolver(() => AuthenticatorAppType, {
    nullable: true,
    description: 'The authenticator app, if there is one; only the member is shown it.',
  })
  async authenticatorApp(@Root() { id }: MemberType, @Ctx() { factorsOf }: IdentityContext) {
    const factors = await factorsOf.load(id);
    if (!factors?.totp) return null;
    return { addedAt: factors.totp.addedAt, recoveryCodesLeft: factors.recoveryCodes };
  }

  @Allow(only(member('account', FRESH)))
  @Mutation(() => BeginResult, {
    description:
      'Begins with an authenticator app. It rests on a factor shown in the last five minutes; for a member without one on a login that shows a code by mail, and on any login where no code reaches them.',
  })
  async beginMyAuthenticatorApp(@Ctx() context: IdentityContext): Promise<Answer> {
    const { viewer, account, members } = context;
    const own = memberOf(viewer);
    const weak = await weakLogin(own, context);
    if (weak) return toAnswer(viewer, weak, never);
    const found = await members.load(own.memberId);
    const label = found?.mail ?? found?.displayName ?? '7iD';
    const made = await account.app.begin(own.memberId, label);
    return { __typename: 'AuthenticatorAppBegun', ...made };
  }

  @Allow(only(member('account', FRESH)))
  @Mutation(() => ConfirmResult, {
    description:
      'The app shows its first code: from now on it counts, and the one before does not.',
  })
  async confirmMyAuthenticatorApp(
    @Arg('code', () => String) code: string,
    @Ctx() context: IdentityContext,
  ): Promise<Answer> {
    const { viewer, account } = context;
    const own = memberOf(viewer);
    const result =
      (await weakLogin(own, context)) ?? (await account.app.confirm(own.memberId, code));
    return toAnswer(viewer, result, (codes) => ({
      __typename: 'RecoveryCodesMade',
      recoveryCodes: codes,
    }));
  }

  @Allow(only(member('account', { ...FRESH, acr: 2 })))
  @Mutation(() => RenewResult, { description: 'New recovery codes; those from before are void.' })
  async renewMyRecoveryCodes(@Ctx() { viewer, account }: IdentityContext): Promise<Answer> {
    const result = await account.app.renewRecoveryCodes(memberOf(viewer).memberId);
    return toAnswer(viewer, result, (codes) => ({
      __typename: 'RecoveryCodesMade',
      recoveryCodes: codes,
    }));
  }

  @Allow(only(member('account', { ...FRESH, acr: 2 })))
  @Mutation(() => RemoveResult, {
    description: 'Takes the app and its recovery codes away, for a code of either.',
  })
  async removeMyAuthenticatorApp(
    @Arg('code', () => String) code: string,
    @Ctx() { viewer, account, clock }: IdentityContext,
  ): Promise<Answer> {
    const result = await account.app.remove(memberOf(viewer).memberId, code);
    const answer = result === true ? { at: clock.now() } : result;
    return toAnswer(viewer, answer, ({ at }) => ({ __typename: 'AuthenticatorAppRemoved', at }));
  }
}

const never = (): Answer => {
  throw new Error('a refusal has no success');
};
