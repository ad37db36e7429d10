import { type Refused, refuse } from '@7pay/refusals';

/** Who asks for passkeys (WebAuthn): the domain they belong to, and the only origin that may use them. */
export interface RelyingParty {
  readonly rpId: string;
  readonly origin: string;
  readonly name: string;
}

/** How long a person has to answer the authenticator. */
export const CEREMONY_SECONDS = 10 * 60;

const ANSWER_LENGTH_MAX = 16_000;

/** Reads a credential as the browser's script sends it. Its signature is checked elsewhere. */
export function readCredential<Credential extends { id: string }>(
  text: string,
): Credential | Refused<'PASSKEY_NOT_ACCEPTED'> {
  if (text.length > ANSWER_LENGTH_MAX) return refuse('PASSKEY_NOT_ACCEPTED');
  try {
    const value: unknown = JSON.parse(text);
    const shaped =
      typeof value === 'object' &&
      value !== null &&
      'id' in value &&
      typeof value.id === 'string' &&
      'response' in value &&
      typeof value.response === 'object';
    return shaped ? (value as unknown as Credential) : refuse('PASSKEY_NOT_ACCEPTED');
  } catch {
    return refuse('PASSKEY_NOT_ACCEPTED');
  }
}
