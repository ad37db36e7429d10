import { DateTimeScalar } from '@7pay/graphql';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { AUDIT_KINDS, type AuditEvent, type AuditKind } from './audit-event.ts';

/** The kinds of events, for the schema. */
export const AuditKindEnum = Object.fromEntries(AUDIT_KINDS.map((kind) => [kind, kind]));
registerEnumType(AuditKindEnum, {
  name: 'AuditKind',
  description: 'What is on record of 7iD (docs/identity.md).',
});
const fact = (description: string) => Field(() => String, { nullable: true, description });

/** An event of the record. */
@Directive('@tag(name: "internal")')
@ObjectType('AuditEvent', {
  description: 'An event on record of 7iD. It names nobody but by an id.',
})
export class AuditEventType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => AuditKindEnum, { description: 'What happened.' })
  kind!: AuditKind;

  @Field(() => DateTimeScalar, { description: 'When.' })
  at!: Date;

  @Field(() => Int, { description: 'The chain that it stands in.' })
  chain!: number;

  @Field(() => Int, { description: 'Its number in the chain.' })
  n!: number;

  @fact('The member it is about.')
  memberId!: string | null;

  @fact('Who did it, where that is somebody else.')
  actor!: string | null;

  @fact('The client.')
  clientId!: string | null;

  @fact('The external provider.')
  provider!: string | null;

  @fact('The way to log in, or the kind of factor or contact.')
  method!: string | null;

  @fact('How strongly it was proven (OIDC `acr`).')
  acr!: string | null;

  @fact('Why not, or what step was taken.')
  reason!: string | null;

  @fact('The class of networks.')
  network!: string | null;

  @fact('The country, two letters.')
  country!: string | null;

  @fact('The family of the browser.')
  agent!: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether the member had never come from this class of networks.',
  })
  newNetwork!: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many tries it counts, where it is not one.',
  })
  tries!: number | null;

  @fact('What else it is about: a key, a notice, the minute that is counted.')
  about!: string | null;

  @fact('Why an operator did it, in their words.')
  note!: string | null;
}
/** An event as the graph shows it. */
export const shownEvent = ({ id, kind, at, chain, n, facts }: AuditEvent): AuditEventType => ({
  id,
  kind,
  at,
  chain,
  n,
  memberId: facts.memberId ?? null,
  actor: facts.actor ?? null,
  clientId: facts.clientId ?? null,
  provider: facts.provider ?? null,
  method: facts.method ?? null,
  acr: facts.acr ?? null,
  reason: facts.reason ?? null,
  network: facts.network ?? null,
  country: facts.country ?? null,
  agent: facts.agent ?? null,
  newNetwork: facts.newNetwork ?? null,
  tries: facts.tries ?? null,
  about: facts.about ?? null,
  note: facts.note ?? null,
});
