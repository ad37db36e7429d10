import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { ruleOf } from './allow.ts';
import { type Duty, READS_ALL } from './duty.ts';
import { asksForFreshLogin, type Rule } from './rule.ts';

/** Who may have one field of a subgraph. */
export interface FieldAccess {
  readonly type: string;
  readonly field: string;
  /** Null: whoever was given the object that holds it. */
  readonly rule: Rule | null;
  /** Where the rule stands. */
  readonly from: 'field' | 'entity' | 'holder';
}

type EntityRules = Readonly<Record<string, { readonly rule: Rule | 'stub' }>>;

/**
 * The rule of every field of a subgraph: its own, else that of its entity, else that of whatever led to it.
 * @throws Error that names each field and entity that would be anybody's for want of a rule
 */
export function accessTable(schema: GraphQLSchema, entities: EntityRules): readonly FieldAccess[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const types = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith('__'));
  const faults: string[] = [];
  const accessOf = (
    type: GraphQLObjectType,
    field: GraphQLField<unknown, unknown>,
  ): FieldAccess => {
    const own = ruleOf(field);
    const entity = entities[type.name]?.rule;
    const at = { type: type.name, field: field.name };
    const changes = type === schema.getMutationType();
    faults.push(...dutyFaults(own ?? (entity === 'stub' ? undefined : entity), at, changes));
    if (own) {
      if (own.otherwise === 'hide' && asksForFreshLogin(own)) {
        faults.push(`${type.name}.${field.name} is hidden, and asks for a fresh login`);
      }
      if (own.otherwise === 'hide' && isNonNullType(field.type)) {
        faults.push(`${type.name}.${field.name} is hidden, but may not be null`);
      }
      if (own.otherwise === 'hide' && type === schema.getSubscriptionType()) {
        faults.push(`${type.name}.${field.name} is hidden, but a stream can only be refused`);
      }
      return { ...at, rule: own, from: 'field' };
    }
    if (roots.includes(type) || (entity === 'stub' && field.name !== 'id')) {
      faults.push(`${type.name}.${field.name} has no rule (@Allow)`);
    }
    if (entity && entity !== 'stub') return { ...at, rule: entity, from: 'entity' };
    return { ...at, rule: null, from: 'holder' };
  };
  const table = types.flatMap((type) => {
    if (isFoundByKey(type) && !entities[type.name]) {
      faults.push(`${type.name} is found by its key without a rule (entity, stub)`);
    }
    return Object.values(type.getFields()).map((field) => accessOf(type, field));
  });
  if (faults.length > 0) throw new Error(`rules of access: ${faults.join('; ')}`);
  return table;
}

/** An operator’s field names who has it: all are read by those who only read, and none of them changes anything. */
function dutyFaults(
  rule: Rule | undefined,
  { type, field }: { type: string; field: string },
  changes: boolean,
): string[] {
  return (rule?.grants ?? []).flatMap((grant) => {
    if (grant.who !== 'operator') return [];
    // A rule is data and may be made without the types that ask for a duty.
    const duties: readonly Duty[] = grant.duties ?? [];
    if (duties.length === 0) return [`${type}.${field} is for operators of no duty`];
    if (duties.includes(READS_ALL) === changes) {
      return [
        `${type}.${field} ${changes ? 'changes, and is' : 'is read, and not'} for ${READS_ALL}`,
      ];
    }
    return [];
  });
}

/** Federation believes the whole representation of an entity that it has no reference for. */
const isFoundByKey = ({ astNode }: GraphQLObjectType): boolean =>
  (astNode?.directives ?? []).some(
    ({ name, arguments: given = [] }) =>
      name.value === 'key' &&
      !given.some(
        (argument) =>
          argument.name.value === 'resolvable' &&
          argument.value.kind === 'BooleanValue' &&
          !argument.value.value,
      ),
  );
