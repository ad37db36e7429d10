import { hash } from 'node:crypto';
import type { Viewer } from '@7pay/graphql';
import { GraphQLError } from 'graphql';
import type { AskedOperation } from '../http/asked-operation.ts';
import type { RegisteredDocument } from '../supergraph/registered-document.ts';

/** The documents that clients may send: client id → SHA-256 of the text in hex → the text. */
export type OperationsManifest = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The name of the terminals in a manifest: each has a client of its own. */
export const TERMINAL_CLIENTS = 'terminal';

/** The text of what is asked, or why it may not be asked. */
export type ResolveOperation = (
  asked: AskedOperation,
  viewer: Viewer,
) => { readonly query: string } | { readonly fault: GraphQLError; readonly document?: undefined };

/**
 * Finds registered documents by their digest. When `strict`, a caller may send nothing else, by digest or in full: a member what
 * its client has registered, somebody without a token what any client has. A client that has registered nothing may send
 * nothing. A terminal and a partner that pays as agreed are no public clients, each proves itself, and may send any document.
 */
export function registeredOperations(
  manifest: OperationsManifest,
  { strict }: { strict: boolean },
): ResolveOperation {
  const clients = new Map(
    Object.entries(manifest).map(([client, texts]) => [client, new Map(Object.entries(texts))]),
  );
  const all = new Map([...clients.values()].flatMap((texts) => [...texts]));
  const ofCaller = (viewer: Viewer): ReadonlyMap<string, string> => {
    if (!strict || viewer.kind !== 'member') return all;
    return clients.get(viewer.clientId ?? '') ?? NOTHING;
  };
  // A text that was sent in full is looked up as it is: its digest would tell no more and take longer.
  const texts = new Map(
    [...clients.values(), all, NOTHING].map((each) => [each, new Set(each.values())]),
  );
  const textsOf = (known: ReadonlyMap<string, string>) => texts.get(known) ?? new Set<string>();
  return ({ query, documentId }, viewer) => {
    const known = ofCaller(viewer);
    if (query === undefined) {
      const text = documentId === undefined ? undefined : known.get(documentId);
      return text === undefined ? notRegistered() : { query: text };
    }
    const isFree = !strict || viewer.kind === 'terminal' || viewer.kind === 'agreement';
    if (documentId !== undefined && documentId !== digestOf(query)) return notRegistered();
    return isFree || textsOf(known).has(query) ? { query } : notRegistered();
  };
}

/** The documents of a manifest, each once, named by their client and digest. */
export function documentsIn(manifest: OperationsManifest): readonly RegisteredDocument[] {
  const texts = new Map<string, RegisteredDocument>();
  for (const [client, documents] of Object.entries(manifest)) {
    for (const [digest, text] of Object.entries(documents)) {
      if (!texts.has(digest)) texts.set(digest, { name: `${client}/${digest.slice(0, 12)}`, text });
    }
  }
  return [...texts.values()];
}

const NOTHING: ReadonlyMap<string, string> = new Map();

/** The name of a document: SHA-256 of its text, in hex. */
export const digestOf = (text: string): string => hash('sha256', text, 'hex');

const notRegistered = () => ({
  fault: new GraphQLError('This operation is not registered for this client.', {
    extensions: { code: 'OPERATION_NOT_REGISTERED' },
  }),
});

/** Reads a manifest. @throws Error naming what is wrong, a digest that is not that of its text included */
export function readManifest(text: string): OperationsManifest {
  const manifest = JSON.parse(text) as OperationsManifest;
  for (const [client, texts] of Object.entries(manifest)) {
    for (const [digest, document] of Object.entries(texts)) {
      if (digestOf(document) === digest) continue;
      throw new Error(`operations manifest: ${client} ${digest} is not the digest of its document`);
    }
  }
  return manifest;
}
