/** One thing that a browser keeps. IndexedDB, because it keeps a CryptoKey without ever showing its bytes. */
export interface BrowserRow<Value> {
  read(): Promise<Value | null>;
  write(value: Value): Promise<void>;
  /** Keeps it if nothing is kept yet; what is kept afterwards. */
  add(value: Value): Promise<Value>;
  forget(): Promise<void>;
}

/** Opens it. Its promises fail when the browser keeps no data, as in some private windows. */
export function browserRow<Value>(
  databases: IDBFactory,
  place: { readonly database: string; readonly table: string; readonly row: string },
): BrowserRow<Value> {
  const { database: name, table, row } = place;
  const open = () => {
    const request = databases.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(table);
    return settled(request);
  };
  const run = async <Result>(
    mode: IDBTransactionMode,
    act: (rows: IDBObjectStore) => Promise<Result>,
  ): Promise<Result> => {
    const database = await open();
    try {
      return await act(database.transaction(table, mode).objectStore(table));
    } finally {
      database.close();
    }
  };
  const kept = async (rows: IDBObjectStore) =>
    (await settled(rows.get(row) as IDBRequest<Value | undefined>)) ?? null;
  return {
    read: () => run('readonly', kept),
    write: (value) => run('readwrite', async (rows) => void (await settled(rows.put(value, row)))),
    // Both in one transaction: two tabs that begin at once keep the same.
    add: (value) =>
      run('readwrite', async (rows) => {
        const earlier = await kept(rows);
        if (earlier === null) await settled(rows.put(value, row));
        return earlier ?? value;
      }),
    forget: () => run('readwrite', async (rows) => void (await settled(rows.delete(row)))),
  };
}

function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the store of the browser failed'));
  });
}
