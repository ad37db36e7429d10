import { BodyFault } from './read-json-body.ts';

/** What a client asks, as it was sent: each part has the right shape, and nothing has been looked at yet. */
export interface AskedOperation {
  readonly query?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  /** SHA-256 of a registered document, in hex: `documentId` or `extensions.persistedQuery.sha256Hash`. */
  readonly documentId?: string;
}

const SHA256 = /^(?:sha256:)?([0-9a-f]{64})$/i;

/** Reads the parameters of a request (GraphQL over HTTP, "Request Parameters"). @throws BodyFault with status 400 */
export function askedOperation(body: Readonly<Record<string, unknown>>): AskedOperation {
  const query = read(body, 'query', isText);
  const variables = read(body, 'variables', isMap);
  const operationName = read(body, 'operationName', isText);
  const persisted = read(read(body, 'extensions', isMap) ?? {}, 'persistedQuery', isMap);
  const given = read(body, 'documentId', isText) ?? read(persisted ?? {}, 'sha256Hash', isText);
  const documentId = given === undefined ? undefined : SHA256.exec(given)?.[1]?.toLowerCase();
  if (given !== undefined && documentId === undefined)
    throw wrong('documentId', 'a SHA-256 in hex');
  if (!query && documentId === undefined) throw wrong('query', 'a document');
  return {
    ...(query ? { query } : {}),
    ...(variables ? { variables } : {}),
    ...(operationName ? { operationName } : {}),
    ...(documentId === undefined ? {} : { documentId }),
  };
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function read<Value>(
  from: Readonly<Record<string, unknown>>,
  name: string,
  is: (value: unknown) => value is Value,
): Value | undefined {
  const value = Object.hasOwn(from, name) ? from[name] : undefined;
  if (value === undefined || value === null) return undefined;
  if (!is(value)) throw wrong(name, is === (isText as unknown) ? 'a text' : 'a JSON object');
  return value;
}

const wrong = (name: string, expected: string) =>
  new BodyFault(400, 'BAD_REQUEST', `${name}: ${expected} is expected`);
