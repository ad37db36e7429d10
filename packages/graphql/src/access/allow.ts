import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  isObjectType,
} from 'graphql';
import type { Clock } from '@7pay/time';
import { Extensions } from 'type-graphql';
import type { Viewer } from '../viewer.ts';
import { allows, asksForFreshLogin, type Belonging, passes, type Rule } from './rule.ts';

type BelongsTo<Root, Context> = (root: Root, context: Context) => Belonging | Promise<Belonging>;

interface FieldAccess {
  readonly rule: Rule;
  readonly belongsTo?: BelongsTo<never, never>;
}

const KEY = 'access';

/**
 * Says who may have a query, a mutation, a subscription or a field. It is enforced before the resolver runs, and told in
 * docs/access.md. Rules that ask for an owner or a place take from the root whose it is.
 */
export const Allow = <Root, Context>(rule: Rule, belongsTo?: BelongsTo<Root, Context>) =>
  Extensions({ [KEY]: { rule, ...(belongsTo ? { belongsTo } : {}) } });

const accessOf = (field: GraphQLField<unknown, unknown>): FieldAccess | undefined =>
  field.extensions[KEY] as FieldAccess | undefined;

/** The rule of a field itself, if it has one. */
export const ruleOf = (field: GraphQLField<unknown, unknown>): Rule | undefined =>
  accessOf(field)?.rule;

/** Puts the rule of each field before its resolver. */
export function guardFields(schema: GraphQLSchema, clock: Clock): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) guardField(field, clock);
  }
}

function guardField(field: GraphQLField<unknown, unknown>, clock: Clock): void {
  const access = accessOf(field);
  if (!access) return;
  const { rule } = access;
  const belongsTo = access.belongsTo as BelongsTo<unknown, unknown> | undefined;
  const behindRule =
    (resolve: GraphQLFieldResolver<unknown, unknown>): GraphQLFieldResolver<unknown, unknown> =>
    (root, args, context, info) => {
      const { viewer } = context as { viewer: Viewer };
      const give = (thing: Belonging): unknown =>
        passes(rule, viewer, { thing, now: clock.now() })
          ? resolve(root, args, context, info)
          : null;
      const thing = belongsTo?.(root, context) ?? {};
      return thing instanceof Promise ? thing.then(give) : give(thing);
    };
  field.resolve = behindRule(field.resolve ?? defaultFieldResolver);
  // A subscription is refused before its source is opened, and each of its events once more.
  if (field.subscribe) field.subscribe = behindRule(field.subscribe);
}

/** How an entity is found by its key, and who may have it: to others it does not exist. */
export interface EntityReference<Key, Row, Context> {
  (key: Key, context: Context): Promise<Row | null>;
  /** `stub`: the key alone, which tells nothing; each other field has a rule of its own. */
  readonly rule: Rule | 'stub';
}

/**
 * An entity that is shown to whom the rule says. The rest of a representation is not believed.
 * @throws Error for a rule that asks when somebody logged in: an entity is there or not; that belongs on a field
 */
export function entity<Key, Row, Context extends { readonly viewer: Viewer }>(
  rule: Rule,
  find: (key: Key, context: Context) => Promise<Row | null> | Row | null,
  belongsTo: (row: Row) => Belonging = () => ({}),
): EntityReference<Key, Row, Context> {
  if (asksForFreshLogin(rule)) throw new Error('the rule of an entity asks for a fresh login');
  const shown = async (key: Key, context: Context): Promise<Row | null> => {
    const row = await find(key, context);
    return row !== null && allows(rule, context.viewer, belongsTo(row)) ? row : null;
  };
  return Object.assign(shown, { rule });
}

/** An entity that lives elsewhere and is given fields here. Of a representation only the id is taken. */
export const stub: EntityReference<{ id: string }, { id: string }, unknown> = Object.assign(
  async ({ id }: { id: string }) => ({ id }),
  { rule: 'stub' as const },
);
