import { randomUUID } from 'node:crypto';

/** A new id for one request; shown to people as the reference number of an error. */
export const newRequestId = (): string => randomUUID();

/** Whether an id that came with a request may be kept: short and of harmless characters. */
export const isRequestId = (text: string | undefined): text is string =>
  text !== undefined && /^[\w-]{8,64}$/.test(text);
