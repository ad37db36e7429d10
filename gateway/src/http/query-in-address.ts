import { type DocumentNode, Kind, OperationTypeNode, parse } from 'graphql';
import { BodyFault } from './read-json-body.ts';

const PARAMETERS = ['query', 'operationName', 'documentId'] as const;
const JSON_PARAMETERS = ['variables', 'extensions'] as const;

/**
 * The parameters of a GET request, as a body would have them (GraphQL over HTTP, "GET"). Only for audits: see
 * docs/adr/0018-gateway-protection.md. @throws BodyFault: 405 for anything but queries, 400 for what is no JSON
 */
export function queryInAddress(url: string): Readonly<Record<string, unknown>> {
  const { searchParams } = new URL(url, 'http://localhost');
  const body: Record<string, unknown> = {};
  for (const name of PARAMETERS) {
    const value = searchParams.get(name);
    if (value !== null) body[name] = value;
  }
  for (const name of JSON_PARAMETERS) {
    const value = searchParams.get(name);
    if (value !== null) body[name] = readJson(name, value);
  }
  if (!asksOnly(String(body['query'] ?? ''))) {
    throw new BodyFault(405, 'BAD_REQUEST', 'only queries may be asked for by GET');
  }
  return body;
}

function readJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BodyFault(400, 'BAD_REQUEST', `${name}: JSON is expected`);
  }
}

/** Whether every operation is a query. What cannot be read has none: the server says so. */
function asksOnly(text: string): boolean {
  let document: DocumentNode;
  try {
    document = parse(text, { noLocation: true });
  } catch {
    return true;
  }
  return document.definitions.every(
    (each) => each.kind !== Kind.OPERATION_DEFINITION || each.operation === OperationTypeNode.QUERY,
  );
}
