import { createServer, type Server } from 'node:http';
import { followControls, type Controls } from '@7pay/controls';
import { eventFeed, openOutbox, type Outbox, startRelay } from '@7pay/events';
import { type IdSource, randomIds } from '@7pay/ids';
import { journalFeed } from '@7pay/ledger';
import { connect } from '@7pay/mongo';
import { createLog, type Log } from '@7pay/telemetry';
import { type Clock, systemClock } from '@7pay/time';
import type { Connection } from 'mongoose';
import type { Subgraph } from './define-subgraph.ts';
import { goOnAfterRejections } from './go-on.ts';
import { serveSubgraph } from './serve-subgraph.ts';
import type { ServiceSettings } from './service-settings.ts';

/** What every service is given, in one process or in many. */
export interface ServiceDeps {
  readonly connection: Connection;
  readonly controls: Controls;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
}

/** A service as a process of its own. */
export interface RunningService {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts the workers and consumers of a subgraph; returns how to stop them. */
export async function startSubgraph(
  subgraph: Subgraph,
  { connection, clock, log }: Pick<ServiceDeps, 'connection' | 'clock' | 'log'>,
): Promise<() => Promise<void>> {
  const relay =
    subgraph.consumers.length > 0
      ? await startRelay(connection, {
          group: subgraph.name,
          feeds: [eventFeed, journalFeed],
          consumers: subgraph.consumers,
          clock,
          log,
        })
      : undefined;
  for (const worker of subgraph.workers) worker.start();
  return async () => {
    await Promise.all([relay?.stop(), ...subgraph.workers.map((worker) => worker.stop())]);
  };
}

/** Runs one subgraph behind HTTP until stopped: database, switches, events, workers, server. */
export async function runService(
  settings: ServiceSettings,
  open: (deps: ServiceDeps) => Subgraph | Promise<Subgraph>,
): Promise<RunningService> {
  const log = createLog({ service: settings.name, level: settings.logLevel });
  goOnAfterRejections(log);
  const connection = await connect(settings.mongodbUri);
  const controls = await followControls(connection, { log });
  const clock = systemClock;
  const outbox = openOutbox(connection);
  const deps = { connection, controls, outbox, clock, ids: randomIds, log };
  const subgraph = await open(deps);
  const stopSubgraph = await startSubgraph(subgraph, deps);
  const server = createServer(serveSubgraph(subgraph, { key: settings.internalKey, clock, log }));
  const port = await listen(server, settings.port);
  log.info('service.listening', { service: settings.name, port });
  return {
    port,
    stop: async () => {
      await closeServer(server);
      await stopSubgraph();
      await controls.stop();
      await connection.close();
    },
  };
}

/** Listens on loopback; says which port is taken and by which setting to change it. */
export function listen(server: Server, port: number, setting = 'PORT'): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `Port ${port} is taken. Set ${setting} to another one, or end what listens there.`;
      reject(error.code === 'EADDRINUSE' ? new Error(taken, { cause: error }) : error);
    });
    // The gateway's pool closes idle sockets first, so that it never writes into a socket we just closed.
    server.keepAliveTimeout = 65_000;
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

/**
 * Takes no new connection, lets running requests finish, then closes. A client that goes on using an open connection
 * is answered and told to close it: it would be cut off in the middle of a request else.
 */
export const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.prependListener('request', (_request, response) => {
      response.shouldKeepAlive = false;
    });
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 2_000).unref();
  });
