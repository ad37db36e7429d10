import { createServer, connect, type Socket } from 'node:net';

/** A TCP proxy in front of the database that can lose the answer to a commit. */
export interface LostAnswerProxy {
  readonly port: number;
  /** The next commit goes through; its answer does not. Resolves at that moment. */
  loseNextCommitAnswer(): Promise<void>;
  close(): Promise<void>;
}

/** Forwards to a database port on loopback. */
export async function lostAnswerProxy(databasePort: number): Promise<LostAnswerProxy> {
  let lose: (() => void) | undefined;
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
      if (lose && chunk.includes('commitTransaction')) commitSent = true;
      database.write(chunk);
    });
    database.on('data', (chunk) => {
      if (commitSent && lose) {
        const lost = lose;
        lose = undefined;
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
    loseNextCommitAnswer: () =>
      new Promise((resolve) => {
        lose = resolve;
      }),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
