import { defineModel, isDuplicateKey } from '@7pay/mongo';
import { type Connection, Schema } from 'mongoose';
import { signingKey, type SigningKey } from '../settings.ts';
import { seal, unseal } from './seal.ts';
import type { KeptKey } from './signing-key.ts';

interface SigningKeyDocument {
  _id: string;
  sealed: string;
  signsFrom: Date;
  publishedUntil: Date | null;
  compromised: boolean;
}

const schema = new Schema<SigningKeyDocument>(
  {
    _id: { type: String, required: true },
    sealed: { type: String, required: true },
    signsFrom: { type: Date, required: true },
    publishedUntil: { type: Date, default: null },
    compromised: { type: Boolean, required: true },
  },
  { versionKey: false },
);

export const signingKeyModel = (connection: Connection) =>
  defineModel(connection, 'identity_signingKey', schema);

export interface SigningKeyStore {
  /** @throws Error naming the setting when one was sealed by another secret */
  all(): Promise<KeptKey[]>;
  /** Adds a key; one that is there already stays as it is. */
  add(kept: KeptKey): Promise<void>;
  retire(kid: string, publishedUntil: Date): Promise<void>;
  /** False when there is no such key. */
  markCompromised(kid: string): Promise<boolean>;
}

/** The signing keys in the database, each sealed by the secret of the settings. */
export function openSigningKeyStore(connection: Connection, secret: string): SigningKeyStore {
  const keys = signingKeyModel(connection);
  const toKept = ({
    sealed,
    signsFrom,
    publishedUntil,
    compromised,
  }: SigningKeyDocument): KeptKey => ({
    key: signingKey.parse(JSON.parse(opened(sealed, secret))) satisfies SigningKey,
    signsFrom,
    publishedUntil: publishedUntil ?? null,
    compromised,
  });
  return {
    all: async () => (await keys.find().lean()).map(toKept),
    add: async ({ key, ...life }) => {
      const sealed = seal(JSON.stringify(key), secret, 'signing-key');
      await keys.create([{ _id: key.kid, sealed, ...life }]).catch((error: unknown) => {
        if (!isDuplicateKey(error)) throw error;
      });
    },
    retire: async (kid, publishedUntil) => {
      await keys.updateOne({ _id: kid, publishedUntil: null }, { $set: { publishedUntil } });
    },
    markCompromised: async (kid) => {
      const { matchedCount } = await keys.updateOne({ _id: kid }, { $set: { compromised: true } });
      return matchedCount === 1;
    },
  };
}

function opened(sealed: string, secret: string): string {
  try {
    return unseal(sealed, [secret], 'signing-key');
  } catch (cause) {
    throw new Error(
      'The signing keys in the database were sealed with another IDENTITY_KEY_SECRET than this one (`credentials` in secrets.json of a data folder). Start with that one.',
      { cause },
    );
  }
}
