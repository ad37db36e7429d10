import type { BusinessDate, Clock } from '@7pay/time';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import { defineModel, findRow, findRows, isDuplicateKey } from '@7pay/mongo';
import { type Adapter, errors } from 'oidc-provider';
import { seal, unseal } from '../keys/seal.ts';
import { asItMayAct } from './acting-client.ts';
import type { StoredClient } from './client.ts';
import type { ClientOrigin, ClientProposal, ClientStanding } from './client-standing.ts';
import type { ClientSecrets } from './client-secrets.ts';
import { readSecrets, type SecretsDocument, writeSecrets } from './client-secrets.store.ts';
import { REGISTERED_MAX } from './registration.ts';

/** What a client does that registered itself (RFC 7591, 7592). */
export type RegistrationStep = 'REGISTERED_ITSELF' | 'CHANGED_ITSELF' | 'REMOVED_ITSELF';

/** A client with how it stands. */
export interface KeptClient {
  readonly client: StoredClient;
  readonly standing: ClientStanding;
  readonly secrets: ClientSecrets;
}

export interface ClientStore {
  /** Adds a client that needs nobody's approval, or replaces it whole; how it stands stays. */
  put(client: StoredClient, origin: Extract<ClientOrigin, 'SETTINGS' | 'EVENT'>): Promise<void>;
  /** The client as it may act now: none while it is suspended, with redirect URIs of one's own machine while it is tested. */
  find(clientId: string): Promise<StoredClient | undefined>;
  /** The client as it is stored, whatever its state. */
  kept(clientId: string, session?: ClientSession): Promise<KeptClient | null>;
  /**
   * Adds one, or writes what was changed in it. One that is added takes a place among those of who registered it: two at once never
   * have one place, and the second runs again and counts the first.
   */
  keep(kept: KeptClient, session: ClientSession, place?: number): Promise<void>;
  /** By id; terminals only when they are asked for. */
  list(asked: {
    readonly limit: number;
    readonly after: string | null;
    readonly origins: readonly ClientOrigin[];
  }): Promise<{ rows: KeptClient[]; more: boolean }>;
  /** Those that a person registered, the oldest first. */
  registeredBy(memberId: string): Promise<KeptClient[]>;
  countRegisteredBy(memberId: string, session: ClientSession): Promise<number>;
  /** Notes the day on which one of the secrets was used, unless they are other ones by now. */
  noteSecretUse(kept: KeptClient, which: 'CURRENT' | 'OLD', day: BusinessDate): Promise<void>;
  /** Has this process look again at once; the others do within {@link CACHE_MS}. */
  forget(clientId: string): void;
  /** The library's storage contract for clients, with a small cache: it asks at every request. */
  readonly adapter: Adapter;
}

interface ClientDocument {
  _id: string;
  metadata: string;
  /** The secret, sealed; apart, so that nothing else that is stored has it in it. */
  sealedSecret?: string;
  secrets?: SecretsDocument;
  /** It came by dynamic registration; the others never are touched by it. */
  registered?: boolean;
  origin?: ClientOrigin;
  /** False while it is tested. */
  approved?: boolean;
  suspended?: { by: string; at: Date } | null;
  proposal?: ClientProposal | null;
  registeredBy?: string;
  registeredAt?: Date;
  /** 1, 2, 3 … of those that one person registered; none for those from before it was kept. */
  place?: number;
}

const mixed = { type: Schema.Types.Mixed };
const schema = new Schema<ClientDocument>(
  {
    _id: { type: String, required: true },
    metadata: { type: String, required: true },
    sealedSecret: String,
    secrets: mixed,
    registered: Boolean,
    origin: String,
    approved: Boolean,
    suspended: mixed,
    proposal: mixed,
    registeredBy: String,
    registeredAt: Date,
    place: Number,
  },
  { versionKey: false },
);
schema.index({ registered: 1 }, { sparse: true });
schema.index({ origin: 1, _id: 1 });
schema.index({ registeredBy: 1, registeredAt: 1 }, { sparse: true });
schema.index(
  { registeredBy: 1, place: 1 },
  { unique: true, partialFilterExpression: { place: { $gte: 1 } } },
);

export const clientModel = (connection: Connection) =>
  defineModel(connection, 'identity_client', schema);

/** Another process may replace a client: ours is at most this old, milliseconds. */
export const CACHE_MS = 2_000;
const CACHED_MAX = 500;
const OWNED_LISTED_MAX = 100;

/** The clients in the database. Secrets are sealed by the first of `secrets`; all of them open. */
export function openClientStore(
  connection: Connection,
  deps: {
    readonly clock: Clock;
    readonly secrets: readonly string[];
    /** The ids in this process's settings: another one that settings named once is no client. Without them all are. */
    readonly ofSettings?: ReadonlySet<string>;
    readonly judgeRegistered?: (client: StoredClient) => void;
    /** Told before a client registers itself, changes itself or goes. */
    readonly noteRegistered?: (clientId: string, step: RegistrationStep) => Promise<void>;
  },
): ClientStore {
  const { clock, secrets } = deps;
  const clients = clientModel(connection);
  const cached = new Map<string, { client: StoredClient | undefined; until: number }>();

  const sealOne = (secret: string) => seal(secret, secrets[0] ?? '', PURPOSE);
  const open = (text: string) => unseal(text, secrets, PURPOSE);
  const sealed = ({ client_secret: secret, ...client }: StoredClient) => ({
    metadata: JSON.stringify(client),
    ...(secret !== undefined && { sealedSecret: sealOne(secret) }),
  });
  const toKept = (row: ClientDocument): KeptClient => ({
    client: {
      ...(JSON.parse(row.metadata) as StoredClient),
      ...(row.sealedSecret !== undefined && { client_secret: open(row.sealedSecret) }),
    },
    standing: standingOf(row),
    secrets: readSecrets(row.secrets, open),
  });

  const kept = async (_id: string, session: ClientSession | null): Promise<KeptClient | null> => {
    const row = await findRow(clients, { _id }, session);
    const isGone = row?.origin === 'SETTINGS' && deps.ofSettings?.has(_id) === false;
    return row && !isGone ? toKept(row) : null;
  };

  const find = async (clientId: string): Promise<StoredClient | undefined> => {
    const now = clock.now().getTime();
    const hit = cached.get(clientId);
    if (hit && hit.until > now) return hit.client;
    const found = await kept(clientId, null);
    cached.delete(clientId);
    if (!found) return undefined;
    const client = asItMayAct(found);
    const [oldest] = cached.keys();
    if (cached.size >= CACHED_MAX && oldest !== undefined) cached.delete(oldest);
    cached.set(clientId, { client, until: now + CACHE_MS });
    return client;
  };

  const register = async (client: StoredClient): Promise<void> => {
    if (!deps.judgeRegistered) throw refused('clients are registered by settings and events');
    deps.judgeRegistered(client);
    const _id = client.client_id;
    const known = await clients.findOne({ _id, registered: true }, { _id: 1 }).lean();
    const count = () => clients.countDocuments({ registered: true });
    const full = () => refused('no more clients are registered now');
    if (!known && (await count()) >= REGISTERED_MAX) throw full();
    await deps.noteRegistered?.(_id, known ? 'CHANGED_ITSELF' : 'REGISTERED_ITSELF');
    const set = { ...sealed(client), origin: 'REGISTERED' as const };
    try {
      await clients.updateOne({ _id, registered: true }, { $set: set }, { upsert: true });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      throw refused('this client is not a registered one');
    }
    cached.delete(_id);
    // Of many at once the last ones see all the others by now: none stays that is too many.
    if (known || (await count()) <= REGISTERED_MAX) return;
    await deps.noteRegistered?.(_id, 'REMOVED_ITSELF');
    await clients.deleteOne({ _id, registered: true });
    throw full();
  };
  const nothing = async () => {};
  return {
    put: async (client, origin) => {
      const set = { ...sealed(client), origin };
      await clients.updateOne({ _id: client.client_id }, { $set: set }, { upsert: true });
      cached.delete(client.client_id);
    },
    find,
    kept: (clientId, session) => kept(clientId, session ?? null),
    keep: async ({ client, standing, secrets: own }, session, place) => {
      const { clientId: _id, registeredBy, registeredAt, ...rest } = standing;
      const born = {
        ...(registeredBy !== null && { registeredBy }),
        ...(registeredAt && { registeredAt }),
        ...(place !== undefined && { place }),
      };
      const set = { ...sealed(client), ...rest, ...born, secrets: writeSecrets(own, sealOne) };
      await clients.updateOne({ _id }, { $set: set }, { upsert: true, session });
    },
    list: async ({ limit, after, origins }) => {
      const filter = {
        origin: { $in: [...origins] },
        ...(deps.ofSettings && {
          $or: [{ origin: { $ne: 'SETTINGS' as const } }, { _id: { $in: [...deps.ofSettings] } }],
        }),
        ...(after !== null && { _id: { $gt: after } }),
      };
      const rows = await findRows(clients, filter, { sort: { _id: 1 }, limit: limit + 1 });
      return { rows: rows.slice(0, limit).map(toKept), more: rows.length > limit };
    },
    registeredBy: async (memberId) => {
      const reading = { sort: { registeredAt: 1 }, limit: OWNED_LISTED_MAX } as const;
      return (await findRows(clients, { registeredBy: memberId }, reading)).map(toKept);
    },
    countRegisteredBy: (memberId, session) =>
      clients.countDocuments({ registeredBy: memberId }).session(session),
    noteSecretUse: async ({ client: { client_id: _id }, secrets: { madeAt, old } }, which, day) => {
      if (which === 'OLD' && !old) return;
      const field = which === 'OLD' ? 'secrets.old.usedOn' : 'secrets.usedOn';
      const same = { _id, 'secrets.madeAt': madeAt, [field]: { $ne: day } };
      await clients.updateOne(same, { $set: { [field]: day } });
    },
    forget: (clientId) => void cached.delete(clientId),
    adapter: {
      find: async (id) => find(id),
      upsert: (_id, payload) => register(payload as unknown as StoredClient),
      destroy: async (id) => {
        await deps.noteRegistered?.(id, 'REMOVED_ITSELF');
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

const PURPOSE = 'client-secret';
const refused = (why: string) => new errors.InvalidClientMetadata(why);

const standingOf = (row: ClientDocument): ClientStanding => ({
  clientId: row._id,
  origin: row.origin ?? (row.registered ? 'REGISTERED' : 'SETTINGS'),
  approved: row.approved ?? true,
  suspended: row.suspended ?? null,
  proposal: row.proposal ?? null,
  registeredBy: row.registeredBy ?? null,
  registeredAt: row.registeredAt ?? null,
});
