import { randomUUID } from 'node:crypto';
import { withoutSecrets } from './redact.ts';

/** A new id for one request; shown to people as the reference number of an error. */
export const newRequestId = (): string => randomUUID();

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Whether an id that came with a request may be kept: short, of harmless characters, and no number of a card or a phone. */
export const isRequestId = (text: string | undefined): text is string =>
  text !== undefined &&
  /^[\w-]{8,64}$/.test(text) &&
  (UUID.test(text) || withoutSecrets(text) === text);
