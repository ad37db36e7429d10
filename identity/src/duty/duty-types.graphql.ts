import { connectionOf, DateTimeScalar, type Duty } from '@7pay/graphql';
import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { DutyChange } from './duty-change.ts';

/** The duties as the graph names them. */
export const DutyEnum = {
  SUPPORT: 'support',
  SECURITY: 'security',
  FINANCE: 'finance',
  ONBOARDING: 'onboarding',
  AUDITOR: 'auditor',
} as const satisfies Readonly<Record<Uppercase<Duty>, Duty>>;
registerEnumType(DutyEnum, {
  name: 'Duty',
  description: 'What somebody works here for; docs/access.md shows what each has.',
  valuesConfig: {
    SUPPORT: { description: 'Members, cases and freezes.' },
    SECURITY: { description: 'Switches, cut-offs, clients, keys, the record, and duties.' },
    FINANCE: { description: 'Settlements, reconciliation, top-up cases and refunds.' },
    ONBOARDING: { description: 'Merchants, their stores and terminals.' },
    AUDITOR: { description: 'Reads everything and changes nothing.' },
  },
});

const DutyChangeStateEnum = { PROPOSED: 'PROPOSED', MADE: 'MADE', WITHDRAWN: 'WITHDRAWN' } as const;
registerEnumType(DutyChangeStateEnum, {
  name: 'DutyChangeState',
  description: 'What became of a change of duties.',
  valuesConfig: {
    PROPOSED: { description: 'It waits for a second person, for 30 minutes.' },
    MADE: { description: 'The duties are so since.' },
    WITHDRAWN: { description: 'Somebody took it back or turned it down.' },
  },
});

@Directive('@tag(name: "internal")')
@ObjectType('Operator', { description: 'Somebody who works here.' })
export class OperatorType {
  @Field(() => ID, { description: 'The member id.' })
  id!: string;

  @Field(() => String, { description: 'The name to greet them by.' })
  displayName!: string;

  @Field(() => [DutyEnum], {
    description: 'What for, now; none for who is no operator yet, or no more.',
  })
  duties!: readonly Duty[];
}

@Directive('@tag(name: "internal")')
@ObjectType('DutyChange', { description: 'A change of what somebody works here for.' })
export class DutyChangeType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => OperatorType, { nullable: true, description: 'Whose duties.' })
  member!: OperatorType | null;

  @Field(() => [DutyEnum], { description: 'What they were when it was asked for.' })
  before!: readonly Duty[];

  @Field(() => [DutyEnum], { description: 'What they are to be; empty: none any more.' })
  after!: readonly Duty[];

  @Field(() => OperatorType, { nullable: true, description: 'Who asked.' })
  by!: OperatorType | null;

  @Field(() => String, { description: 'Why, in their words.' })
  note!: string;

  @Field(() => DateTimeScalar, { description: 'When.' })
  at!: Date;

  @Field(() => DutyChangeStateEnum, { description: 'What became of it.' })
  state!: DutyChange['state'];

  @Field(() => Boolean, { description: 'Whether a second person can make it now.' })
  isOpen!: boolean;

  @Field(() => OperatorType, { nullable: true, description: 'Who made it, or took it back.' })
  decidedBy!: OperatorType | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When that was.' })
  decidedAt!: Date | null;
}

export const OperatorConnection = connectionOf('Operator', () => OperatorType);
export const DutyChangeConnection = connectionOf('DutyChange', () => DutyChangeType);
