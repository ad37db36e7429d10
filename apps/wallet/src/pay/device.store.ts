/** What this browser keeps of its device. No key in it can be read out, by its making. */
export interface KeptDevice {
  /** The own key and its public half; sent again after a lost answer it is the same device. */
  readonly key: CryptoKey;
  readonly x: string;
  readonly y: string;
  /** Null until the platform has answered. */
  readonly registered: { readonly id: string; readonly agreed: CryptoKey } | null;
  /** Handles that were not shown yet, oldest first. */
  readonly handles: readonly string[];
  /** How far the clock of the platform is ahead of this one, in milliseconds. */
  readonly aheadMs: number;
}

/** Where the device lives. IndexedDB, because it keeps a CryptoKey without ever showing its bytes. */
export interface DeviceStore {
  read(): Promise<KeptDevice | null>;
  write(device: KeptDevice): Promise<void>;
  forget(): Promise<void>;
}

const table = 'device';
const row = 'own';

/** Opens the store. Its promises fail when the browser keeps no data, as in some private windows. */
export function deviceStore(databases: IDBFactory): DeviceStore {
  const open = () => {
    const request = databases.open('7pay-wallet', 1);
    request.onupgradeneeded = () => request.result.createObjectStore(table);
    return settled(request);
  };
  const run = async <Result>(
    mode: IDBTransactionMode,
    act: (rows: IDBObjectStore) => IDBRequest<Result>,
  ): Promise<Result> => {
    const database = await open();
    try {
      return await settled(act(database.transaction(table, mode).objectStore(table)));
    } finally {
      database.close();
    }
  };
  return {
    read: async () =>
      (await run('readonly', (rows) => rows.get(row) as IDBRequest<KeptDevice | undefined>)) ??
      null,
    write: async (device) => void (await run('readwrite', (rows) => rows.put(device, row))),
    forget: async () => void (await run('readwrite', (rows) => rows.delete(row))),
  };
}

function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the store of the browser failed'));
  });
}
