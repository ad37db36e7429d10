import { type ClientSecrets, FIRST_SECRET, type OldSecret } from './client-secrets.ts';

/** How the secrets stand in the document of a client: the old one lies under seal, as the one that counts does. */
export type SecretsDocument = Omit<ClientSecrets, 'old'> & {
  readonly old?: (Omit<OldSecret, 'secret'> & { readonly sealed: string }) | null;
};

export function readSecrets(
  kept: SecretsDocument | undefined,
  open: (sealed: string) => string,
): ClientSecrets {
  if (!kept?.old) return { ...FIRST_SECRET, ...kept, old: null };
  const { sealed, ...old } = kept.old;
  return { ...FIRST_SECRET, ...kept, old: { ...old, secret: open(sealed) } };
}

export function writeSecrets(
  { old, ...rest }: ClientSecrets,
  seal: (secret: string) => string,
): SecretsDocument {
  if (!old) return { ...rest, old };
  const { secret, ...told } = old;
  return { ...rest, old: { ...told, sealed: seal(secret) } };
}
