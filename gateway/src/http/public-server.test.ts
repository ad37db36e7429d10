import { connect } from 'node:net';
import { Agent, get } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { listen } from '@7pay/graphql';
import { afterEach, describe, expect, it } from 'vitest';
import { CONNECTION_LIMITS, type PublicServer, publicServer } from './public-server.ts';

const QUICK = { ...CONNECTION_LIMITS, headersMs: 150, requestMs: 300, lookMs: 30, drainMs: 400 };
const open: PublicServer[] = [];
const agents: Agent[] = [];
afterEach(async () => {
  for (const agent of agents.splice(0)) agent.destroy();
  await Promise.all(open.splice(0).map(async (each) => each.server.listening && each.drain()));
});

/** A server whose answers take so many milliseconds. */
async function serving(milliseconds = 0) {
  const front = publicServer(async (request, response) => {
    try {
      for await (const _ of request); // the whole body
    } catch {
      return; // it never came
    }
    await wait(milliseconds);
    response.writeHead(200).end('done');
  }, QUICK);
  open.push(front);
  return { front, port: await listen(front.server, 0) };
}

/** Writes pieces with pauses between, and collects what is said until the connection ends. */
async function dripping(port: number, pieces: readonly string[], pauseMs: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let said = '';
  let ended = false;
  socket.on('data', (chunk: Buffer) => (said += chunk.toString()));
  socket.on('close', () => (ended = true));
  socket.on('error', () => {});
  for (const piece of pieces) {
    if (ended) break;
    socket.write(piece);
    await wait(pauseMs);
  }
  while (!ended) await wait(10);
  return said;
}

const ask = (port: number, agent?: Agent) =>
  new Promise<{ status: number; connection: string | undefined }>((resolve, reject) => {
    get({ host: '127.0.0.1', port, ...(agent ? { agent } : {}) }, (response) => {
      response.resume().on('end', () => {
        resolve({ status: response.statusCode ?? 0, connection: response.headers.connection });
      });
    }).on('error', reject);
  });

describe('a client that dawdles', () => {
  it('over its headers is cut off', async () => {
    const { port } = await serving();
    const pieces = [
      'POST / HTTP/1.1\r\n',
      ...Array.from({ length: 60 }, (_, n) => `x-${n}: y\r\n`),
    ];
    const said = await dripping(port, pieces, 30);
    expect(said).toMatch(/^HTTP\/1\.1 408 .*the request came too slowly/s);
  });

  it('over its body is cut off, while others are served', async () => {
    const { port } = await serving();
    const head = 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n';
    const slow = dripping(port, [head, ...'x'.repeat(60)], 30);
    expect((await ask(port)).status).toBe(200);
    expect(await slow).toMatch(/^(HTTP\/1\.1 408 .*)?$/s);
  });

  it('speaks no HTTP or has endless headers, and is told so in JSON', async () => {
    const { port } = await serving();
    expect(await dripping(port, ['hello\r\n\r\n'], 10)).toMatch(/400 .*this is no HTTP/s);
    const long = `GET / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`;
    expect(await dripping(port, [long], 10)).toMatch(/431 .*the headers are too long/s);
  });
});

describe('a server that stops', () => {
  it('finishes what is running, tells the connection to close and takes no new one', async () => {
    const { front, port } = await serving(150);
    const agent = new Agent({ keepAlive: true });
    agents.push(agent);
    const running = ask(port, agent);
    await wait(50);
    const stopped = front.drain();
    expect(front.draining).toBe(true);
    await expect(ask(port)).rejects.toThrow('ECONNREFUSED');
    expect(await running).toEqual({ status: 200, connection: 'close' });
    await stopped;
  });

  it('does not wait for connections that are idle', async () => {
    const { front, port } = await serving();
    const agent = new Agent({ keepAlive: true });
    agents.push(agent);
    expect(await ask(port, agent)).toEqual({ status: 200, connection: 'keep-alive' });
    const start = performance.now();
    await front.drain();
    expect(performance.now() - start).toBeLessThan(300);
  });

  it('cuts off what does not end in time', async () => {
    const { front, port } = await serving(5_000);
    const running = ask(port);
    running.catch(() => {});
    await wait(50);
    await front.drain();
    await expect(running).rejects.toThrow(/socket hang up|ECONNRESET/);
  });
});
