import {
  buildSchema,
  type FieldNode,
  type GraphQLNamedType,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  print,
  type SelectionSetNode,
} from 'graphql';

/**
 * The fields that a subgraph requires with different arguments in two places. A representation has room for one
 * answer under the name of a field, so one of the two would get the other’s. Source: docs/adr/0016-own-plan-executor.md
 */
export function clashingRequires(sdl: string): string[] {
  const schema = buildSchema(sdl, { assumeValidSDL: true });
  const asked = new Map<string, Map<string, string>>();
  const walk = (type: GraphQLNamedType | undefined, set: SelectionSetNode, from: string) => {
    if (!isObjectType(type) && !isInterfaceType(type)) {
      // Of a union only fragments can be asked.
      for (const selection of set.selections) {
        if (selection.kind === Kind.INLINE_FRAGMENT) {
          walk(typeNamed(selection.typeCondition?.name.value), selection.selectionSet, from);
        }
      }
      return;
    }
    for (const selection of set.selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const on = selection.typeCondition?.name.value;
        walk(on === undefined ? type : typeNamed(on), selection.selectionSet, from);
      }
      if (selection.kind !== Kind.FIELD) continue;
      const place = `${type.name}.${selection.name.value}`;
      const ways = asked.get(place) ?? new Map<string, string>();
      const way = argumentsOf(selection);
      if (!ways.has(way)) ways.set(way, from);
      asked.set(place, ways);
      const inner = type.getFields()[selection.name.value];
      if (selection.selectionSet && inner) {
        walk(getNamedType(inner.type), selection.selectionSet, from);
      }
    }
  };
  const typeNamed = (name: string | undefined) =>
    name === undefined ? undefined : schema.getType(name);
  for (const { parent, field, selection } of requiresIn(sdl)) {
    const { definitions } = parse(`{ ${selection} }`);
    const [operation] = definitions;
    if (operation?.kind !== Kind.OPERATION_DEFINITION) continue;
    walk(typeNamed(parent), operation.selectionSet, `${parent}.${field}`);
  }
  return [...asked].flatMap(([place, ways]) =>
    ways.size < 2
      ? []
      : [`${place} is required as ${[...ways].map(([way, by]) => `${way} by ${by}`).join(', ')}`],
  );
}

/** Arguments in one spelling, whatever their order. */
const argumentsOf = ({ arguments: given = [] }: FieldNode): string =>
  `(${given
    .map((argument) => print(argument))
    .sort()
    .join(', ')})`;

function requiresIn(sdl: string): { parent: string; field: string; selection: string }[] {
  return parse(sdl).definitions.flatMap((type) => {
    if (!('fields' in type) || !type.fields || !('name' in type) || !type.name) return [];
    const parent = type.name.value;
    return type.fields.flatMap((field) =>
      (field.directives ?? []).flatMap((directive) => {
        if (!/^(federation__)?requires$/.test(directive.name.value)) return [];
        const value = directive.arguments?.find(({ name }) => name.value === 'fields')?.value;
        if (value?.kind !== Kind.STRING) return [];
        return [{ parent, field: field.name.value, selection: value.value }];
      }),
    );
  });
}
