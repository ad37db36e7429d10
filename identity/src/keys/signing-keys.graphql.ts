import {
  Allow,
  type Answer,
  DateTimeScalar,
  FRESH_LOGIN,
  freshOperator,
  memberOf,
  only,
  operator,
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
  Mutation,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
} from 'type-graphql';
import type { IdentityContext } from '../account/member.graphql.ts';
import { readNote } from '../audit/note.ts';
import type { ListedKey } from './key-source.ts';

const SigningKeyState = {
  SIGNING: 'SIGNING',
  NEXT: 'NEXT',
  PUBLISHED: 'PUBLISHED',
  GONE: 'GONE',
  COMPROMISED: 'COMPROMISED',
} as const;
registerEnumType(SigningKeyState, {
  name: 'SigningKeyState',
  description: 'What a signing key does.',
  valuesConfig: {
    SIGNING: { description: 'Signs, and verifies.' },
    NEXT: { description: 'Is published, and signs soon.' },
    PUBLISHED: { description: 'Signs no more, and verifies.' },
    GONE: { description: 'Its time is over.' },
    COMPROMISED: { description: 'Was thrown away, with all that it signed.' },
  },
});

@Directive('@tag(name: "internal")')
@ObjectType('SigningKey', { description: 'A key that signs tokens, without its secret part.' })
class SigningKeyType {
  @Field(() => ID, { description: 'Its `kid`.' })
  kid!: string;

  @Field(() => String, { description: 'Its algorithm, such as `ES256`.' })
  algorithm!: string;

  @Field(() => SigningKeyState, { description: 'What it does now.' })
  state!: ListedKey['state'];

  @Field(() => DateTimeScalar, { nullable: true, description: 'From when on it signs, if known.' })
  signsFrom!: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Until when it verifies; null while it is not replaced.',
  })
  publishedUntil!: Date | null;
}

@Directive('@tag(name: "internal")')
@ObjectType({ description: 'The keys after a change.' })
class SigningKeysChanged {
  @Directive('@cost(weight: 2)')
  @Directive('@listSize(assumedSize: 5)')
  @Field(() => [SigningKeyType], { description: 'The one that signs first.' })
  keys!: SigningKeyType[];
}

const KeysKeptElsewhere = refusalClass(
  'KEYS_KEPT_ELSEWHERE',
  'The keys are kept in the settings or in a folder.',
);
const UnknownSigningKey = refusalClass('UNKNOWN_SIGNING_KEY', 'There is no such key.');
const RotateSigningKeyResult = resultUnion('RotateSigningKeyResult', 'The keys, or why not.', [
  SigningKeysChanged,
  KeysKeptElsewhere,
]);
const ReplaceSigningKeyResult = resultUnion('ReplaceSigningKeyResult', 'The keys, or why not.', [
  SigningKeysChanged,
  KeysKeptElsewhere,
  UnknownSigningKey,
]);
const FRESH = only(freshOperator(FRESH_LOGIN.workdaySeconds, 'security'));

@Resolver()
export class SigningKeysResolver {
  @Directive('@tag(name: "internal")')
  @Directive('@cost(weight: 2)')
  @Directive('@listSize(assumedSize: 5)')
  @Allow(only(operator('security', 'auditor')))
  @Query(() => [SigningKeyType], {
    description: 'The keys that are kept: the one that signs first.',
  })
  signingKeys(@Ctx() { administration }: IdentityContext): Promise<ListedKey[]> {
    return administration.keys.list();
  }

  @Directive('@tag(name: "internal")')
  @Allow(FRESH)
  @Mutation(() => RotateSigningKeyResult, {
    description:
      'A new key: published at once, signing after ten minutes; the old one verifies for a day more.',
  })
  async rotateSigningKey(
    @Arg('reason', () => String, { description: 'Why: 1 to 200 characters.' }) reason: string,
    @Ctx() { viewer, administration }: IdentityContext,
  ): Promise<Answer> {
    const order = { by: memberOf(viewer).memberId, note: readNote(reason) };
    return keysChanged(viewer, await administration.keys.rotate(order));
  }

  @Directive('@tag(name: "internal")')
  @Allow(FRESH)
  @Mutation(() => ReplaceSigningKeyResult, {
    description:
      'Throws a key away that others may know, and every token that it signed; a new one signs within a second.',
  })
  async replaceSigningKey(
    @Arg('kid', () => ID, { description: 'Which.' }) kid: string,
    @Arg('reason', () => String, { description: 'Why: 1 to 200 characters.' }) reason: string,
    @Ctx() { viewer, administration }: IdentityContext,
  ): Promise<Answer> {
    const order = { kid, by: memberOf(viewer).memberId, note: readNote(reason) };
    return keysChanged(viewer, await administration.keys.replace(order));
  }
}

const keysChanged = (
  viewer: IdentityContext['viewer'],
  result: Parameters<typeof toAnswer>[1],
): Answer => toAnswer(viewer, result, (made) => ({ __typename: 'SigningKeysChanged', ...made }));
