import { isSwitchKey, LISTED_MAX, switchDescription } from '@7pay/controls';
import {
  Allow,
  type Answer,
  anybody,
  DateTimeScalar,
  ENTITIES,
  entity,
  FRESH_LOGIN,
  freshOperator,
  memberOf,
  only,
  DUTIES,
  operator,
  refusalClass,
  resultUnion,
  SecondPersonRequired,
  shownTo,
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
  Int,
  Mutation,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import type { OperationsContext } from '../context.ts';
import { readReason } from '../reason.ts';
import { listSwitches, type SwitchView } from './list-switches.ts';

const SwitchStateEnum = { OPEN: 'OPEN', CLOSED: 'CLOSED' } as const;
registerEnumType(SwitchStateEnum, {
  name: 'SwitchState',
  description: 'OPEN: the function runs. CLOSED: it is refused.',
});

@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('Member', { description: ENTITIES.Member.type })
export class MemberReference {
  @Field(() => ID, { description: ENTITIES.Member.key })
  id!: string;
}

@Directive('@key(fields: "key")')
@ObjectType('Switch', { description: ENTITIES.Switch.type })
export class SwitchType {
  @Field(() => ID, { description: ENTITIES.Switch.key })
  key!: string;
}

@InputType({ description: 'What to stop, and why.' })
class CloseSwitchInput {
  @Field(() => ID, { description: 'The switch.' })
  key!: string;

  @Field(() => String, {
    description: 'The reason in Japanese, 1 to 200 characters; members read it.',
  })
  reasonJa!: string;

  @Field(() => String, {
    description: 'The reason in English, 1 to 200 characters; members read it.',
  })
  reasonEn!: string;
}

@InputType({ description: 'What to let run again.' })
class OpenSwitchInput {
  @Field(() => ID, { description: 'The switch.' })
  key!: string;
}

@ObjectType({ description: 'The switch is closed.' })
class SwitchClosed {
  @Field(() => SwitchType, { description: 'As it now stands.' })
  switch!: SwitchType;
}

@ObjectType({ description: 'The switch is open.' })
class SwitchOpened {
  @Field(() => SwitchType, { description: 'As it now stands.' })
  switch!: SwitchType;
}

@ObjectType({
  description: 'The wish to reopen is noted; another operator confirms it within 30 minutes.',
})
class ReopeningProposed {
  @Field(() => SwitchType, { description: 'Still closed.' })
  switch!: SwitchType;
}

const UnknownSwitch = refusalClass('UNKNOWN_SWITCH', 'No switch has this key.');
const CloseSwitchResult = resultUnion('CloseSwitchResult', 'The switch, or why not.', [
  SwitchClosed,
  UnknownSwitch,
]);
const OpenSwitchResult = resultUnion('OpenSwitchResult', 'The switch, or why not.', [
  SwitchOpened,
  ReopeningProposed,
  SecondPersonRequired,
  UnknownSwitch,
]);

@Resolver(() => SwitchType)
export class SwitchResolver {
  @Directive('@tag(name: "internal")')
  @Directive('@cost(weight: 5)') // all of them, whether they are asked for or not
  @Directive('@listSize(assumedSize: 30)')
  @Allow(only(operator(...DUTIES)))
  @Query(() => [SwitchType], {
    description: `Every switch of the register, and those of its families that were ever moved: ${LISTED_MAX} of them at most, closed ones first, then the latest; \`switch\` shows any. For operators.`,
  })
  switches(@Ctx() { switches }: OperationsContext): Promise<SwitchView[]> {
    return listSwitches(switches);
  }

  @Allow(only(anybody))
  @Query(() => SwitchType, { nullable: true, description: 'One switch; its state is public.' })
  switch(
    @Arg('key', () => ID) key: string,
    @Ctx() context: OperationsContext,
  ): Promise<SwitchView | null> {
    return switchReference({ key }, context);
  }

  @Directive('@tag(name: "internal")')
  @Allow(only(freshOperator(FRESH_LOGIN.workdaySeconds, 'security')))
  @Mutation(() => CloseSwitchResult, {
    description: 'Stops a function everywhere, within a second. One operator is enough.',
  })
  async closeSwitch(
    @Arg('input', () => CloseSwitchInput) input: CloseSwitchInput,
    @Ctx() context: OperationsContext,
  ): Promise<Answer> {
    const result = await context.useCases.closeSwitch(memberOf(context.viewer), {
      key: input.key,
      reason: readReason(input),
    });
    const view = await switchReference(input, context);
    return toAnswer(context.viewer, result, () => ({ __typename: 'SwitchClosed', switch: view }));
  }

  @Directive('@tag(name: "internal")')
  @Allow(only(freshOperator(FRESH_LOGIN.workdaySeconds, 'security')))
  @Mutation(() => OpenSwitchResult, {
    description: 'Lets a function run again: one operator proposes, a second one opens.',
  })
  async openSwitch(
    @Arg('input', () => OpenSwitchInput) input: OpenSwitchInput,
    @Ctx() context: OperationsContext,
  ): Promise<Answer> {
    const result = await context.useCases.openSwitch(memberOf(context.viewer), input);
    const view = await switchReference(input, context);
    return toAnswer(context.viewer, result, ({ step }) => ({
      __typename: step === 'PROPOSED' ? 'ReopeningProposed' : 'SwitchOpened',
      switch: view,
    }));
  }

  @FieldResolver(() => String, { description: 'Name in Japanese.' })
  nameJa(@Root() { key }: SwitchView): string {
    return switchDescription(key)?.name.ja ?? key;
  }

  @FieldResolver(() => String, { description: 'Name in English.' })
  nameEn(@Root() { key }: SwitchView): string {
    return switchDescription(key)?.name.en ?? key;
  }

  @FieldResolver(() => SwitchStateEnum, { description: 'Whether the function runs.' })
  state(@Root() { row }: SwitchView): string {
    return row?.state ?? 'OPEN';
  }

  @FieldResolver(() => DateTimeScalar, {
    nullable: true,
    description: 'Since when it stands so; null when it never moved.',
  })
  since(@Root() { row }: SwitchView): Date | null {
    return row?.since ?? null;
  }

  @FieldResolver(() => String, { nullable: true, description: 'Why it is closed, in Japanese.' })
  reasonJa(@Root() { row }: SwitchView): string | null {
    return row?.reason?.ja ?? null;
  }

  @FieldResolver(() => String, { nullable: true, description: 'Why it is closed, in English.' })
  reasonEn(@Root() { row }: SwitchView): string | null {
    return row?.reason?.en ?? null;
  }

  @FieldResolver(() => Int, {
    description: 'Generation of the controls at its last change; 0 when it never moved.',
  })
  generation(@Root() { row }: SwitchView): number {
    return row?.generation ?? 0;
  }

  @Directive('@tag(name: "internal")')
  @Allow(shownTo(operator(...DUTIES)))
  @FieldResolver(() => MemberReference, {
    nullable: true,
    description: 'Who moved it last. For operators.',
  })
  changedBy(@Root() { row }: SwitchView): MemberReference | null {
    return row && { id: row.actor };
  }

  @Directive('@tag(name: "internal")')
  @Allow(shownTo(operator(...DUTIES)))
  @FieldResolver(() => MemberReference, {
    nullable: true,
    description: 'Who wishes to reopen it. For operators.',
  })
  reopeningProposedBy(@Root() { row }: SwitchView): MemberReference | null {
    return row?.reopening ? { id: row.reopening.by } : null;
  }

  @Directive('@tag(name: "internal")')
  @Allow(shownTo(operator(...DUTIES)))
  @FieldResolver(() => DateTimeScalar, {
    nullable: true,
    description: 'When that was proposed. For operators.',
  })
  reopeningProposedAt(@Root() { row }: SwitchView): Date | null {
    return row?.reopening?.at ?? null;
  }
}

/** How other subgraphs reach a switch. A key that is none finds nothing. */
export const switchReference = entity(
  shownTo(anybody),
  async ({ key }: { key: string }, { switches }: OperationsContext): Promise<SwitchView | null> =>
    isSwitchKey(key) ? { key, row: await switches.find(null, key) } : null,
);
