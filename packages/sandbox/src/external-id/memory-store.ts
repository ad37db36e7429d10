import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';

interface Entry {
  payload: AdapterPayload;
  expiresAt: number;
}

const ENTRIES_MAX = 50_000;

/**
 * Storage in memory for one provider. In one process nothing runs between looking and marking, so consuming
 * needs no more than a look. What is over is swept out when the store grows.
 */
export function memoryStore(now: () => number): AdapterFactory {
  const entries = new Map<string, Entry>();

  const sweep = () => {
    for (const [key, { expiresAt }] of entries) {
      if (expiresAt <= now() || entries.size > ENTRIES_MAX) entries.delete(key);
    }
  };
  const live = (key: string) => {
    const entry = entries.get(key);
    return entry && entry.expiresAt > now() ? entry : undefined;
  };

  return (model): Adapter => {
    const keyOf = (id: string) => `${model}|${id}`;
    const search = (fits: (payload: AdapterPayload) => boolean) => {
      for (const [key, { payload }] of entries) {
        if (key.startsWith(`${model}|`) && live(key) && fits(payload)) return payload;
      }
      return undefined;
    };
    return {
      upsert: async (id, payload, expiresIn) => {
        if (entries.size >= ENTRIES_MAX) sweep();
        const expiresAt =
          expiresIn === undefined ? Number.MAX_SAFE_INTEGER : now() + expiresIn * 1_000;
        entries.set(keyOf(id), { payload, expiresAt });
      },
      find: async (id) => live(keyOf(id))?.payload,
      findByUid: async (uid) => search((payload) => payload.uid === uid),
      findByUserCode: async (userCode) => search((payload) => payload.userCode === userCode),
      consume: async (id) => {
        const entry = live(keyOf(id));
        if (entry) entry.payload = { ...entry.payload, consumed: Math.floor(now() / 1_000) };
      },
      destroy: async (id) => {
        entries.delete(keyOf(id));
      },
      revokeByGrantId: async (grantId) => {
        for (const [key, { payload }] of entries) {
          if (key.startsWith(`${model}|`) && payload.grantId === grantId) entries.delete(key);
        }
      },
    };
  };
}
