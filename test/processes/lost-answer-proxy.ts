import { createServer, connect, type Socket } from 'node:net';

/** A TCP proxy in front of the database that can lose the answer to a commit. */
export interface LostAnswerProxy {
  readonly port: number;
  /**
   * The next commit of a transaction that wrote into the collection goes through; its answer does not. Resolves at that
   * moment. Commits of others, who seal the journal meanwhile, are left alone.
   */
  loseNextCommitAnswer(collection: string): Promise<void>;
  close(): Promise<void>;
}

/** Forwards to a database port on loopback. */
export async function lostAnswerProxy(databasePort: number): Promise<LostAnswerProxy> {
  let losing: { readonly collection: string; readonly lost: () => void } | undefined;
  const writers = new Set<string>();
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const database = connect(databasePort, '127.0.0.1');
    let commitSent = false;
    for (const socket of [client, database]) {
      sockets.add(socket);
      socket
        .on('error', () => {})
        .on('close', () => {
          sockets.delete(socket);
          client.destroy();
          database.destroy();
        });
    }
    client.on('data', (chunk) => {
      if (losing) {
        const session = sessionIn(chunk);
        const writes = chunk.includes('insert') && chunk.includes(losing.collection);
        if (session && writes) writers.add(session);
        if (session && writers.has(session) && chunk.includes('commitTransaction'))
          commitSent = true;
      }
      database.write(chunk);
    });
    database.on('data', (chunk) => {
      if (commitSent && losing) {
        const { lost } = losing;
        losing = undefined;
        writers.clear();
        client.destroy();
        lost();
        return;
      }
      client.write(chunk);
    });
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
  return {
    port,
    loseNextCommitAnswer: (collection) =>
      new Promise((resolve) => {
        losing = { collection, lost: resolve };
      }),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

// Where a command names its session: a document `lsid` whose `id` is a UUID of 16 bytes.
const LSID = Buffer.from('\u0003lsid\0');
const TO_UUID = LSID.length + 4 + 1 + 'id\0'.length + 4 + 1;

function sessionIn(chunk: Buffer): string | undefined {
  const at = chunk.indexOf(LSID);
  return at === -1 ? undefined : chunk.toString('hex', at + TO_UUID, at + TO_UUID + 16);
}
