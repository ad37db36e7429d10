import { type GraphQLObjectType, type GraphQLSchema, isObjectType } from 'graphql';
import { ruleOf } from './allow.ts';
import type { Rule } from './rule.ts';

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
 * @throws Error that names each field that would be anybody's for want of a rule
 */
export function accessTable(schema: GraphQLSchema, entities: EntityRules): readonly FieldAccess[] {
  const roots = [schema.getQueryType(), schema.getMutationType()];
  const types = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith('__'));
  const bare: string[] = [];
  const table = types.flatMap((type) =>
    fieldsOf(type).map(({ field, rule: own }): FieldAccess => {
      const entity = entities[type.name]?.rule;
      const mustHave = roots.includes(type) || (entity === 'stub' && field !== 'id');
      if (!own && mustHave) bare.push(`${type.name}.${field}`);
      const at = { type: type.name, field };
      if (own) return { ...at, rule: own, from: 'field' };
      if (entity && entity !== 'stub') return { ...at, rule: entity, from: 'entity' };
      return { ...at, rule: null, from: 'holder' };
    }),
  );
  if (bare.length > 0) throw new Error(`without a rule of access (@Allow): ${bare.join(', ')}`);
  return table;
}

const fieldsOf = (type: GraphQLObjectType) =>
  Object.values(type.getFields()).map((field) => ({ field: field.name, rule: ruleOf(field) }));
