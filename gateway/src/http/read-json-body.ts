import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { isJsonBody } from './media-type.ts';
import { faultOfJson, scanJson } from './json-faults.ts';

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

/** What a body may have at most. Members of the request itself, some ten, count with its variables. */
export interface BodyLimits {
  readonly bodyBytes: number;
  readonly variableValues: number;
}

/** Reads a JSON object in UTF-8. @throws BodyFault */
export async function readJsonBody(
  request: IncomingMessage,
  { bodyBytes, variableValues }: BodyLimits,
): Promise<Readonly<Record<string, unknown>>> {
  if (!isJsonBody(request.headers['content-type'])) {
    throw new BodyFault(415, 'BAD_REQUEST', 'content-type: application/json in UTF-8 is expected');
  }
  if ((request.headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
    throw new BodyFault(415, 'BAD_REQUEST', 'content-encoding: none is expected');
  }
  return asObject(asText(await readBytes(request, bodyBytes)), variableValues);
}

function readBytes(request: IncomingMessage, most: number): Promise<Buffer> {
  const tooLarge = () =>
    new BodyFault(413, 'PAYLOAD_TOO_LARGE', `at most ${most} bytes are allowed`);
  if (Number(request.headers['content-length'] ?? 0) > most) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= most) return;
      request.off('data', take).pause();
      reject(tooLarge());
    };
    const gone = () => reject(new Error('the sender has gone'));
    request.on('data', take).once('error', reject).once('close', gone);
    request.once('end', () => {
      request.off('close', gone);
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
    });
  });
}

const BYTE_ORDER_MARK = 0xfeff;

function asText(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw bad('the body is not UTF-8');
  const text = bytes.toString();
  return text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
}

function asObject(text: string, mostValues: number): Readonly<Record<string, unknown>> {
  const scanned = scanJson(text, mostValues);
  if (scanned.fault !== undefined) throw bad(scanned.fault);
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
  const fault = faultOfJson(scanned, body);
  if (fault !== undefined) throw bad(fault);
  return body as Readonly<Record<string, unknown>>;
}
