import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type Refused, refuse, declareRefusals } from '@7pay/refusals';

declareRefusals('identity/interaction/form', {
  FORM_NOT_ACCEPTED: {
    ja: 'この画面の有効期限が切れました。アプリからもう一度お試しください。',
    en: 'This page is no longer valid. Please go back to the app and try again.',
  },
});

const BODY_BYTES_MAX = 32_000; // a passkey's answer is a few thousand

/** The token that a form of this interaction carries: nobody else's page can know it. */
export const formToken = (keys: readonly string[], uid: string): string =>
  createHmac('sha256', keys[0] ?? '')
    .update(`form|${uid}`)
    .digest('base64url');

/** The fields of a form; nothing when there are more bytes than a form of ours has. */
export async function readFields(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

/**
 * Reads a form that was posted to an interaction. Refuses what does not come from its own page: another
 * origin, a missing or foreign token, another kind of body, or more bytes than a form of ours has.
 */
export async function readForm(
  request: IncomingMessage,
  expected: { origin: string; keys: readonly string[]; uid: string },
): Promise<URLSearchParams | Refused<'FORM_NOT_ACCEPTED'>> {
  const { origin, 'content-type': type = '', 'sec-fetch-site': site } = request.headers;
  const foreign =
    (origin !== undefined && origin !== expected.origin) ||
    (site !== undefined && site !== 'same-origin');
  if (foreign || !type.startsWith('application/x-www-form-urlencoded')) {
    return refuse('FORM_NOT_ACCEPTED');
  }
  const form = await readFields(request);
  if (!form) return refuse('FORM_NOT_ACCEPTED');
  const given = Buffer.from(form.get('form') ?? '');
  const fits = expected.keys.some((key) => {
    const token = Buffer.from(formToken([key], expected.uid));
    return token.length === given.length && timingSafeEqual(token, given);
  });
  return fits ? form : refuse('FORM_NOT_ACCEPTED');
}
