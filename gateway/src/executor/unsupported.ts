import { type DocumentNode, GraphQLError, Kind, visit } from 'graphql';

/** A supergraph asks for something that this executor does not do. It is not loaded; the one before serves on. */
export class UnsupportedSupergraph extends Error {
  override readonly name = 'UnsupportedSupergraph';
}

/** An operation asks for something that this executor does not do. */
export class UnsupportedOperation extends GraphQLError {
  override readonly name = 'UnsupportedOperation';
  constructor(message: string) {
    super(message, { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
  }
}

const UNSUPPORTED_ARGUMENTS: ReadonlyMap<string, string> = new Map([
  ['contextArguments', '@fromContext'],
  ['overrideLabel', 'progressive @override'],
]);

/** @throws UnsupportedSupergraph for `@fromContext` and progressive `@override`, at the first field that has one */
export function refuseUnsupported(supergraph: DocumentNode): void {
  visit(supergraph, {
    FieldDefinition: (field) => {
      for (const { name, arguments: given = [] } of field.directives ?? []) {
        if (name.value !== 'join__field') continue;
        for (const argument of given) {
          const feature = UNSUPPORTED_ARGUMENTS.get(argument.name.value);
          if (feature === undefined || argument.value.kind === Kind.NULL) continue;
          throw new UnsupportedSupergraph(`${field.name.value}: ${feature} is not executed`);
        }
      }
    },
  });
}
