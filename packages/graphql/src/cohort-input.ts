import {
  classOfPrefix,
  type Cohort,
  cohortSchema,
  isEverything,
  LOGIN_METHODS,
  plainAddress,
  prefixOf,
} from '@7pay/controls';
import { isIP } from 'node:net';
import { Field, ID, InputType, registerEnumType } from 'type-graphql';
import { DateTimeScalar } from './scalars.ts';
import { badUserInput } from './errors.ts';

/** A way to log in, for the schema. */
export const LoginMethodEnum = Object.fromEntries(LOGIN_METHODS.map((one) => [one, one]));
registerEnumType(LoginMethodEnum, {
  name: 'LoginMethod',
  description: 'A way to log in. A login that was stepped up by a passkey has two.',
});

@InputType({
  description:
    'Which logins are meant. Each list that is given is a condition, of which one value is enough; all have to hold. 20 values each.',
})
export class CohortInput {
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Every login there is. Has to be said: an empty cohort is refused.',
  })
  everything!: boolean;

  @Field(() => [LoginMethodEnum], { nullable: true, description: 'Ways to log in.' })
  methods?: string[];

  @Field(() => [ID], { nullable: true, description: 'External providers, by key.' })
  providers?: string[];

  @Field(() => [ID], {
    nullable: true,
    description: 'Apps, by client id: those that logins were made for, or that they are used at.',
  })
  clients?: string[];

  @Field(() => [String], {
    nullable: true,
    description:
      'Networks: `as:<number>`, `net:…`, or any address of a /24 (IPv4) or /48 (IPv6), as `203.0.113.0/24`. Other lengths are refused. A network whose system is known is named by that: as `as:64500`.',
  })
  networks?: string[];

  @Field(() => [String], { nullable: true, description: 'Countries, two capital letters.' })
  countries?: string[];

  @Field(() => DateTimeScalar, { nullable: true, description: 'Logged in at this time or later.' })
  from?: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Logged in at this time or earlier.',
  })
  until?: Date;
}

/** The cohort of an input. @throws BAD_USER_INPUT when a value is none, or when nothing is said and everything meant */
export function readCohort({ everything, ...conditions }: CohortInput): Cohort {
  const given = Object.entries(conditions).filter(
    ([, value]) => value !== undefined && value !== null,
  );
  const networks = (conditions.networks ?? []).map(classOf);
  const read = cohortSchema.safeParse({ ...Object.fromEntries(given), networks });
  if (!read.success) {
    const at = read.error.issues[0]?.path.join('.') ?? '';
    throw badUserInput(`cohort${at && `.${at}`}: a key, a code or a window of time is expected`);
  }
  if (isEverything(read.data) !== everything) {
    throw badUserInput('cohort: either `everything`, or at least one condition');
  }
  return read.data;
}

// A wider network has no class, and a part of one has that of many others: neither is what was named.
function classOf(text: string): string {
  const [given = '', ...lengths] = text.split('/');
  const address = plainAddress(given);
  if (isIP(address) === 0) return text; // a class already, or what the cohort refuses
  const prefix = prefixOf(address);
  if (lengths.length > 0 && !prefix.endsWith(`/${lengths.join('/')}`)) {
    throw badUserInput('cohort.networks: a /24 (IPv4), a /48 (IPv6) or a system is expected');
  }
  return classOfPrefix(prefix);
}
