import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** How long a connection may take. Source: docs/adr/0018-gateway-protection.md */
export interface ConnectionLimits {
  /** Milliseconds until all headers are there. */
  readonly headersMs: number;
  /** Milliseconds until the whole request is there. */
  readonly requestMs: number;
  /** Milliseconds that a connection may be silent between two requests. */
  readonly keepAliveMs: number;
  /** How often the first two are looked at, milliseconds. */
  readonly lookMs: number;
  readonly connections: number;
  /** Milliseconds for running requests when the server stops. */
  readonly drainMs: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  headersMs: 5_000,
  requestMs: 10_000,
  keepAliveMs: 65_000,
  lookMs: 1_000,
  connections: 10_000,
  drainMs: 6_000,
};

/** A server for the outside world, and how it stops. */
export interface PublicServer {
  readonly server: Server;
  /** Set as soon as it began to stop: whoever balances load should send no more. */
  readonly draining: boolean;
  /** Takes no new connection, lets running requests finish within the time, then closes. */
  drain(): Promise<void>;
}

/** Opens no port yet: `listen` does. Slow senders are cut off, and what is no HTTP is answered as JSON. */
export function publicServer(
  listener: RequestListener,
  limits: ConnectionLimits = CONNECTION_LIMITS,
): PublicServer {
  const running = new Set<ServerResponse>();
  let draining = false;
  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: limits.lookMs,
      maxHeaderSize: 16_384,
    },
    (request, response) => {
      running.add(response);
      if (draining) response.shouldKeepAlive = false;
      response.once('close', () => {
        running.delete(response);
        if (draining) server.closeIdleConnections();
      });
      listener(request, response);
    },
  );
  server.maxConnections = limits.connections;
  server.on('clientError', refuse);
  return {
    server,
    get draining() {
      return draining;
    },
    drain: () => {
      draining = true;
      for (const response of running) response.shouldKeepAlive = false;
      return new Promise((resolve) => {
        const cut = setTimeout(() => server.closeAllConnections(), limits.drainMs);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
        server.closeIdleConnections();
      });
    },
  };
}

const REFUSED: Readonly<Record<string, readonly [line: string, message: string] | undefined>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'the request came too slowly'],
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'the headers are too long'],
};

// Node has no response for a request that it could not read: it is written by hand.
function refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [line, message] = REFUSED[error.code ?? ''] ?? ['400 Bad Request', 'this is no HTTP'];
  const body = JSON.stringify({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
  socket.end(
    [
      `HTTP/1.1 ${line}`,
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
    () => socket.destroy(),
  );
}
