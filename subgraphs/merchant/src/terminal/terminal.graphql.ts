import {
  Allow,
  type Answer,
  anybody,
  badUserInput,
  DateTimeScalar,
  FRESH_LOGIN,
  freshOperator,
  memberOf,
  only,
  refusalClass,
  resultUnion,
  terminal,
  terminalOf,
  toAnswer,
} from '@7pay/graphql';
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
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { MerchantContext } from '../context.ts';
import { StoreType } from '../merchant/merchant.graphql.ts';
import type { Store } from '../merchant/merchant.ts';
import type { Terminal } from './terminal.ts';

@ObjectType('Terminal', { description: 'A register of a store, known by a key of its own.' })
class TerminalType {
  @Field(() => ID, { description: 'Opaque id, `ter_…`.' })
  id!: string;

  @Field(() => String, { description: 'What the store calls it.' })
  label!: string;

  @Field(() => DateTimeScalar, { description: 'When it was paired.' })
  pairedAt!: Date;
}

@InputType({ description: 'For which store a terminal is to be paired.' })
class IssuePairingCodeInput {
  @Field(() => ID, { description: 'The store.' })
  storeId!: string;

  @Field(() => String, { description: 'What to call the terminal, 1 to 50 characters.' })
  label!: string;
}

@InputType({ description: 'A terminal’s public key (EC P-256), under a pairing code.' })
class PairTerminalInput {
  @Field(() => String, {
    description: 'The 8 characters that an operator issued; single use, 30 minutes.',
  })
  pairingCode!: string;

  @Field(() => String, { description: 'x of the public key, base64url, 43 characters.' })
  publicKeyX!: string;

  @Field(() => String, { description: 'y of the public key, base64url, 43 characters.' })
  publicKeyY!: string;
}

@ObjectType({ description: 'A new pairing code. It is shown this once.' })
class PairingCodeIssued {
  @Field(() => String, { description: '8 characters.' })
  pairingCode!: string;

  @Field(() => DateTimeScalar, { description: 'Until when it may be typed.' })
  expiresAt!: Date;
}

@ObjectType({ description: 'The terminal is paired; 7iD knows its key within a moment.' })
class TerminalPaired {
  @Field(() => String, {
    description: 'Its OAuth client id at 7iD (private_key_jwt, client credentials).',
  })
  clientId!: string;

  @Field(() => TerminalType, { description: 'The terminal.' })
  terminal!: TerminalType;
}

const PairingCodeWrong = refusalClass(
  'PAIRING_CODE_WRONG',
  'Unknown, used or expired: the answer is the same.',
);
const IssuePairingCodeResult = resultUnion('IssuePairingCodeResult', 'The code.', [
  PairingCodeIssued,
]);
const PairTerminalResult = resultUnion('PairTerminalResult', 'The terminal, or why not.', [
  TerminalPaired,
  PairingCodeWrong,
]);

@Resolver(() => TerminalType)
export class TerminalResolver {
  @Directive('@tag(name: "merchant")')
  @Allow(only(terminal()))
  @Query(() => TerminalType, { nullable: true, description: 'The terminal that asks.' })
  terminal(@Ctx() { viewer, terminals }: MerchantContext): Promise<Terminal | null> {
    return terminals.find(terminalOf(viewer).terminalId);
  }

  @Directive('@tag(name: "internal")')
  @Allow(only(freshOperator(FRESH_LOGIN.workdaySeconds, 'onboarding')))
  @Mutation(() => IssuePairingCodeResult, {
    description: 'Issues a code that pairs one terminal with a store. For operators.',
  })
  async issuePairingCode(
    @Arg('input', () => IssuePairingCodeInput) input: IssuePairingCodeInput,
    @Ctx() { viewer, useCases }: MerchantContext,
  ): Promise<Answer> {
    const label = input.label.trim();
    if (label.length < 1 || label.length > 50)
      throw badUserInput('label: 1 to 50 characters are expected');
    const issued = await useCases.issuePairingCode(memberOf(viewer), {
      storeId: input.storeId,
      label,
    });
    return { __typename: 'PairingCodeIssued', ...issued };
  }

  @Directive('@tag(name: "merchant")')
  @Directive('@cost(weight: 20)') // whoever guesses at codes has spent all after a dozen
  @Allow(only(anybody))
  @Mutation(() => PairTerminalResult, {
    description:
      'Pairs the terminal that holds a pairing code. No login is needed: the code is the permission.',
  })
  async pairTerminal(
    @Arg('input', () => PairTerminalInput) input: PairTerminalInput,
    @Ctx() { viewer, useCases }: MerchantContext,
  ): Promise<Answer> {
    const { publicKeyX: x, publicKeyY: y, pairingCode } = input;
    if (!/^[\w-]{43}$/.test(x) || !/^[\w-]{43}$/.test(y)) {
      throw badUserInput('publicKeyX, publicKeyY: 43 characters of base64url are expected');
    }
    if (pairingCode.length > 20) throw badUserInput('pairingCode: 8 characters are expected');
    const result = await useCases.pairTerminal({ pairingCode, key: { x, y } });
    return toAnswer(viewer, result, (paired) => ({
      __typename: 'TerminalPaired',
      clientId: `terminal-${paired.id}`,
      terminal: paired,
    }));
  }

  @FieldResolver(() => StoreType, { description: 'The store it stands in.' })
  store(
    @Root() { storeId }: Terminal,
    @Ctx() { storeById }: MerchantContext,
  ): Promise<Store | null> {
    return storeById.load(storeId);
  }
}
