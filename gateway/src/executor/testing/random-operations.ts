import {
  getNamedType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isLeafType,
  isNonNullType,
  isUnionType,
} from 'graphql';
import type { Random } from './random.ts';

/** An operation made by chance. It need not be valid. */
export interface RandomOperation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const DEPTH = 4;
/** Names that are hard on an executor: members of every object, keys of entities, our own inner ones. */
const HARD_ALIASES = [
  'x',
  'y',
  'constructor',
  '__proto__',
  'toString',
  'id',
  'name',
  'own__x',
  '_entities',
  '__typename',
];
const IDS = ['u1', 'u4', 'u5', 'w2', 'w3', 'm7', 'x2', 'x3', 'zz'];
const VARIABLES: Readonly<Record<string, { type: string; value: (random: Random) => unknown }>> = {
  n: { type: 'Int! = 2', value: (random) => 1 + random.below(5) },
  id: { type: 'ID! = "u3"', value: (random) => random.pick(IDS) },
  range: { type: 'Range! = { from: 3 }', value: (random) => ({ to: 2 + random.below(4) }) },
  a: { type: 'Boolean! = true', value: (random) => random.chance(0.5) },
  b: { type: 'Boolean! = false', value: (random) => random.chance(0.5) },
  c: { type: 'Boolean! = true', value: (random) => random.chance(0.5) },
};

/** Makes an operation: fields, aliases, fragments on everything, arguments, `@skip` and `@include`. */
export function randomOperation(schema: GraphQLSchema, random: Random): RandomOperation {
  const writer = new OperationWriter(schema, random);
  return writer.write();
}

class OperationWriter {
  readonly #schema: GraphQLSchema;
  readonly #random: Random;
  readonly #fragments: string[] = [];
  readonly #used = new Set<string>();

  constructor(schema: GraphQLSchema, random: Random) {
    this.#schema = schema;
    this.#random = random;
  }

  write(): RandomOperation {
    const isMutation = this.#random.chance(0.08);
    const root = isMutation ? this.#schema.getMutationType() : this.#schema.getQueryType();
    if (!root) throw new Error('the schema has no root');
    const body = this.#selection(root, DEPTH);
    const names = [...this.#used];
    const declared = names.map((name) => `$${name}: ${VARIABLES[name]?.type}`).join(', ');
    const head = `${isMutation ? 'mutation' : 'query'} Q${declared ? `(${declared})` : ''}`;
    return {
      query: [`${head} { ${body} }`, ...this.#fragments].join('\n'),
      variables: Object.fromEntries(
        names
          .filter(() => this.#random.chance(0.6))
          .map((name) => [name, VARIABLES[name]?.value(this.#random)]),
      ),
    };
  }

  #variable(name: string): string {
    this.#used.add(name);
    return `$${name}`;
  }

  #selection(type: GraphQLCompositeType, depth: number): string {
    const count = 1 + this.#random.below(4);
    return Array.from({ length: count }, () => this.#selected(type, depth)).join(' ');
  }

  #selected(type: GraphQLCompositeType, depth: number): string {
    const random = this.#random;
    const roll = random.next();
    if (roll < 0.1 || (isUnionType(type) && roll < 0.3)) {
      return `${random.chance(0.3) ? 'kind: ' : ''}__typename${this.#switch()}`;
    }
    if (depth > 0 && (roll < 0.3 || isUnionType(type))) return this.#fragment(type, depth);
    if (isUnionType(type)) return '__typename';
    return this.#field(Object.values(type.getFields()), depth);
  }

  #fragment(type: GraphQLCompositeType, depth: number): string {
    const random = this.#random;
    const on = random.pick(this.#overlapping(type));
    const inner = this.#selection(on, depth - 1);
    if (random.chance(0.3)) {
      const name = `F${this.#fragments.length}`;
      this.#fragments.push(`fragment ${name} on ${on.name} { ${inner} }`);
      const spread = `...${name}${this.#switch()}`;
      return random.chance(0.2) ? `${spread} ${spread}` : spread;
    }
    const condition = on === type && random.chance(0.5) ? '' : ` on ${on.name}`;
    return `...${condition}${this.#switch()} { ${inner} }`;
  }

  #overlapping(type: GraphQLCompositeType): readonly GraphQLCompositeType[] {
    if (!isAbstractType(type)) return [type, ...type.getInterfaces()];
    const objects: readonly GraphQLObjectType[] = this.#schema.getPossibleTypes(type);
    return [type, ...objects, ...objects, ...objects.flatMap((object) => object.getInterfaces())];
  }

  #field(fields: readonly GraphQLField<unknown, unknown>[], depth: number): string {
    const random = this.#random;
    const leaves = fields.filter((field) => isLeafType(getNamedType(field.type)));
    if (depth <= 0 && leaves.length === 0) return '__typename';
    const field = random.pick(depth > 0 ? fields : leaves);
    const type = getNamedType(field.type);
    const alias = random.chance(0.2) ? `${random.pick(HARD_ALIASES)}: ` : '';
    const inner =
      isLeafType(type) || !('name' in type)
        ? ''
        : ` { ${this.#selection(type as GraphQLCompositeType, depth - 1)} }`;
    return `${alias}${field.name}${this.#arguments(field)}${this.#switch()}${inner}`;
  }

  #arguments(field: GraphQLField<unknown, unknown>): string {
    const random = this.#random;
    const given = field.args
      .filter((argument) => isNonNullType(argument.type) || random.chance(0.6))
      .map(({ name, type }) => `${name}: ${this.#value(getNamedType(type).name)}`);
    return given.length === 0 ? '' : `(${given.join(', ')})`;
  }

  #value(type: string): string {
    const random = this.#random;
    switch (type) {
      case 'ID':
        return random.chance(0.4) ? this.#variable('id') : `"${random.pick(IDS)}"`;
      case 'Int':
        return random.chance(0.4) ? this.#variable('n') : String(1 + random.below(6));
      case 'Boolean':
        return random.chance(0.5) ? 'true' : this.#variable('a');
      default:
        return random.chance(0.5)
          ? this.#variable('range')
          : `{ from: ${random.chance(0.5) ? this.#variable('n') : 2}${random.chance(0.5) ? ', to: 4' : ''} }`;
    }
  }

  #switch(): string {
    const random = this.#random;
    if (random.chance(0.82)) return '';
    const condition = random.chance(0.3)
      ? String(random.chance(0.5))
      : this.#variable(random.pick(['a', 'b', 'c']));
    return ` @${random.pick(['skip', 'include'])}(if: ${condition})`;
  }
}
