import {
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
} from 'graphql';

/**
 * Questions about types that plans ask. They are answered from the full supergraph: a type that clients may not see
 * is a type all the same, and an interface may implement another.
 */
export class Kinds {
  readonly #schema: GraphQLSchema;
  readonly #members = new Map<string, ReadonlySet<string>>();

  constructor(supergraph: GraphQLSchema) {
    this.#schema = supergraph;
  }

  type(name: string): GraphQLNamedType | undefined {
    return this.#schema.getType(name) ?? undefined;
  }

  /** Whether an object that calls itself `actual` meets a condition on `wanted`. */
  meets(actual: unknown, wanted: string): boolean {
    if (actual === wanted) return true;
    return typeof actual === 'string' && this.#membersOf(wanted).has(actual);
  }

  #membersOf(name: string): ReadonlySet<string> {
    const known = this.#members.get(name);
    if (known) return known;
    const members = new Set<string>();
    const type = this.type(name);
    if (isAbstractType(type)) {
      for (const { name: member } of this.#schema.getPossibleTypes(type)) members.add(member);
      if (isInterfaceType(type)) {
        const { interfaces } = this.#schema.getImplementations(type);
        for (const { name: member } of interfaces) members.add(member);
      }
    }
    this.#members.set(name, members);
    return members;
  }
}
