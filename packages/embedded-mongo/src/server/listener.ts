import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Connection, type ServerState } from './connection.ts';

/** The port is in use by somebody else. */
export class AddressInUse extends Error {}

const MAX_CONNECTIONS = 2000;

/** A server that listens on loopback, and nowhere else. */
export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Listens on 127.0.0.1.
 * @param port 0 takes a free one
 * @throws AddressInUse
 */
export function listen(state: ServerState, port: number): Promise<Listener> {
  const sockets = new Set<Socket>();
  let count = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    if (sockets.size >= MAX_CONNECTIONS) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    void new Connection(state, socket, ++count);
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new AddressInUse(`port ${port} is in use`, { cause: error })
          : error,
      ),
    );
    server.listen(port, '127.0.0.1', () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () => close(server, sockets),
      });
    });
  });
}

function close(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  for (const socket of sockets) socket.destroy();
  return new Promise((resolve) => server.close(() => resolve()));
}
