import type { Clock } from '@7pay/time';
import { type Connection, Schema } from 'mongoose';
import { defineModel, isDuplicateKey } from '@7pay/mongo';
import { type Adapter, errors } from 'oidc-provider';
import type { StoredClient } from './client.ts';
import { REGISTERED_MAX } from './registration.ts';

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
  /** It came by dynamic registration; the others came by settings and events, and registration never touches them. */
  registered?: boolean;
}

const schema = new Schema<ClientDocument>(
  {
    _id: { type: String, required: true },
    metadata: { type: String, required: true },
    registered: Boolean,
  },
  { versionKey: false },
);
schema.index({ registered: 1 }, { sparse: true });

export const clientModel = (connection: Connection) =>
  defineModel(connection, 'identity_client', schema);

// Another process may replace a client: ours is at most this old.
const CACHE_MS = 2_000;
const CACHED_MAX = 500;

/** The clients in the database. */
export function openClientStore(
  connection: Connection,
  clock: Clock,
  judgeRegistered: (client: StoredClient) => void = () => {
    throw new errors.InvalidClientMetadata('clients are registered by settings and events');
  },
): ClientStore {
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

  const register = async (client: StoredClient): Promise<void> => {
    judgeRegistered(client);
    const _id = client.client_id;
    const known = await clients.findOne({ _id, registered: true }, { _id: 1 }).lean();
    if (!known && (await clients.countDocuments({ registered: true })) >= REGISTERED_MAX) {
      throw new errors.InvalidClientMetadata('no more clients are registered at the moment');
    }
    const metadata = JSON.stringify(client);
    try {
      await clients.updateOne({ _id, registered: true }, { $set: { metadata } }, { upsert: true });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      throw new errors.InvalidClientMetadata('this client is not a registered one');
    }
    cached.delete(_id);
  };
  const nothing = async () => {};
  return {
    put: async (client) => {
      const metadata = JSON.stringify(client);
      await clients.updateOne({ _id: client.client_id }, { $set: { metadata } }, { upsert: true });
      cached.delete(client.client_id);
    },
    find,
    adapter: {
      find: async (id) => find(id),
      upsert: (_id, payload) => register(payload as unknown as StoredClient),
      destroy: async (id) => {
        await clients.deleteOne({ _id: id, registered: true });
        cached.delete(id);
      },
      consume: nothing,
      revokeByGrantId: nothing,
      findByUid: async () => undefined,
      findByUserCode: async () => undefined,
    },
  };
}
