import { createHash } from 'node:crypto';
import { type GraphQLSchema, Kind, parse, validate } from 'graphql';
import type { RegisteredDocument } from '../supergraph/registered-document.ts';
import type { Generation } from './generation.ts';
import { switchNames } from './switches.ts';

/** A supergraph cannot answer a document that is known to be asked. */
export class UnanswerableDocument extends Error {
  override readonly name = 'UnanswerableDocument';
}

/**
 * Validates and plans documents in each setting of their switches, so that the first to ask finds them compiled.
 * Between two plans others have their turn.
 * @throws UnanswerableDocument that names the document, unless `onUnanswerable` lets it pass
 */
export async function warmUp(
  generation: Generation,
  documents: readonly RegisteredDocument[],
  onUnanswerable: (fault: UnanswerableDocument) => void = refuse,
): Promise<void> {
  for (const { name, text } of documents) {
    try {
      await warmUpOne(generation, text);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : 'no reason was given';
      onUnanswerable(new UnanswerableDocument(`${name}: ${reason}`, { cause }));
    }
  }
}

const refuse = (fault: UnanswerableDocument): never => {
  throw fault;
};

async function warmUpOne(generation: Generation, text: string): Promise<void> {
  const document = parse(text);
  refuseInvalid(generation.schema, document);
  const queryHash = createHash('sha256').update(text).digest('hex'); // as the server names a text
  for (const operation of document.definitions) {
    if (operation.kind !== Kind.OPERATION_DEFINITION) continue;
    const prepared = generation.operation({ document, operation, queryHash });
    for (const setting of settingsOf(switchNames(document, operation))) {
      await prepared.variantFor(setting);
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }
}

function refuseInvalid(schema: GraphQLSchema, document: ReturnType<typeof parse>): void {
  const [fault] = validate(schema, document);
  if (fault) throw fault;
}

/** Every way to set some switches. */
const settingsOf = (names: readonly string[]): Record<string, boolean>[] =>
  names.reduce<Record<string, boolean>[]>(
    (settings, name) =>
      settings.flatMap((setting) => [
        { ...setting, [name]: true },
        { ...setting, [name]: false },
      ]),
    [{}],
  );
