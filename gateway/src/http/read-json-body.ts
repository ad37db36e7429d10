import type { IncomingMessage } from 'node:http';
import { isJsonBody } from './media-type.ts';
import { hasRepeatedKey } from './repeated-keys.ts';

type FaultCode = 'BAD_REQUEST' | 'PAYLOAD_TOO_LARGE' | 'BATCH_NOT_ALLOWED';

/** A body that cannot be read: too large, or not the JSON object that is expected. */
export class BodyFault extends Error {
  override readonly name = 'BodyFault';
  readonly status: number;
  readonly code: FaultCode;
  constructor(status: number, code: FaultCode, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const bad = (message: string) => new BodyFault(400, 'BAD_REQUEST', message);

/** Reads a JSON object of at most so many bytes, in UTF-8. @throws BodyFault */
export async function readJsonBody(
  request: IncomingMessage,
  most: number,
): Promise<Readonly<Record<string, unknown>>> {
  if (!isJsonBody(request.headers['content-type'])) {
    throw new BodyFault(415, 'BAD_REQUEST', 'content-type: application/json in UTF-8 is expected');
  }
  if ((request.headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
    throw new BodyFault(415, 'BAD_REQUEST', 'content-encoding: none is expected');
  }
  return asObject(asText(await readBytes(request, most)));
}

async function readBytes(request: IncomingMessage, most: number): Promise<Buffer> {
  const tooLarge = () =>
    new BodyFault(413, 'PAYLOAD_TOO_LARGE', `at most ${most} bytes are allowed`);
  if (Number(request.headers['content-length'] ?? 0) > most) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function asText(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw bad('the body is not UTF-8');
  }
}

function asObject(text: string): Readonly<Record<string, unknown>> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw bad('the body is not JSON');
  }
  if (Array.isArray(body)) {
    throw new BodyFault(400, 'BATCH_NOT_ALLOWED', 'one operation at a time is expected');
  }
  if (typeof body !== 'object' || body === null) throw bad('a JSON object is expected');
  if (hasRepeatedKey(text)) throw bad('a key stands twice in the body');
  return body as Readonly<Record<string, unknown>>;
}
