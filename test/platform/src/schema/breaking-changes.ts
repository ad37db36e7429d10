import type { RegisteredDocument } from '@7pay/gateway';
import {
  type BreakingChange,
  BreakingChangeType,
  findBreakingChanges,
  findDangerousChanges,
  type GraphQLSchema,
  parse,
  validate,
} from 'graphql';
import { usedCoordinates } from './used-coordinates.ts';

/** What two schemas differ in, for those who ask. */
export interface SchemaChanges {
  /** Breaking, and some registered document asks for it: the new schema must not be published. */
  readonly broken: readonly { readonly document: string; readonly change: string }[];
  /** Breaking by the book, and no registered document asks for it. */
  readonly unused: readonly string[];
  /** May surprise a client, such as a new value of an enum. */
  readonly dangerous: readonly string[];
}

/** Compares two API schemas in the light of the documents that are known to be asked. */
export function schemaChanges(
  { before, after }: { readonly before: GraphQLSchema; readonly after: GraphQLSchema },
  documents: readonly RegisteredDocument[],
): SchemaChanges {
  const breaking = findBreakingChanges(before, after);
  const asked = documents.map(({ name, text }) => {
    const document = parse(text);
    return { name, document, used: usedCoordinates(before, document) };
  });
  const hits = breaking.map((change) => ({
    change,
    by: asked.filter(({ used }) => coordinatesOf(change).some((place) => used.has(place))),
  }));
  const broken = hits.flatMap(({ change, by }) =>
    by.map(({ name }) => ({ document: name, change: change.description })),
  );
  // What the list of changes does not say, the new schema itself does.
  for (const { name, document } of asked) {
    if (broken.some((found) => found.document === name)) continue;
    for (const { message } of validate(after, document)) {
      broken.push({ document: name, change: message });
    }
  }
  return {
    broken,
    unused: hits.filter(({ by }) => by.length === 0).map(({ change }) => change.description),
    dangerous: findDangerousChanges(before, after).map(({ description }) => description),
  };
}

const FIELD = /\b([_A-Za-z]\w*\.[_A-Za-z]\w*)/;
const ARGUMENT = /^(\w+\.\w+) arg (\w+) /;

/** The places of a change, as graphql-js tells them in words. */
function coordinatesOf({ type, description }: BreakingChange): readonly string[] {
  switch (type) {
    case BreakingChangeType.ARG_REMOVED:
    case BreakingChangeType.ARG_CHANGED_KIND: {
      const [, field = '', argument = ''] = ARGUMENT.exec(description) ?? [];
      return [`${field}(${argument})`];
    }
    case BreakingChangeType.FIELD_REMOVED:
    case BreakingChangeType.FIELD_CHANGED_KIND:
    case BreakingChangeType.REQUIRED_ARG_ADDED:
      return [FIELD.exec(description)?.[1] ?? ''];
    case BreakingChangeType.VALUE_REMOVED_FROM_ENUM:
    case BreakingChangeType.REQUIRED_INPUT_FIELD_ADDED:
      return [/ type (\w+)/.exec(description)?.[1] ?? ''];
    default:
      return [/^\w+/.exec(description)?.[0] ?? ''];
  }
}
