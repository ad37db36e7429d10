import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startProcesses } from './start-processes.ts';

const SERVES = `
require('node:http').createServer((request, response) => {
  if (request.url === '/pid') return response.end(String(process.pid));
  response.writeHead(process.connected ? 200 : 503).end();
}).listen(process.env.PORT, '127.0.0.1');
process.on('disconnect', () => process.exit());`;

let folder: string;
let foreign: Server;
let foreignPort: number;
let freePort: number;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), '7pay-services-'));
  const closed = createServer();
  freePort = await portOf(closed);
  await new Promise((resolve) => closed.close(resolve));
  foreign = createServer((_, response) => void response.end());
  foreignPort = await portOf(foreign);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  foreign.closeAllConnections();
  foreign.close();
});

const portOf = (server: Server) =>
  new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
/** Starts services that are these scripts. */
const start = (services: Record<string, { readonly script: string; readonly port: number }>) => {
  for (const [name, { script }] of Object.entries(services))
    writeFileSync(path.join(folder, `${name}.js`), script);
  const environments = Object.entries(services).map(
    ([name, { port }]) => [name, { PORT: String(port) }] as const,
  );
  return startProcesses(new Map(environments), folder);
};
const answers = (port: number) =>
  fetch(`http://127.0.0.1:${port}/health`).then(
    ({ ok }) => ok,
    () => false,
  );

describe('services that are started, each a process of its own', () => {
  it('hold a channel to the starter, by which they know that it has ended', async () => {
    const processes = await start({ wallet: { script: SERVES, port: freePort } }); // healthy by it alone
    const pid = await (await fetch(`http://127.0.0.1:${freePort}/pid`)).text();
    expect([...processes.pids]).toEqual([['wallet', Number(pid)]]);
    await processes.stop();
    expect(await answers(freePort)).toBe(false);
  });

  it('are not taken for others that answer at their ports: none is started, and the port is named', async () => {
    const services = {
      wallet: { script: SERVES, port: freePort },
      points: { script: SERVES, port: foreignPort },
    };
    const taken = `points: Port ${foreignPort} is taken. Set SUBGRAPH_PORT to another one`;
    await expect(start(services)).rejects.toThrow(taken);
    expect(await answers(freePort)).toBe(false);
  });

  it('are not taken for others either when they are started again', async () => {
    const processes = await start({ gateway: { script: SERVES, port: freePort } });
    await processes.kill('gateway');
    const squatter = createServer((_, response) => void response.end());
    await new Promise<void>((resolve) => squatter.listen(freePort, '127.0.0.1', resolve));
    const taken = `gateway: Port ${freePort} is taken. Set PORT to another one`;
    await expect(processes.restart('gateway')).rejects.toThrow(taken);
    squatter.closeAllConnections();
    await new Promise((resolve) => squatter.close(resolve));
    await processes.restart('gateway');
    await processes.stop();
  });

  it.each([
    [
      'process.stderr.write("no such secret"); process.exitCode = 3',
      /wallet ended with 3:\n.*no such/,
    ],
    ['process.kill(process.pid, "SIGKILL")', /wallet ended with SIGKILL/],
  ])('are waited for no longer when they have ended: %s', async (script, says) => {
    const started = start({ wallet: { script, port: freePort } });
    await expect(started).rejects.toThrow(says);
  });
});
