import { createServer, request, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** A server on a free loopback port. */
export async function serve(
  listener: RequestListener,
): Promise<{ url: string; port: number; stop(): Promise<void> }> {
  const server = createServer(listener);
  server.keepAliveTimeout = 65_000; // longer than any client of ours keeps a line that is not used
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Sends a request just as it is written: fetch would tidy the path up first. */
export function send(
  port: number,
  path: string,
  options: {
    method?: string;
    headers?: Record<string, string>;
    /** Sent piece by piece, without a content-length. */
    chunks?: readonly string[];
  } = {},
): Promise<RawAnswer> {
  const { method = 'GET', headers = {}, chunks = [] } = options;
  return new Promise((resolve, reject) => {
    const out = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString('latin1');
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
      response.on('error', reject);
    });
    out.on('error', reject);
    for (const chunk of chunks) out.write(chunk);
    out.end();
  });
}
