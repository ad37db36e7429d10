import { declareRefusals, isRefused, refusalSentence, type Refused } from '@7pay/refusals';
import type { GraphQLScalarType } from 'graphql';
import { createUnionType, Directive, Field, ID, InterfaceType, ObjectType } from 'type-graphql';
import { ENTITIES } from './entities.ts';
import type { Viewer } from './viewer.ts';

/** An expected no, as the graph shows it: a stable code, and a sentence that says what to do. */
@InterfaceType({
  autoRegisterImplementations: false,
  description: 'An expected *no*: a stable code, and what the person can do.',
})
export abstract class Refusal {
  @Field(() => String, { description: 'The stable code; listed in docs/errors.md.' })
  code!: string;

  @Field(() => String, {
    description: 'A sentence for the person, in the language they asked for.',
  })
  message!: string;
}

export type RefusalClass = new () => Refusal;
type FieldType = GraphQLScalarType | StringConstructor | object;

/**
 * Makes the object type of one refusal code, `INSUFFICIENT_BALANCE` → `InsufficientBalance`, with the facts
 * that may be shown. Every type is shareable: the same refusal may come from several subgraphs.
 */
export function refusalClass(
  code: string,
  description: string,
  facts: Readonly<Record<string, { type: FieldType; description: string }>> = {},
): RefusalClass {
  const name = typeName(code);
  const made = { [name]: class extends Refusal {} }[name] as RefusalClass;
  ObjectType(name, { implements: Refusal, description })(made);
  Directive('@shareable')(made);
  for (const [fact, { type, description: text }] of Object.entries(facts)) {
    Field(() => type as never, { description: text })(made.prototype, fact);
  }
  return made;
}

const typeName = (code: string): string =>
  code.toLowerCase().replace(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** A switch that lives in the operations subgraph, named by its key. */
@Directive('@key(fields: "key", resolvable: false)')
@ObjectType('Switch', { description: ENTITIES.Switch.type })
export class SwitchReference {
  @Field(() => ID, { description: ENTITIES.Switch.key })
  key!: string;
}

declareRefusals('graphql', {
  STEP_UP_REQUIRED: {
    ja: 'ご本人の確認が必要です。パスキーで確認してから、もう一度お試しください。',
    en: 'Please confirm that it is you, with your passkey, and try again.',
  },
  SECOND_PERSON_REQUIRED: {
    ja: '別の担当者の承認が必要です。',
    en: 'Another person has to approve this.',
  },
});

/** Refusals that every subgraph may give. */
export const FunctionClosed = refusalClass(
  'FUNCTION_CLOSED',
  'Operators have stopped this function.',
  {
    switch: {
      type: SwitchReference,
      description: 'The switch that is closed: since when and why.',
    },
  },
);
export const ControlsStale = refusalClass(
  'CONTROLS_STALE',
  'The state of the switches could not be confirmed, so nothing is risked.',
);
export const StepUpRequired = refusalClass(
  'STEP_UP_REQUIRED',
  'A stronger proof of identity is needed first.',
  { acr: { type: String, description: 'The OIDC acr value to ask 7iD for.' } },
);
export const SecondPersonRequired = refusalClass(
  'SECOND_PERSON_REQUIRED',
  'The same person may not take both steps.',
);

/** What a mutation resolver returns: one member of its union. */
export type Answer = { readonly __typename: string } & Readonly<Record<string, unknown>>;

/** Makes the union of a mutation's success and its refusals. */
export function resultUnion(
  name: string,
  description: string,
  types: readonly (new () => object)[],
) {
  return createUnionType({
    name,
    description,
    types: () => types as readonly (new () => object)[],
    resolveType: (value: object) => (value as Answer).__typename,
  });
}

/** Turns what a use case returned into a member of the union, refusals with a sentence in the viewer's language. */
export function toAnswer<Result extends object>(
  viewer: Viewer,
  result: Result | Refused,
  success: (result: Exclude<Result, Refused>) => Answer,
): Answer {
  if (!isRefused(result)) return success(result as Exclude<Result, Refused>);
  const { refused, facts } = result as Refused;
  const { switch: key, ...others } = facts;
  return {
    ...others,
    ...(key === undefined ? {} : { switch: { key } }),
    __typename: typeName(refused),
    code: refused,
    message: refusalSentence(refused, facts, viewer.locale),
  };
}
