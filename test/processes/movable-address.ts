import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** An address in front of a service that can be moved to another instance of it, as a load balancer does. */
export interface MovableAddress {
  readonly port: number;
  /** New connections go there; those that are open stay where they are. */
  moveTo(port: number): void;
  close(): Promise<void>;
}

export async function movableAddress(): Promise<MovableAddress> {
  let target = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const service = connect(target, '127.0.0.1');
    for (const [socket, other] of [
      [client, service],
      [service, client],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay();
      socket.on('error', () => other.destroy());
      socket.once('close', () => {
        sockets.delete(socket);
        other.end();
      });
      socket.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    moveTo: (port) => {
      target = port;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
