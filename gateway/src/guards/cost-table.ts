import {
  type ConstDirectiveNode,
  type ConstValueNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
} from 'graphql';

/** How long the list of a field is (`@listSize` of the cost directives of GraphQL). */
export interface ListSize {
  /** Where no argument says it. */
  readonly assumedSize: number | undefined;
  /** Arguments that say it: the largest counts. */
  readonly slicingArguments: readonly string[];
  /** The fields of the answer that are so long, where it is no list itself. */
  readonly sizedFields: readonly string[];
}

/** What fields and types cost, where the schema says something of it. */
export interface CostTable {
  /** By `Type`, `Type.field` or `Type.field(argument)`. */
  readonly weights: ReadonlyMap<string, number>;
  /** By `Type.field`. */
  readonly lists: ReadonlyMap<string, ListSize>;
}

/** Reads `@cost` and `@listSize` from a supergraph: the schema that clients see has lost them. */
export function readCostTable(supergraph: string): CostTable {
  const weights = new Map<string, number>();
  const lists = new Map<string, ListSize>();
  const note = (name: string, directives: readonly ConstDirectiveNode[] | undefined) => {
    const weight = argumentsOf('cost', directives)?.get('weight');
    if (weight !== undefined) weights.set(name, numberOf(weight) ?? 0);
  };
  for (const definition of parse(supergraph, { noLocation: true }).definitions) {
    if (!('name' in definition) || !definition.name) continue;
    const type = definition.name.value;
    if ('directives' in definition) {
      note(type, definition.directives as readonly ConstDirectiveNode[]);
    }
    if (
      definition.kind !== Kind.OBJECT_TYPE_DEFINITION &&
      definition.kind !== Kind.INTERFACE_TYPE_DEFINITION
    ) {
      continue;
    }
    for (const field of fieldsOf(definition)) {
      const name = `${type}.${field.name.value}`;
      note(name, field.directives);
      for (const argument of field.arguments ?? []) {
        note(`${name}(${argument.name.value})`, argument.directives);
      }
      const size = argumentsOf('listSize', field.directives);
      if (!size) continue;
      lists.set(name, {
        assumedSize: numberOf(size.get('assumedSize')),
        slicingArguments: textsOf(size.get('slicingArguments')),
        sizedFields: textsOf(size.get('sizedFields')),
      });
    }
  }
  return { weights, lists };
}

const fieldsOf = ({ fields = [] }: Pick<ObjectTypeDefinitionNode, 'fields'>) => fields;

const argumentsOf = (
  name: string,
  directives: readonly ConstDirectiveNode[] = [],
): ReadonlyMap<string, ConstValueNode> | undefined => {
  const found = directives.find((directive) => directive.name.value === name);
  return found && new Map((found.arguments ?? []).map((each) => [each.name.value, each.value]));
};

// The composition of Apollo writes weights as numbers, the specification as texts.
function numberOf(value: ConstValueNode | undefined): number | undefined {
  if (!value || !('value' in value)) return undefined;
  const number = Number(value.value);
  return Number.isFinite(number) && number >= 0 ? number : undefined;
}

const textsOf = (value: ConstValueNode | undefined): readonly string[] =>
  value?.kind === Kind.LIST
    ? value.values.flatMap((each) => (each.kind === Kind.STRING ? [each.value] : []))
    : [];
