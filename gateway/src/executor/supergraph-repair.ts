import {
  type ConstDirectiveNode,
  type DirectiveNode,
  type DocumentNode,
  Kind,
  type InterfaceTypeDefinitionNode,
  type ObjectTypeDefinitionNode,
  parse,
  visit,
} from 'graphql';

type TypeWithKeys = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

/** A copy of the supergraph for the planner, without the keys that {@link Repairs.dropUnresolvableKeys} is about. */
export const withoutUnresolvableKeys = (supergraph: DocumentNode): DocumentNode =>
  visit(supergraph, {
    ObjectTypeDefinition: (type) => dropKeys(type),
    InterfaceTypeDefinition: (type) => dropKeys(type),
  });

function dropKeys<Type extends TypeWithKeys>(type: Type): Type | undefined {
  const keys = (type.directives ?? []).filter(
    (directive) =>
      directive.name.value === 'join__type' && argument(directive, 'key') !== undefined,
  );
  const resolvable = (key: ConstDirectiveNode) => argument(key, 'resolvable') !== false;
  const graphs = new Set(keys.filter(resolvable).map((key) => argument(key, 'graph')));
  const dropped = new Set(
    keys.filter((key) => !resolvable(key) && graphs.has(argument(key, 'graph'))),
  );
  if (dropped.size === 0) return undefined;
  return { ...type, directives: type.directives?.filter((directive) => !dropped.has(directive)) };
}

/** The names of the fields that some `@requires` asks for with arguments. */
export function argumentedFields(supergraph: DocumentNode): ReadonlySet<string> {
  const found = new Set<string>();
  visit(supergraph, {
    Directive: (directive) => {
      if (directive.name.value !== 'join__field') return;
      const required = argument(directive, 'requires');
      if (typeof required !== 'string' || !required.includes('(')) return;
      visit(parse(`{ ${required} }`), {
        Field: ({ name, arguments: given }) => void (given?.length && found.add(name.value)),
      });
    },
  });
  return found;
}

function argument(
  { arguments: given }: ConstDirectiveNode | DirectiveNode,
  name: string,
): string | boolean | undefined {
  const value = given?.find((each) => each.name.value === name)?.value;
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM || value?.kind === Kind.BOOLEAN
    ? value.value
    : undefined;
}
