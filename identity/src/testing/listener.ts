import type { IncomingHttpHeaders } from 'node:http';
import { listen } from './running-identity.ts';

/** A server of a client: keeps what it heard, and answers as told (200 unless told otherwise). */
export async function aListener() {
  const heard: { path: string; headers: IncomingHttpHeaders; body: string }[] = [];
  const answers: number[] = [];
  const { url, server } = await listen((request, response) => {
    let body = '';
    request
      .on('data', (chunk: Buffer) => (body += chunk.toString()))
      .on('end', () => {
        heard.push({ path: request.url ?? '', headers: request.headers, body });
        const status = answers.shift() ?? 200;
        response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end();
      });
  });
  return {
    url,
    heard,
    /** The next answers, in this order. */
    answer: (...statuses: number[]) => void answers.push(...statuses),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
