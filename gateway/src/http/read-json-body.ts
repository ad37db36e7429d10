import type { IncomingMessage } from 'node:http';

/** A body that cannot be read: too large, or not the JSON object that is expected. */
export class BodyFault extends Error {
  override readonly name = 'BodyFault';
  readonly status: number;
  readonly code: 'BAD_REQUEST' | 'PAYLOAD_TOO_LARGE';
  constructor(status: number, code: 'BAD_REQUEST' | 'PAYLOAD_TOO_LARGE', message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Reads a JSON object of at most so many bytes. @throws BodyFault */
export async function readJsonBody(request: IncomingMessage, most: number): Promise<object> {
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/(graphql\+)?json\s*(;|$)/i.test(type)) {
    throw new BodyFault(415, 'BAD_REQUEST', 'content-type: application/json is expected');
  }
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
  let body: unknown;
  try {
    body = JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    throw new BodyFault(400, 'BAD_REQUEST', 'the body is not JSON');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new BodyFault(400, 'BAD_REQUEST', 'a JSON object is expected');
  }
  return body;
}
