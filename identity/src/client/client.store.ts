import { defineModel } from '@7pay/mongo';
import type { Clock } from '@7pay/time';
import { type Connection, Schema } from 'mongoose';
import type { Adapter } from 'oidc-provider';
import type { StoredClient } from './client.ts';

export interface ClientStore {
  /** Adds a client, or replaces it whole. */
  put(client: StoredClient): Promise<void>;
  find(clientId: string): Promise<StoredClient | undefined>;
  /** The library's storage contract for clients, with a small cache: it asks at every request. */
  readonly adapter: Adapter;
}

interface ClientDocument {
  _id: string;
  metadata: string;
}

const schema = new Schema<ClientDocument>(
  { _id: { type: String, required: true }, metadata: { type: String, required: true } },
  { versionKey: false },
);

export const clientModel = (connection: Connection) =>
  defineModel(connection, 'identity_client', schema);

// Another process may replace a client: ours is at most this old.
const CACHE_MS = 2_000;
const CACHED_MAX = 500;

/** The clients in the database. */
export function openClientStore(connection: Connection, clock: Clock): ClientStore {
  const clients = clientModel(connection);
  const cached = new Map<string, { client: StoredClient; until: number }>();

  const find = async (clientId: string): Promise<StoredClient | undefined> => {
    const now = clock.now().getTime();
    const hit = cached.get(clientId);
    if (hit && hit.until > now) return hit.client;
    const row = await clients.findById(clientId).lean();
    cached.delete(clientId);
    if (!row) return undefined;
    const client = JSON.parse(row.metadata) as StoredClient;
    const [oldest] = cached.keys();
    if (cached.size >= CACHED_MAX && oldest !== undefined) cached.delete(oldest);
    cached.set(clientId, { client, until: now + CACHE_MS });
    return client;
  };

  const refused = () => Promise.reject(new Error('clients are registered by settings and events'));
  return {
    put: async (client) => {
      const metadata = JSON.stringify(client);
      await clients.updateOne({ _id: client.client_id }, { $set: { metadata } }, { upsert: true });
      cached.delete(client.client_id);
    },
    find,
    adapter: {
      find: async (id) => find(id),
      upsert: refused,
      destroy: refused,
      consume: refused,
      revokeByGrantId: refused,
      findByUid: async () => undefined,
      findByUserCode: async () => undefined,
    },
  };
}
