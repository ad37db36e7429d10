/** A paired terminal as this browser keeps it. The private key cannot leave the browser, by its making. */
export interface PairedTerminal {
  readonly clientId: string;
  readonly key: CryptoKey;
}

/** Where the pairing lives. IndexedDB, because it keeps a CryptoKey without ever showing its bytes. */
export interface TerminalStore {
  read(): Promise<PairedTerminal | null>;
  write(terminal: PairedTerminal): Promise<void>;
  forget(): Promise<void>;
}

const table = 'terminal';
const row = 'paired';

/** Opens the store. @throws DOMException when the browser keeps no data, as in some private windows. */
export function terminalStore(databases: IDBFactory): TerminalStore {
  const open = () => {
    const request = databases.open('7pay-pos', 1);
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
      (await run('readonly', (rows) => rows.get(row) as IDBRequest<PairedTerminal | undefined>)) ??
      null,
    write: async (terminal) => void (await run('readwrite', (rows) => rows.put(terminal, row))),
    forget: async () => void (await run('readwrite', (rows) => rows.delete(row))),
  };
}

function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the store of the browser failed'));
  });
}

/** The key of a terminal: ES256, whose private half cannot be exported, and the public half to register. */
export async function makeTerminalKey(): Promise<{ key: CryptoKey; x: string; y: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, false, ['sign']);
  const { x, y } = await crypto.subtle.exportKey('jwk', publicKey);
  if (!x || !y) throw new Error('the browser made a key without coordinates');
  return { key: privateKey, x, y };
}
